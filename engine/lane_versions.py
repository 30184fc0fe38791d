"""The versions a lane has of its questions and answers, and standing at another of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.comparison import Comparison, Lane
from core.conversation import Conversation, Message
from core.errors import RejectedInput
from engine import rounds

_Children = Mapping[str | None, Sequence[Message]]


@dataclass(frozen=True)
class LaneVersions:
    """What one lane can walk through. A version of an answer is what its own model said to the same
    question, one of a question stands beside it and was answered by the model: never what another
    lane said."""

    chat: Conversation
    comparison: Comparison
    lane: Lane

    def of_path(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of all versions, oldest first, for each message of the lane that has several.

        What a lane said in earlier rounds of a shared context is not on its path, and cannot be
        stood at."""
        children, found = self._children(), {}
        for message in rounds.lane_path(self.chat, self.comparison, self.lane):
            own = [m.id for m in children[message.parent] if self._is_own(m, children)]
            if message.id in own and len(own) > 1:
                found[message.id] = tuple(own)
        return found

    def onward(self, message: Message) -> str:
        """From a version to the newest of what the lane did after it."""
        children, at = self._children(), message
        while (following := self._next(children, at)) is not None:
            at = following
        return at.id

    def _next(self, children: _Children, at: Message) -> Message | None:
        after = children[at.id]
        if at.role == "assistant":
            return _last(after, lambda m: any(map(self._stands_for, children[m.id])))
        return _last(after, self._is_mine) or _last(after, self._stands_for)

    def _is_own(self, message: Message, children: _Children) -> bool:
        if message.role == "assistant":
            return self._is_mine(message)
        return any(map(self._is_mine, children[message.id]))

    def _is_mine(self, message: Message) -> bool:
        return rounds.is_of(message, self.lane)

    def _stands_for(self, message: Message) -> bool:
        """Whether the lane goes on from this answer. The primary may have gone on from one that was
        made outside of the lanes."""
        if self.lane != self.comparison.primary:
            return self._is_mine(message)
        return rounds.stands_for(message, self.comparison, self.lane)

    def _children(self) -> _Children:
        found: defaultdict[str | None, list[Message]] = defaultdict(list)
        for message in self.chat.messages:
            found[message.parent].append(message)
        return found


def stand_at(chat: Conversation, model: str, message_id: str) -> Conversation:
    """Have a lane go on from another version of one of its messages, with what it did after it. The
    chosen path goes along where it ended at the same place. Raises RejectedInput while the lane
    is being answered, or where it has no such version."""
    comparison, lane = rounds.lane_of(chat, model)
    stood = rounds.newest(chat, comparison, lane)
    rounds.not_open(chat.message(stood or ""))
    versions = LaneVersions(chat, comparison, lane)
    message = chat.message(message_id)
    if message is None or all(message_id not in ids for ids in versions.of_path().values()):
        raise RejectedInput("message_gone")
    leaf = versions.onward(message)
    moved = replace(chat, comparison=comparison.put(replace(lane, leaf=leaf)))
    leads = lane == comparison.primary and chat.leaf == stood
    return moved.choose(leaf) if leads else moved


def _last(messages: Sequence[Message], fits: Callable[[Message], bool]) -> Message | None:
    return next(filter(fits, reversed(messages)), None)
