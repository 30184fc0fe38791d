"""Tables between drawn lines: their cells, from the lines and rectangles of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2.raw as pdfium

from rag.loaders.pdf.boxes import Table, Word
from rag.loaders.pdf.words import turned

_MOST_OBJECTS = 5_000
"""A page with more is a drawing, and looking at each would take long."""
_MOST_POINTS = 200
_THIN = 3.0
_SHORTEST = 8.0
_NEAR = 3.0
"""Points between lines that are meant to be one, or to meet."""
_MOST_LINES = 4_000
_LONGEST_CELL = 500
"""Characters; where one has more the lines frame parts of a page."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line across (`at` is a y) or down (`at` is an x), from `start` to `end`."""

    across: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that meet: the x of columns and the y of rows, both with their last edge."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]

    def has(self, word: Word) -> bool:
        """Whether a word stands in it."""
        x = (word.x0 + word.x1) / 2
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < word.y < self.ys[-1]


def rules(page: Any, turn: int) -> list[Rule]:
    """The page's straight lines in the frame of a text that is turned so; none where it has too
    many."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    if count > _MOST_OBJECTS:
        return []
    made: list[Rule] = []
    for index in range(count):
        drawn = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_PATH:
            for box in _boxes(drawn):
                made += _sides(turned(box, turn))
        if len(made) > _MOST_LINES:
            return []
    return made


def _boxes(drawn: Any) -> Iterator[tuple[float, float, float, float]]:
    """The box of a path, or where it is a whole grid those of its lines."""
    left, low, right, high = c_float(), c_float(), c_float(), c_float()
    if not pdfium.FPDFPageObj_GetBounds(drawn, byref(left), byref(low), byref(right), byref(high)):
        return
    box = (left.value, low.value, right.value, high.value)
    points = pdfium.FPDFPath_CountSegments(drawn)
    if min(box[2] - box[0], box[3] - box[1]) <= _THIN or points <= 5:
        yield box
    elif points <= _MOST_POINTS:
        yield from _lines(drawn, points)


def _lines(drawn: Any, points: int) -> Iterator[tuple[float, float, float, float]]:
    """The lines of a path, moved by its matrix."""
    matrix, x, y = pdfium.FS_MATRIX(), c_float(), c_float()
    pdfium.FPDFPageObj_GetMatrix(drawn, byref(matrix))
    last = (0.0, 0.0)
    for index in range(points):
        piece = pdfium.FPDFPath_GetPathSegment(drawn, index)
        pdfium.FPDFPathSegment_GetPoint(piece, byref(x), byref(y))
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if pdfium.FPDFPathSegment_GetType(piece) == pdfium.FPDF_SEGMENT_LINETO:
            yield min(last[0], here[0]), min(last[1], here[1]), *map(max, last, here)
        last = here


def _sides(box: tuple[float, float, float, float]) -> list[Rule]:
    x0, x1, top, bottom = box
    wide, high = x1 - x0 > _SHORTEST, bottom - top > _SHORTEST
    if wide and bottom - top <= _THIN:
        return [Rule(True, (top + bottom) / 2, x0, x1)]
    if high and x1 - x0 <= _THIN:
        return [Rule(False, (x0 + x1) / 2, top, bottom)]
    if not (wide and high):
        return []
    across = [Rule(True, y, x0, x1) for y in (top, bottom)]
    return across + [Rule(False, x, top, bottom) for x in (x0, x1)]


def grids(drawn: Sequence[Rule]) -> list[Grid]:
    """The rules that meet each other, where they make two rows and two columns at least."""
    made = []
    for group in _meeting(_merged(drawn)):
        xs = _places(rule.at for rule in group if not rule.across)
        ys = _places(rule.at for rule in group if rule.across)
        if len(xs) > 2 and len(ys) > 2:
            made.append(Grid(xs, ys, tuple(group)))
    return made


def _merged(drawn: Sequence[Rule]) -> list[Rule]:
    """The rules with those that go on from each other as one: many programs frame each cell."""
    made: list[Rule] = []
    for rule in sorted(drawn, key=lambda one: (one.across, round(one.at), one.start)):
        last = made[-1] if made else None
        same = last and last.across == rule.across and abs(last.at - rule.at) <= 1
        if last and same and rule.start - last.end <= _NEAR:
            made[-1] = replace(last, end=max(last.end, rule.end))
        else:
            made.append(rule)
    return made


def _meeting(drawn: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in drawn:
        met = [group for group in groups if any(_meet(rule, other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([rule, *(one for group in met for one in group)])
    return groups


def _meet(first: Rule, second: Rule) -> bool:
    if first.across == second.across:
        apart = max(first.start, second.start) - min(first.end, second.end)
        return abs(first.at - second.at) <= _NEAR and apart <= _NEAR
    return (
        second.start - _NEAR <= first.at <= second.end + _NEAR
        and first.start - _NEAR <= second.at <= first.end + _NEAR
    )


def _places(found: Iterator[float]) -> tuple[float, ...]:
    made: list[float] = []
    for one in sorted(found):
        if not made or one - made[-1] > _NEAR:
            made.append(one)
    return tuple(made)


def table(grid: Grid, words: Sequence[Word]) -> Table | None:
    """The words of a grid in its cells; nothing where it does not hold a table."""
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        cells.setdefault(_cell(grid, word), []).append(word)
    made = tuple(
        tuple(_text(cells.get((row, column), [])) for column in range(len(grid.xs) - 1))
        for row in range(len(grid.ys) - 1)
    )
    made = tuple(row for row in made if any(row))
    full = [sum(map(bool, row)) > 1 for row in made]
    if sum(full) < 2 or 2 * sum(full) < len(made):
        return None
    if max(len(cell) for row in made for cell in row) > _LONGEST_CELL:
        return None
    return Table(made, grid.xs)


def _cell(grid: Grid, word: Word) -> tuple[int, int]:
    """Row and column; of cells with no line between them the first."""
    x = (word.x0 + word.x1) / 2
    row = sum(y <= word.y for y in grid.ys) - 1
    column = sum(one <= x for one in grid.xs) - 1
    while column > 0 and not _stands(grid, False, grid.xs[column], word.y):
        column -= 1
    middle = (grid.xs[column] + grid.xs[column + 1]) / 2
    while row > 0 and not _stands(grid, True, grid.ys[row], middle):
        row -= 1
    return row, column


def _stands(grid: Grid, across: bool, at: float, where: float) -> bool:
    return any(
        rule.across == across
        and abs(rule.at - at) <= _NEAR
        and rule.start - _NEAR <= where <= rule.end + _NEAR
        for rule in grid.rules
    )


def _text(words: Sequence[Word]) -> str:
    """The words of a cell, line by line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.base):
        if lines and abs(lines[-1][0].base - word.base) < 0.4 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return " ".join(word.text for line in lines for word in sorted(line, key=lambda one: one.x0))
