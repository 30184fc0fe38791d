"""Tables as text: a row a line, the heading row again at the head of every block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

Cells = Mapping[int, str]
"""The filled cells of a row by their column, in order; an empty mapping is an empty row."""

_BLOCK = 900
"""Characters of a block: with its head it fits into one chunk."""
_LONGEST_HEAD = 300
_LONGEST_TITLE = 200
_OPENING = 50
"""Rows a heading row is looked for in."""
_FAR_APART = 5
"""Empty cells in a row that nobody counts."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows under their heading row; `title` is the line alone in its row above that, or ""."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    cells: Cells
    title: str = ""
    first: int = 0
    """The column the table begins in."""


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows as lines, in blocks that stand for themselves: what is found of a long table still says
    what its columns are."""
    filled = [found for row in rows if (found := cells_of(row))]
    return "\n\n".join(one.text for one in blocks(filled))


def cells_of(row: Sequence[str]) -> dict[int, str]:
    """The filled cells of a row, each on one line."""
    return {column: text for column, cell in enumerate(row) if (text := " ".join(cell.split()))}


def blocks(
    rows: Iterable[Cells], marked: Callable[[Cells], Cells] = lambda head: head
) -> Iterator[Block]:
    """The blocks of a sheet. Tables that empty rows separate have heading rows of their own, to
    each of which `marked` may add something. Reads no further ahead than a heading row needs."""
    head: _Head | None = None
    for opening, rest in _groups(iter(rows)):
        at = heading_row(opening)
        if head is None or not _continues(opening, at, head):
            head = _head(opening, at, marked)
            above, opening = opening[:at], opening[at + 1 :]
            yield from _blocks(head, chain(opening, rest), above)
        else:
            yield from _blocks(head, chain(opening, rest), ())


def heading_row(rows: Sequence[Cells]) -> int:
    """The index of the first row with the most filled cells: not a company's name above a table.
    Words alone in the row above come first where one column has no name."""
    most = max(map(len, rows))
    widest = next(index for index, row in enumerate(rows) if len(row) == most)
    for index, row in enumerate(rows[:widest]):
        if len(row) > 1 and len(row) == most - 1 and _is_words(row):
            return widest if _is_words(rows[widest]) else index
    return widest


def _groups(rows: Iterator[Cells]) -> Iterator[tuple[list[Cells], Iterator[Cells]]]:
    """Rows between empty ones: how they begin, and the others."""
    while True:
        opening: list[Cells] = []
        ended = False
        for row in rows:
            if row:
                opening.append(row)
            ended = bool(opening) and not row
            if ended or len(opening) == _OPENING:
                break
        if not opening:
            return
        yield opening, iter(()) if ended else takewhile(bool, rows)


def _continues(opening: Sequence[Cells], at: int, head: _Head) -> bool:
    """Whether rows behind an empty one go on with the table before: they lie under its heading row
    and have none of their own."""
    row = opening[at]
    own = len(row) > 1 and _is_words(row)
    return not own and len(head.cells) > 1 and max(row) <= max(head.cells)


def _is_words(row: Cells) -> bool:
    return not any(c.isdigit() for text in row.values() for c in text)


def _head(opening: Sequence[Cells], at: int, marked: Callable[[Cells], Cells]) -> _Head:
    alone = [next(iter(row.values())) for row in opening[:at] if len(row) == 1]
    title = alone[-1] if alone and len(alone[-1]) <= _LONGEST_TITLE else ""
    return _Head(marked(opening[at]), title, min(map(min, opening)))


def _blocks(head: _Head, rows: Iterable[Cells], above: Sequence[Cells]) -> Iterator[Block]:
    """Lines in blocks. A long head is no line: its names stand in every row."""
    line = _line(head.cells, head)
    is_short = len(line) <= _LONGEST_HEAD
    again = [line] if is_short else []
    block = [*(_line(row, head) for row in above), line]
    length, fresh = sum(map(len, block)), len(block)
    for row in rows:
        text = _line(row, head, named=not is_short)
        if length + len(text) > _BLOCK and len(block) > fresh:
            yield Block("\n".join(block), head.title)
            block = [*again]
            length, fresh = sum(map(len, block)), max(1, len(block))
        block.append(text)
        length += len(text)
    yield Block("\n".join(block), head.title)


def _line(row: Cells, head: _Head, named: bool = False) -> str:
    """Cells in their columns; each with its column's name where too many are empty to count."""
    if named or _has_gaps(row, head):
        return " | ".join(_named(column, text, head) for column, text in row.items())
    pieces, at = list[str](), min(head.first, next(iter(row)))
    for column, text in row.items():
        pieces.append(" | " * (column - at) + text)
        at = column
    return "".join(pieces)


def _has_gaps(row: Cells, head: _Head) -> bool:
    at = min(head.first, next(iter(row)))
    for column in row:
        if column - at > _FAR_APART:
            return True
        at = column
    return False


def _named(column: int, text: str, head: _Head) -> str:
    name = head.cells.get(column, "")
    return f"{name}: {text}" if name and name != text else text
