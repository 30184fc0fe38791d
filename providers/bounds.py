"""What one answer may take at most: minutes, megabytes, and a number of events."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

from core.catalog import Model
from core.errors import ErrorKind, ProviderError
from core.events import Notice, ReasoningDelta, StreamEvent, TextDelta, ToolCall

_MOST_EVENTS = 250_000
"""Twice the tokens of the longest answers that models give."""
_MOST_KEPT = 1000
"""Tool calls and notices, each of which is kept by itself."""


class Bounds:
    """Ends a stream that goes on for too long or brings too much, whatever it brings. One for a
    call with all its tries.

    `latest` is when the answer must have ended, on the clock of the loop.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._left = model.answer_bytes
        self._events = self._kept = self._size = 0
        self._deadline = self.latest = math.inf
        self._is_finished = False

    def begin(self) -> None:
        """The minutes begin, unless an earlier try has begun them."""
        if self._deadline == math.inf:
            self._deadline = self.latest = _now() + self._model.answer_minutes * 60

    def fitting(self, event: StreamEvent | None) -> StreamEvent | None:
        """The event, or as much of its text as there is room for. Raises ProviderError TIMED_OUT,
        TOO_LARGE where none of it fits, TOO_MUCH_DATA."""
        self.require_time()
        self._count(event)
        room, self._size = self._left, _size(event)
        self._left -= self._size
        if self._left >= 0:
            return event
        if not isinstance(event, TextDelta | ReasoningDelta):
            self.require_room()
            return event
        text = event.text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
        return replace(event, text=text)

    def require_room(self) -> None:
        """Raises ProviderError TOO_LARGE where something did not fit."""
        if self._left < 0:
            limit = f"{self._model.answer_megabytes:g}"
            raise ProviderError(ErrorKind.TOO_LARGE, limit=limit)

    def require_time(self) -> None:
        """Raises ProviderError TIMED_OUT where the time is over."""
        if _now() >= self.latest:
            raise ProviderError(ErrorKind.TIMED_OUT, limit=f"{self._model.answer_minutes:g}")

    def finished(self, rest: float) -> None:
        """To be called after each event once the server has said that the answer is complete: what
        may still follow has `rest` seconds, even if there are signs of life."""
        if not self._is_finished or self._size:
            self.latest = min(self._deadline, _now() + rest)
        self._is_finished = True

    def _count(self, event: StreamEvent | None) -> None:
        self._events += 1
        self._kept += isinstance(event, ToolCall | Notice)
        if self._events > _MOST_EVENTS or self._kept > _MOST_KEPT:
            raise ProviderError(ErrorKind.TOO_MUCH_DATA, detail="events without an end")


def _now() -> float:
    return asyncio.get_running_loop().time()


def _size(event: StreamEvent | None) -> int:
    """Bytes of what will be kept."""
    match event:
        case TextDelta(text) | ReasoningDelta(text):
            return _bytes(text)
        case ToolCall(call_id, name, arguments, extra):
            return sum(map(_bytes, (call_id, name, arguments, *extra.values())))
        case Notice(_, params):
            return sum(map(_bytes, params.values()))
        case _:
            return 0


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
