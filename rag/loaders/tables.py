"""Tables as text: a row a line, the first row again at the head of every block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_BLOCK = 900
"""Characters of a block: with its head it fits into one chunk."""
_LONGEST_HEAD = 300
_FAR_APART = re.compile(r"( \| ){5,}")


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows as lines, in blocks that stand for themselves: what is found of a long table still says
    what its columns are."""
    return "\n\n".join(_blocks(filter(None, map(_line, rows))))


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    head = next(lines, "")
    again = [head] if len(head) <= _LONGEST_HEAD else []
    block, length = [head], len(head)
    for line in lines:
        if length + len(line) > _BLOCK and len(block) > 1:
            yield "\n".join(block)
            block, length = [*again], sum(map(len, again))
        block.append(line)
        length += len(line)
    yield "\n".join(block)


def _line(row: Sequence[str]) -> str:
    cells = [" ".join(cell.split()) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return _FAR_APART.sub(" | ", " | ".join(cells)).removeprefix(" | ")
