"""A page as lines and tables in reading order: what pdfium finds on it, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rag.loaders.pdf.aligned import split
from rag.loaders.pdf.boxes import ASKEW, Segment, Table, Word, segments
from rag.loaders.pdf.order import Row, flows
from rag.loaders.pdf.rules import Grid, table

_WIDE_SPACE = 0.9
"""A space that parts pieces of a line, in sizes; in justified prose it parts some for nothing, and
they come together again."""
_PARTED = 3.0
"""The same for the ends of a head."""
_PARAGRAPH = 1.4
"""A new one is further down than that, in the usual steps from line to line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `begins` says that it is further from the one before than lines are in a
    paragraph, `parted` that there is a gap in it as between the ends of a head. A page
    read without places has 0 for all of them."""

    text: str
    x0: float = 0.0
    x1: float = 0.0
    base: float = 0.0
    size: float = 0.0
    begins: bool = False
    parted: bool = False


Item = Line | Table


def laid_out(words: Sequence[Word], grids: Sequence[Grid]) -> list[Item]:
    """The page's text in reading order; that along other edges of the page comes after the rest."""
    made: list[Item] = []
    for turn in turns(words):
        found = [word for word in words if word.turn == turn]
        if turn == ASKEW:
            made.append(Line(" ".join(word.text for word in found), begins=True))
        else:
            made += _items(found, grids if not made else ())
    return made


def turns(words: Sequence[Word]) -> list[int]:
    """How the text is turned, the way most of its letters are first."""
    one = {word.turn for word in words}
    if len(one) < 2:
        return list(one)
    letters = Counter[int]()
    for word in words:
        letters[word.turn] += len(word.text)
    return [turn for turn, _ in letters.most_common()]


def _items(words: Sequence[Word], grids: Sequence[Grid]) -> list[Item]:
    free, tables = _without_tables(words, grids)
    pieces = segments(free, _WIDE_SPACE)
    pieces += [one._replace(at=_before(one, pieces)) for one in tables]
    made: list[Item] = []
    for flow in flows(pieces):
        made += _lines(flow)
    return made


def _before(one: Segment, pieces: Sequence[Segment]) -> int:
    """The place of a table in the order of the file, about: that of the text above it."""
    return max((piece.at for piece in pieces if piece.bottom <= one.top), default=0)


def _without_tables(
    words: Sequence[Word], grids: Sequence[Grid]
) -> tuple[list[Word], list[Segment]]:
    """The words outside of tables, and each table as one piece."""
    free = list(words)
    tables: list[Segment] = []
    for grid in grids:
        inside = [word for word in free if grid.has(word)]
        found = table(grid, inside) if inside else None
        if not found:
            continue
        free = [word for word in free if not grid.has(word)]
        size = median(word.size for word in inside)
        x0, x1, top, bottom = grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
        tables.append(Segment("", x0, x1, top, bottom, top, size, 0, found))
    return free, tables


def _lines(flow: Sequence[Row]) -> list[Item]:
    steps = [after[0].base - row[0].base for row, after in pairwise(flow)]
    step = median(steps) if steps else 0.0
    made: list[Item] = []
    last: Segment | None = None
    for one in split(flow):
        if isinstance(one, Table) or one[0].table:
            made.append(one if isinstance(one, Table) else one[0].table or Table(()))
            last = None
            continue
        far = last is None or not 0 < one[0].base - last.base < _PARAGRAPH * max(step, last.size)
        made.append(_line(one, far))
        last = one[0]
    return made


def _line(row: Row, begins: bool) -> Line:
    longest = max(row, key=lambda piece: len(piece.text))
    return Line(
        " ".join(piece.text for piece in row),
        row[0].x0,
        max(piece.x1 for piece in row),
        longest.base,
        longest.size,
        begins,
        any(right.x0 - left.x1 > _PARTED * left.size for left, right in pairwise(row)),
    )
