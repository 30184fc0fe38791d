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
    """The lines at the edges of a page, with the size of its text."""

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
        edge = _Edge(page, placed[:_EDGE], placed[-_EDGE:])
        size = _usual_size(lines)
        found = [line for line in edge.top if self._repeats(line, page, size, top=True)]
        found += [line for line in edge.bottom if self._repeats(line, page, size, top=False)]
        self._before.append(edge)
        return found

    def _repeats(self, line: Line, page: int, size: float, top: bool) -> bool:
        if len(line.text) > _LONGEST:
            return False
        titles = top and line.size > 1.05 * size
        return any(
            _is_same(line, one, 0 if titles else page - edge.page)
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


def _usual_size(lines: Sequence[Line]) -> float:
    """The size most letters of the page have."""
    letters: dict[float, int] = {}
    for line in lines:
        letters[line.size] = letters.get(line.size, 0) + len(line.text)
    return max(letters, key=lambda size: letters[size], default=0.0)
