"""Running heads: lines at the edge of a page that repeat those of the pages before.

What they say is kept once, where it first stands: a contract's number may be nowhere else.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from rag.loaders.pdf.page import Line

_EDGE = 3
"""Lines at the top and at the bottom that are looked at."""
_BACK = 3
"""Pages: heads of left and right pages alternate, and a chapter may begin without one."""
_NEAR = 3.0
_LONGEST = 150
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Edge:
    """The lines at the edges of a page."""

    page: int
    top: Sequence[Line]
    bottom: Sequence[Line]


@dataclass(slots=True)
class Heads:
    """Given the pages one after the other, knows which lines are running heads."""

    _before: deque[_Edge] = field(default_factory=lambda: deque(maxlen=_BACK))

    def found(self, page: int, lines: Sequence[Line]) -> list[Line]:
        """The lines of a page that say nothing new."""
        placed = sorted(lines, key=lambda line: line.base)
        most = max(0, min(_EDGE + 1, (len(placed) - 1) // 2))
        edge = _Edge(page, placed[:most], placed[len(placed) - most :])
        middle = sum(end for line in lines for end in (line.x0, line.x1)) / max(1, 2 * len(lines))
        top = [self._repeats(line, page, True, _is_number(line, middle)) for line in edge.top]
        foot = [
            self._repeats(line, page, False, line.begins or not line.size) for line in edge.bottom
        ]
        self._before.append(edge)
        found: list[Line] = []
        few = min(_EDGE, most)
        # Where all repeat and go on in the text, the page is like another one and has no head.
        if few and (not all(top) or placed[few].begins):
            found += compress(placed[:few], top)
        if few and (not all(foot) or placed[-few].begins):
            found += compress(placed[-few:], foot[-few:])
        return found

    def _repeats(self, line: Line, page: int, top: bool, counts: bool) -> bool:
        """Whether a line stands on a page before, where it `counts` with another number too."""
        return len(line.text) <= _LONGEST and any(
            _is_same(line, one, page - edge.page if counts else 0)
            for edge in self._before
            for one in (edge.top if top else edge.bottom)
        )


def _is_number(line: Line, middle: float) -> bool:
    """Whether a line at the top is the number of a page, alone, after a gap, or on the right;
    "Question 3" is none."""
    alone = not any(map(str.isalpha, line.text))
    return alone or line.parted or line.x0 > middle


def _is_same(line: Line, before: Line, pages: int) -> bool:
    """Whether a line stands where the one before stood and says the same, but for a number that
    has grown by the pages between them."""
    if abs(line.base - before.base) > _NEAR:
        return False
    if line.text == before.text:
        return True
    if not pages or _NUMBER.sub("#", line.text) != _NUMBER.sub("#", before.text):
        return False
    both = zip(_NUMBER.findall(line.text), _NUMBER.findall(before.text), strict=True)
    return all(now == then or int(now) - int(then) == pages for now, then in both)
