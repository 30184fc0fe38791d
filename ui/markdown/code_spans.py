"""Where code spans end: at the next run of as many backquotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

_RUN = re.compile(r"`+")


class Backquotes:
    """The runs of backquotes in a text, found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: dict[int, list[int]] = defaultdict(list)
        for run in _RUN.finditer(text):
            self._starts[len(run[0])].append(run.start())

    def length(self, at: int) -> int:
        """The number of backquotes from `at` on; a backslash may stand before the first."""
        run = _RUN.match(self._text, at)
        return len(run[0]) if run else 0

    def closing(self, at: int, limit: int | None = None) -> int | None:
        """Where the code span that starts at `at` ends, before `limit`; None where it does not."""
        length = self.length(at)
        starts = self._starts[length]
        following = bisect_right(starts, at)
        if following == len(starts):
            return None
        end = starts[following] + length
        return end if limit is None or end <= limit else None
