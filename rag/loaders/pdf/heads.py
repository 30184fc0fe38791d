"""Running heads: lines at the edge of a page that repeat those of the pages before.

What they say is kept once, where it first stands: a contract's number may be nowhere else.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

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
        most = min(_EDGE, (len(placed) - 1) // 2)
        edge = _Edge(page, placed[:most], placed[len(placed) - most :])
        middle = sum(end for line in lines for end in (line.x0, line.x1)) / max(1, 2 * len(lines))
        found = []
        for line in edge.bottom:
            apart = line.begins or not line.size
            if self._repeats(line, page, False, apart):
                found.append(line)
        for line in edge.top:
            # "Question 3" is no head; a number is one alone, after a gap, or on the right.
            alone = not any(map(str.isalpha, line.text))
            if self._repeats(line, page, True, alone or line.parted or line.x0 > middle):
                found.append(line)
        self._before.append(edge)
        return found

    def _repeats(self, line: Line, page: int, top: bool, counts: bool) -> bool:
        """Whether a line stands on a page before, where it `counts` with another number too."""
        return len(line.text) <= _LONGEST and any(
            _is_same(line, one, page - edge.page if counts else 0)
            for edge in self._before
            for one in (edge.top if top else edge.bottom)
        )


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
