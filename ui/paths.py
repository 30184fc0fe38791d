"""What of a chat's tree a page shows, and where in it the page stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.conversation import Conversation, Message
from engine.live import LiveTurn


def newest(message: Message, turn: LiveTurn | None) -> Message:
    """The running answer is newer in memory than at its last checkpoint."""
    return turn.message if turn and turn.id == message.id else message


def is_blind(chat: Conversation) -> bool:
    """Whether nothing may tell which models answered: a blind comparison before its vote."""
    return chat.comparison is not None and chat.comparison.is_hidden


def shown_end(path: Sequence[Message], most: int, first: str | None) -> Sequence[Message]:
    """The end of a path that a page shows: `most` messages at most. A page that begins with the
    message `first` goes on beginning there unless it would show less than half of them: Gradio
    draws every message anew whose place on the page changes."""
    at = next((n for n, message in enumerate(path) if message.id == first), None)
    if at is not None and most <= 2 * (len(path) - at) <= 2 * most:
        return path[at:]
    return path[-most:]


def standing_at(chat: Conversation, leaf: str) -> Conversation:
    """The chat where a page stands that has not followed another page; where the chosen path runs
    through that place, it stays as it is."""
    if chat.message(leaf) is None or any(message.id == leaf for message in chat.path()):
        return chat
    return chat.fork(leaf)


@dataclass(frozen=True)
class Elsewhere:
    """A version of a message from which the conversation went on, where the chosen path ends:
    `number` counts the versions from 1, `count` the messages that follow on its longest path."""

    message: str
    number: int
    count: int


def elsewhere(chat: Conversation, path: Sequence[Message]) -> Elsewhere | None:
    """Where the conversation goes on beside the newest exchange of a path, an answer or its
    question having been made once more; None where nothing follows the other versions."""
    if not path or path[-1].role != "assistant":
        return None
    children: dict[str | None, list[str]] = {}
    for message in chat.messages:
        children.setdefault(message.parent, []).append(message.id)
    found = [
        Elsewhere(sibling, number, _following(children, sibling) - exchange)
        for exchange, message in enumerate(reversed(path[-2:]))
        for number, sibling in enumerate(children[message.parent], start=1)
        if sibling != message.id
    ]
    longest = max(found, key=lambda one: one.count, default=None)
    return longest if longest and longest.count > 0 else None


def _following(children: Mapping[str | None, Sequence[str]], message: str) -> int:
    """How many messages follow on the longest path from here."""
    depth, level = -1, [message]
    while level:
        depth += 1
        level = [child for parent in level for child in children.get(parent, ())]
    return depth


def versions(chat: Conversation, shown: Sequence[Message]) -> Mapping[str, Sequence[str]]:
    """The ids of each message and its siblings, oldest first, by the message's id."""
    siblings: dict[str | None, list[str]] = {message.parent: [] for message in shown}
    for message in chat.messages:
        if message.parent in siblings:
            siblings[message.parent].append(message.id)
    return {message.id: tuple(siblings[message.parent]) for message in shown}
