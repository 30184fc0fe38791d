"""Tables without drawn lines: rows whose pieces stand below each other."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rag.loaders.pdf.boxes import Table
from rag.loaders.pdf.order import Gap, Row, ends, inner, white

_FEWEST_ROWS = 3
_LONGEST_CELL = 60
_LONG_CELL = 25
"""Characters half the cells have at most."""
_FULL = 0.7
_WIDTH = 0.8
"""Between two columns, in sizes."""


def split(rows: Sequence[Row]) -> list[Row | Table]:
    """The rows with every table among them as one."""
    made: list[Row | Table] = []
    at = 0
    while at < len(rows):
        end, columns = _reach(rows, at)
        found = _table(rows[at:end], columns)
        if found:
            made.append(found)
            at = end
        else:
            made.append(rows[at])
            at += 1
    return made


def _reach(rows: Sequence[Row], start: int) -> tuple[int, list[Gap]]:
    """Where the rows end that share the white between columns with the first, and that white."""
    pieces = list(rows[start])
    if len(pieces) < 2 or pieces[0].table:
        return start + 1, []
    width = _WIDTH * pieces[0].size
    shared = inner(white(pieces, width), ends(pieces))
    end = start + 1
    while end < len(rows) and _follows(rows[end - 1], rows[end]):
        more = pieces + rows[end]
        found = inner(white(more, width), ends(more))
        if len(rows[end]) < 2 or len(found) < len(shared):
            break
        pieces, shared, end = more, found, end + 1
    return end, shared


def _follows(last: Row, row: Row) -> bool:
    return not row[0].table and row[0].base - last[0].base < 4 * row[0].size


def _table(rows: Sequence[Row], columns: Sequence[Gap]) -> Table | None:
    if len(rows) < _FEWEST_ROWS or not columns:
        return None
    cells = [_cells(row, columns) for row in rows]
    lengths = [len(cell) for row in cells for cell in row if cell]
    if max(lengths) > _LONGEST_CELL or median(lengths) > _LONG_CELL:
        return None
    if not (_names_values(cells) if len(columns) == 1 else _is_full(cells)):
        return None
    edges = tuple((gap[0] + gap[1]) / 2 for gap in columns)
    return Table(tuple(cells), (min(row[0].x0 for row in rows), *edges))


def _cells(row: Row, columns: Sequence[Gap]) -> tuple[str, ...]:
    made = [""] * (len(columns) + 1)
    for piece in row:
        at = sum(piece.x0 >= gap[1] for gap in columns)
        made[at] = f"{made[at]} {piece.text}".strip()
    return tuple(made)


def _is_full(cells: Sequence[tuple[str, ...]]) -> bool:
    """Whether hardly a cell is empty, and a column below the first row has numbers."""
    filled = sum(bool(cell) for row in cells for cell in row)
    columns = list(zip(*cells[1:], strict=True))[1:]
    numbers = any(2 * sum(map(_has_digit, column)) > len(column) for column in columns)
    marks = any(not any(map(str.isalnum, row[0])) for row in cells)  # points of a list
    return filled >= _FULL * len(cells) * len(cells[0]) and numbers and not marks


def _names_values(cells: Sequence[tuple[str, ...]]) -> bool:
    """Whether two columns are names and numbers, and not titles and their pages."""
    named = sum(sum(map(str.isalpha, row[0])) > 2 for row in cells)
    valued = sum(_has_digit(row[1]) for row in cells)
    dotted = any(".." in cell or ". ." in cell for row in cells for cell in row)
    pages = [int(row[1]) for row in cells if row[1].isdecimal()]
    contents = len(pages) == valued and pages == sorted(pages)
    return min(named, valued) > 0.6 * len(cells) and not dotted and not contents


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
