"""A damaged tree, mended in memory: parents in a circle or pointing nowhere, ids given twice.

Nothing is thrown away and nothing is guessed: a message whose parent cannot be known becomes a
beginning of its own. Whoever shows the chat says so, and writes it only when asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

from core.conversation import Branch, Conversation, Message
from core.tree import unused_name

_Mended = tuple[Conversation, int]


def mended(chat: Conversation) -> Conversation:
    """The chat with a sound tree and the number of `repairs`; the very same one if it is sound."""
    steps: tuple[Callable[[Conversation], _Mended], ...] = (
        _double_ids, _lost_parents, _circles, _lost_leaf, _lost_branches, _lost_lanes,
    )  # fmt: skip
    repairs = 0
    for step in steps:
        chat, found = step(chat)
        repairs += found
    return replace(chat, repairs=repairs) if repairs else chat


def _double_ids(chat: Conversation) -> _Mended:
    """A later message with a known id gets a new one; what names that id means the message with
    it that stands nearest above."""
    ids = {message.id for message in chat.messages}
    double = len(chat.messages) - len(ids)
    if not double:
        return chat, 0
    now: dict[str, str] = {}
    messages = []
    for message in chat.messages:
        parent = now.get(message.parent or "", message.parent)
        own = message.id if message.id not in now else _unused(message.id, ids)
        ids.add(own)
        now[message.id] = own
        messages.append(replace(message, id=own, parent=parent))
    leaf = now.get(chat.leaf or "", chat.leaf)
    return replace(chat, messages=tuple(messages), leaf=leaf), double


def _unused(message_id: str, taken: set[str]) -> str:
    return next(f"{message_id}-{n}" for n in count(2) if f"{message_id}-{n}" not in taken)


def _lost_parents(chat: Conversation) -> _Mended:
    ids = {message.id for message in chat.messages}
    lost = {m.id for m in chat.messages if m.parent is not None and m.parent not in ids}
    return _with_roots(chat, lost)


def _circles(chat: Conversation) -> _Mended:
    """The first message of each circle becomes a beginning."""
    parents = {message.id: message.parent for message in chat.messages}
    place = {message.id: number for number, message in enumerate(chat.messages)}
    sound: set[str | None] = {None}
    first_ones = set()
    for message in chat.messages:
        climbed: dict[str, None] = {}
        at: str | None = message.id
        while at not in sound and at is not None and at not in climbed:
            climbed[at] = None
            at = parents[at]
        if at in climbed:
            circle = list(climbed)[list(climbed).index(str(at)) :]
            first_ones.add(min(circle, key=place.__getitem__))
        sound |= climbed.keys()
    return _with_roots(chat, first_ones)


def _with_roots(chat: Conversation, ids: set[str]) -> _Mended:
    if not ids:
        return chat, 0
    messages = tuple(replace(m, parent=None) if m.id in ids else m for m in chat.messages)
    return replace(chat, messages=messages), len(ids)


def _lost_leaf(chat: Conversation) -> _Mended:
    if chat.leaf is None or chat.message(chat.leaf):
        return chat, 0
    last: Message | None = chat.messages[-1] if chat.messages else None
    return replace(chat, leaf=last.id if last else None), 1


def _lost_branches(chat: Conversation) -> _Mended:
    """A branch that ends nowhere is dropped; one whose name is taken gets another."""
    ids = {message.id for message in chat.messages}
    sound = replace(chat, branches=())
    for branch in chat.branches:
        if branch.leaf in ids:
            named = replace(branch, name=unused_name(sound, branch.name))
            sound = replace(sound, branches=(*sound.branches, named))
    return (sound, wrong) if (wrong := _differing(chat, sound)) else (chat, 0)


def _differing(before: Conversation, after: Conversation) -> int:
    kept: Mapping[str, Branch] = {branch.name: branch for branch in before.branches}
    renamed = sum(kept.get(branch.name) is None for branch in after.branches)
    return len(before.branches) - len(after.branches) + renamed


def _lost_lanes(chat: Conversation) -> _Mended:
    if chat.comparison is None:
        return chat, 0
    ids = {message.id for message in chat.messages} | {None}
    lanes = chat.comparison.lanes
    lost = [lane for lane in lanes if lane.leaf not in ids]
    if not lost:
        return chat, 0
    sound = tuple(replace(lane, leaf=None) if lane in lost else lane for lane in lanes)
    return replace(chat, comparison=replace(chat.comparison, lanes=sound)), len(lost)
