"""The rows of a table of OpenDocument, in a text, on a slide or a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rag.loaders.odf.names import odf, whole

_ROW = odf("table:table-row")
_CELL, _COVERED = odf("table:table-cell"), odf("table:covered-table-cell")
_GROUPS = {
    odf("table:table-header-rows"),
    odf("table:table-rows"),
    odf("table:table-row-group"),
}
_MOST_COLUMNS = 1_024
_MOST_REPEATED = 100
"""Rows of the same content, one below the other, that are read."""


def rows(table: Any, text: Callable[[Any], str]) -> Iterator[list[str]]:
    """The cells of each row by `text`: one over several columns stands in the first, one over
    several rows in each."""
    above: dict[int, tuple[int, str]] = {}
    waiting = list(reversed(table))
    while waiting:
        element = waiting.pop()
        if element.tag in _GROUPS:
            waiting.extend(reversed(element))
        elif element.tag == _ROW:
            made = _row(element, text, above)
            repeated = whole(element.get(odf("table:number-rows-repeated")), 1)
            for _ in range(min(repeated, _MOST_REPEATED) if any(made) else 1):
                yield made


def _row(row: Any, text: Callable[[Any], str], above: dict[int, tuple[int, str]]) -> list[str]:
    """`above` holds what cells above reach into the rows below: how many, and their text."""
    cells: list[str] = []
    for cell in row.iterchildren(_CELL, _COVERED):
        repeated = whole(cell.get(odf("table:number-columns-repeated")), 1)
        room = _MOST_COLUMNS - len(cells)
        if cell.tag == _COVERED:
            for _ in range(min(repeated, room)):
                cells.append(_from_above(above, len(cells)))
            continue
        said = text(cell)
        rows_left = whole(cell.get(odf("table:number-rows-spanned")), 1) - 1
        if rows_left > 0:
            above[len(cells)] = rows_left, said
        cells += [said] * min(repeated, room)
    return cells


def _from_above(above: dict[int, tuple[int, str]], column: int) -> str:
    left, said = above.pop(column, (0, ""))
    if left > 1:
        above[column] = left - 1, said
    return said
