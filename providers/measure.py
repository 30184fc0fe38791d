"""How much a server may send for one answer, counted before anything is kept of it."""

from __future__ import annotations

import re

from core.request import ChatRequest

LINE = 1024 * 1024
_EVENT = 4 * LINE
_MOST_LINES = 1_000_000
_WHOLE = 2
"""JSON that holds the answer, in units of its size: escapes make some texts twice as long."""
_STREAMED = 16
"""The same of a stream, where some 60 bytes stand around each letter of a slow model."""
_BLANK_LINE = re.compile(rb"\n\n|\r\r|\r\n\r\n")


class TooMuchData(Exception):
    """A server has sent more than there can be."""


class Measure:
    """Counts the bytes of one response as they arrive and again as they are unpacked, where a few
    may become a thousand times as many.

    `total` holds for both. With `lines` no line may be longer than `LINE`; with `events` none of
    the groups of lines that empty lines end may be much longer. SDKs keep both until their end.
    """

    def __init__(self, total: int, *, lines: bool = False, events: bool = False) -> None:
        self._total = total
        self._lines = lines
        self._events = events
        self._packed = self._unpacked = 0
        self._line = self._event = self._ended_lines = 0
        self._tail = b""

    def packed(self, part: bytes) -> None:
        """Count a part as it arrives. Raises TooMuchData."""
        self._packed += len(part)
        self._check(self._packed, self._total, "bytes in an answer")

    def unpacked(self, part: bytes) -> None:
        """Count a part as it is read. Raises TooMuchData."""
        self._unpacked += len(part)
        self._check(self._unpacked, self._total, "bytes in an answer")
        if self._lines:
            self._count_lines(part)
        if self._events:
            self._count_event(part)

    def _count_lines(self, part: bytes) -> None:
        self._ended_lines += part.count(b"\n") + part.count(b"\r")
        self._check(self._ended_lines, _MOST_LINES, "lines in an answer")
        end = max(part.rfind(b"\n"), part.rfind(b"\r"))
        self._line = len(part) - end - 1 + (self._line if end < 0 else 0)
        self._check(self._line, LINE, "bytes in a line")

    def _count_event(self, part: bytes) -> None:
        seen = self._tail + part
        ends = [found.end() for found in _BLANK_LINE.finditer(seen)]
        self._event = len(seen) - ends[-1] if ends else self._event + len(part)
        self._check(self._event, _EVENT, "bytes in an event")
        self._tail = seen[-3:]

    def _check(self, count: int, most: int, what: str) -> None:
        if count > most:
            raise TooMuchData(f"more than {most} {what}")


def measure_of(request: ChatRequest, *, events: bool) -> Measure:
    """What the response to a request may bring; `events` where its format has them."""
    most = request.model.answer_bytes
    if not request.stream:
        return Measure(_WHOLE * most)
    return Measure(_STREAMED * most, lines=True, events=events)
