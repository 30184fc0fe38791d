"""Which answers of the lanes belong together: those to a question that was asked of all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.comparison import Comparison, Lane, Vote
from core.conversation import Conversation, Message
from core.errors import RejectedInput
from engine import leading
from engine.rounds import exchanges, not_open


@dataclass(frozen=True)
class Compared:
    """What the shown lanes answered to one question, from left to right, whatever came of it.
    `question` is the primary's copy of it where the primary was asked."""

    question: Message
    answers: tuple[Message, ...]

    @property
    def said(self) -> tuple[Message, ...]:
        """The answers that are not empty."""
        return tuple(answer for answer in self.answers if answer.content)

    @property
    def can_fuse(self) -> bool:
        """Whether there is something to write one answer from."""
        return self._ended and len(self.said) > 1

    @property
    def can_vote(self) -> bool:
        """Whether every side has answered."""
        return self._ended and len(self.said) == len(self.answers)

    @property
    def _ended(self) -> bool:
        return not any(answer.is_open for answer in self.answers)


def newest(chat: Conversation) -> Compared | None:
    """The newest question that at least two of the shown lanes were asked together. What one of
    them was asked alone since, in the chat's own tab, is passed over."""
    comparison = chat.comparison or Comparison()
    numbers = _rounds(chat)
    rounds: defaultdict[int, list[tuple[Lane, Message, Message]]] = defaultdict(list)
    for lane in comparison.shown:
        for one in exchanges(chat, comparison, lane):
            if one.own and one.answer:
                rounds[numbers[one.question.id]].append((lane, one.question, one.answer))
    together = (number for number, asked in rounds.items() if len(asked) > 1)
    found = rounds.get(max(together, default=-1))
    if found is None:
        return None
    primary = (question for lane, question, _ in found if lane is comparison.primary)
    return Compared(next(primary, found[0][1]), tuple(answer for _, _, answer in found))


def to_fuse(chat: Conversation) -> Compared:
    """The round one answer can be written from. Raises RejectedInput."""
    found = _ended(newest(chat))
    if found is None or not found.can_fuse:
        raise RejectedInput("nothing_to_fuse")
    return found


def to_vote(chat: Conversation) -> Compared:
    """The round that can be voted on. Raises RejectedInput."""
    found = _ended(newest(chat))
    if found is None or not found.can_vote:
        raise RejectedInput("vote_too_early")
    return found


def mark(chat: Conversation, vote: Vote) -> Conversation:
    """The chat with its vote, the sides as they stand, and its names no longer hidden. Raises
    RejectedInput where no vote is waited for."""
    comparison = chat.comparison
    if comparison is None or not comparison.is_hidden:
        raise RejectedInput("vote_closed")
    marked = replace(comparison, vote=vote, sides=comparison.voted)
    return leading.with_model(replace(chat, comparison=marked))


def _ended(found: Compared | None) -> Compared | None:
    for answer in found.answers if found else ():
        not_open(answer)
    return found


def _rounds(chat: Conversation) -> Mapping[str, int]:
    """A number for every question: copies of one that were asked together share it.

    A round is written in one piece, so that its copies follow each other in the file; the same
    words further down a lane's own path are another question.
    """
    number, text = -1, None
    reached: dict[str | None, int] = {}
    for message in chat.messages:
        before = reached.get(message.parent, -1)
        if message.role == "assistant":
            reached[message.id] = before
            continue
        if message.content != text or before == number:
            number, text = number + 1, message.content
        reached[message.id] = number
    return {one: number for one, number in reached.items() if one is not None}
