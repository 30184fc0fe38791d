"""Lines of the log that repeat: counted instead of written, so that a flood of them does not push
out the rest."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_FREE = 20
_WINDOW_S = 600.0
_MOST_PLACES = 1_000
_STANDS_FOR = "divan_stands_for"

_Place = tuple[object, ...]


@dataclass
class _Lines:
    """What one place in the code logged since `since`. The newest of `left_out` lines is `last`."""

    since: float
    seen: int = 0
    left_out: int = 0
    last: logging.LogRecord | None = None


class Repeats(logging.Filter):
    """Passes twenty warnings and errors of one place in the code in ten minutes, and of what
    follows the 10th, 100th, 1000th …; `repeated` says of a passed line how many it stands for.

    What is printed by others comes from one place, so there the text counts, too.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._places: dict[_Place, _Lines] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.levelno < logging.WARNING:
            return True
        with self._lock:
            lines = self._lines_of(_place_of(record))
            lines.seen += 1
            lines.left_out += 1
            written = lines.seen <= _FREE or _is_power_of_ten(lines.seen - _FREE)
            lines.last = None if written else record
            setattr(record, _STANDS_FOR, lines.left_out)
            lines.left_out = 0 if written else lines.left_out
            return written

    def take_left_out(self) -> list[logging.LogRecord]:
        """The newest line of each place that has some left out; they count as written."""
        with self._lock:
            records = []
            for lines in self._places.values():
                if lines.last is not None:
                    records.append(lines.last)
                lines.left_out, lines.last = 0, None
            return records

    def _lines_of(self, place: _Place) -> _Lines:
        now = self._clock()
        lines = self._places.get(place)
        if lines is None:
            if len(self._places) >= _MOST_PLACES:
                del self._places[next(iter(self._places))]
            lines = self._places[place] = _Lines(now)
        elif now - lines.since > _WINDOW_S:
            lines.since, lines.seen = now, 0
        return lines


def repeated(record: logging.LogRecord) -> str:
    """What to put behind a line that stands for others: " … repeated 10 times", else nothing."""
    count = getattr(record, _STANDS_FOR, 1)
    return f" … repeated {count} times" if count > 1 else ""


def _place_of(record: logging.LogRecord) -> _Place:
    kind = record.exc_info[0] if record.exc_info else None
    text = hash(str(record.args)) if record.msg == "%s" else None
    return record.name, record.levelno, record.pathname, record.lineno, kind, text


def _is_power_of_ten(count: int) -> bool:
    return count >= 10 and str(count).strip("0") == "1"
