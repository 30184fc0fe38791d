"""Messages taken out of a chat as a piece of their own, and a piece put back into its chat.

Both are pure. A piece is a conversation that holds what was taken and, under `TAKEN`, where from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from core.comparison import Comparison
from core.conversation import Branch, Conversation, Message, Summary
from core.tree import unused_name

TAKEN = "taken_from"
"""The key of a piece that says which chat it is from, where its messages stood, and where the
chosen path ended before and after."""


def take_out(
    chat: Conversation, ids: Collection[str], branch: str = ""
) -> tuple[Conversation, Conversation]:
    """The chat without these messages, and the piece that holds them.

    With them go the branches and summaries that end at one of them, and the branch of that name.
    The chosen path and the lanes fall back to what is left. The children of a message that goes
    have to go, too.
    """
    gone = set(ids)
    kept = replace(
        chat,
        messages=tuple(m for m in chat.messages if m.id not in gone),
        branches=tuple(b for b in chat.branches if b.leaf not in gone and b.name != branch),
        summaries=tuple(s for s in chat.summaries if s.last not in gone),
        comparison=_lanes_fallen_back(chat, gone),
    )
    kept = _leaf_fallen_back(chat, kept, gone)
    return kept, _piece(chat, kept, gone)


def is_piece(conversation: Conversation) -> bool:
    """Whether a conversation read from a file is what `take_out` made, or near enough to it."""
    taken = conversation.extra.get(TAKEN)
    return isinstance(taken, Mapping) and isinstance(taken.get("stood_after"), Mapping)


def put_back(chat: Conversation, piece: Conversation) -> Conversation:
    """The chat with a piece back in its old places. What changed meanwhile stays: nothing is
    overwritten, and nothing of the piece is lost. The very same chat where all of it is there."""
    taken = piece.extra[TAKEN]
    messages = _homed(chat, piece.messages)
    names = {old.id: new.id for old, new in zip(piece.messages, messages, strict=True)}
    stood_after = {
        names.get(first, first): before if isinstance(before, str) else None
        for first, before in taken["stood_after"].items()
    }
    whole = replace(chat, messages=_merged(chat.messages, messages, stood_after))
    whole = _with_branches(whole, piece.branches, names)
    whole = replace(whole, summaries=_summaries(chat, piece, names))
    whole = replace(whole, comparison=_lanes_moved_on(whole, piece, names))
    whole = _leaf_moved_on(whole, piece, names, taken)
    return chat if whole == chat else whole


def _piece(chat: Conversation, kept: Conversation, gone: set[str]) -> Conversation:
    stood_after = {
        message.id: before.id if before else None
        for before, message in pairwise((None, *chat.messages))
        if message and message.id in gone and (before is None or before.id not in gone)
    }
    taken: Mapping[str, Any] = {
        "chat": chat.id,
        "leaf": chat.leaf,
        "left_at": kept.leaf,
        "stood_after": stood_after,
    }
    left = {branch.name for branch in kept.branches}
    remaining = {summary.id for summary in kept.summaries}
    return replace(
        chat,
        messages=tuple(m for m in chat.messages if m.id in gone),
        branches=tuple(b for b in chat.branches if b.name not in left),
        summaries=tuple(s for s in chat.summaries if s.id not in remaining),
        comparison=None if chat.comparison == kept.comparison else chat.comparison,
        extra={TAKEN: taken},
    )


def _lanes_fallen_back(chat: Conversation, gone: set[str]) -> Comparison | None:
    """Each lane whose newest message goes ends at the nearest one above it that stays."""
    comparison = chat.comparison
    if comparison is None or not any(lane.leaf in gone for lane in comparison.lanes):
        return comparison
    lanes = (
        replace(lane, leaf=_nearest(chat, lane.leaf, gone)) if lane.leaf in gone else lane
        for lane in comparison.lanes
    )
    return replace(comparison, lanes=tuple(lanes))


def _leaf_fallen_back(chat: Conversation, kept: Conversation, gone: set[str]) -> Conversation:
    """The chosen path, where its end goes, turns at the nearest message that stays to the newest
    of what is left there."""
    if chat.leaf not in gone:
        return kept.choose(kept.leaf)
    nearest = _nearest(chat, chat.leaf, gone)
    if nearest is None and kept.messages:
        nearest = kept.children(None)[-1].id
    return kept.turn_to(nearest) if nearest else kept.choose(None)


def _nearest(chat: Conversation, message_id: str | None, gone: set[str]) -> str | None:
    left = [m.id for m in chat.path(message_id) if m.id not in gone]
    return left[-1] if left else None


def _homed(chat: Conversation, back: Sequence[Message]) -> Sequence[Message]:
    """The messages as they can stand in the chat: an id that another message has by now is
    replaced, and a parent that is gone is none."""
    present = {message.id: message for message in chat.messages}
    taken = present.keys() | {message.id for message in back}
    names: dict[str, str] = {}
    for message in back:
        there = present.get(message.id)
        differs = there is not None and _text(there) != _text(message)
        names[message.id] = _unused(message.id, taken) if differs else message.id
    homes = {**{message_id: message_id for message_id in present}, **names}
    return [
        replace(m, id=names[m.id], parent=homes.get(m.parent) if m.parent else None) for m in back
    ]


def _text(message: Message) -> tuple[str, str]:
    return message.role, message.content


def _unused(message_id: str, taken: Collection[str]) -> str:
    number = 2
    while f"{message_id}-{number}" in taken:
        number += 1
    return f"{message_id}-{number}"


def _merged(
    present: Sequence[Message], back: Sequence[Message], stood_after: Mapping[str, str | None]
) -> tuple[Message, ...]:
    """Each run of messages behind the one it stood after; at the end where that is gone."""
    known = {message.id for message in present}
    behind: dict[str | None, list[Message]] = {}
    for before, run in _runs(back, stood_after):
        home = before if before is None or before in known else _LAST
        behind.setdefault(home, []).extend(m for m in run if m.id not in known)
    merged = behind.get(None, [])
    for message in present:
        merged += [message, *behind.get(message.id, ())]
    return (*merged, *behind.get(_LAST, ()))


_LAST = "\0"
"""No message is called this: the place behind all of them."""


def _runs(
    back: Sequence[Message], stood_after: Mapping[str, str | None]
) -> Sequence[tuple[str | None, list[Message]]]:
    runs: list[tuple[str | None, list[Message]]] = []
    for message in back:
        if message.id in stood_after or not runs:
            runs.append((stood_after.get(message.id, _LAST), []))
        runs[-1][1].append(message)
    return runs


def _with_branches(
    chat: Conversation, back: Sequence[Branch], names: Mapping[str, str]
) -> Conversation:
    """The branches that are not there; a name that is taken gets a number."""
    for branch in back:
        leaf = names.get(branch.leaf, branch.leaf)
        there = any(b.name == branch.name and b.leaf == leaf for b in chat.branches)
        if there or chat.message(leaf) is None:
            continue
        preferred = branch.preferred and not any(b.preferred for b in chat.branches)
        name = unused_name(chat, branch.name)
        again = replace(branch, name=name, leaf=leaf, preferred=preferred)
        branches = sorted((*chat.branches, again), key=lambda b: b.created)
        chat = replace(chat, branches=tuple(branches))
    return chat


def _summaries(
    chat: Conversation, piece: Conversation, names: Mapping[str, str]
) -> tuple[Summary, ...]:
    known = {summary.id for summary in chat.summaries}
    back = (
        replace(s, first=names.get(s.first, s.first), last=names.get(s.last, s.last))
        for s in piece.summaries
        if s.id not in known
    )
    return tuple(sorted((*chat.summaries, *back), key=lambda summary: summary.created))


def _lanes_moved_on(
    chat: Conversation, piece: Conversation, names: Mapping[str, str]
) -> Comparison | None:
    """A lane that has stayed where it fell back to goes on to where it was."""
    comparison = chat.comparison
    for old in piece.comparison.lanes if piece.comparison and comparison else ():
        leaf = names.get(old.leaf or "")
        lane = comparison.lane(old.model) if comparison else None
        if not (lane and leaf and comparison) or lane.leaf == leaf:
            continue
        if lane.leaf is None or lane.leaf in {m.id for m in chat.path(leaf)}:
            comparison = comparison.put(replace(lane, leaf=leaf))
    return comparison


def _leaf_moved_on(
    chat: Conversation, piece: Conversation, names: Mapping[str, str], taken: Mapping[str, Any]
) -> Conversation:
    """The chosen path, where nobody has turned it since, ends where it did."""
    old = taken.get("leaf")
    leaf = names.get(str(old), old)
    if chat.leaf != taken.get("left_at") or leaf is None or chat.message(leaf) is None:
        return chat
    there = any(b.name == piece.branch and b.leaf == leaf for b in chat.branches)
    return replace(chat, branch=piece.branch if there else chat.branch).choose(leaf)
