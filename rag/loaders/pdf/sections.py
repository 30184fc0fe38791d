"""A page in parts: each under its heading, tables by themselves."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rag.loaders.headings import Headings
from rag.loaders.pdf.boxes import Table
from rag.loaders.pdf.content import Content
from rag.loaders.pdf.page import Item, Line
from rag.loaders.pdf.text import joined, plain
from rag.loaders.pdf.titles import Title, Titles
from rag.loaders.tables import table
from rag.values import Part

Marks = list[tuple[int, Title]]
"""Headings of a page with the number of the item they begin at, in order."""


def by_outline(items: Sequence[Item], titles: Sequence[tuple[int, str]]) -> Marks:
    """The outline's headings at the lines they stand in; at the one before where they do not."""
    lines = [item.text if isinstance(item, Line) else "" for item in items]
    ends = list(accumulate(len(line) + 1 for line in lines))
    text, start = "\n".join(lines), 0
    made: Marks = []
    for level, title in titles:
        pattern = r"\s+".join(map(re.escape, title.split()))
        found = re.compile(pattern).search(text, start)
        start = found.start() if found else start
        made.append((bisect_right(ends, start), Title(level, title)))
    return made


def by_looks(items: Sequence[Item], titles: Titles) -> Marks:
    """The headings a page shows; one of two lines is one."""
    made: Marks = []
    for index, item in enumerate(items):
        after = items[index + 1] if index + 1 < len(items) else None
        below = after if isinstance(after, Line) else None
        found = titles.title(item, below) if isinstance(item, Line) else None
        if not found or not isinstance(item, Line):
            continue
        last = made[-1] if made else None
        if last and index and not item.begins and last[1].level == found.level:
            made[-1] = (last[0], Title(found.level, f"{last[1].text} {found.text}"))
        else:
            made.append((index, found))
    return made


def parts(content: Content, page: int, marks: Marks, headings: Headings) -> Iterator[Part]:
    """The parts of a page, its notes with the last of them."""
    start = 0
    for index, title in marks:
        yield from _section(content.items[start:index], page, headings)
        headings.open(title.level, title.text)
        start = index
    rest = list(_section(content.items[start:], page, headings))
    notes = "\n".join(content.notes)
    if notes:
        rest.append(Part(notes, page, headings.path))
    yield from rest


def _section(items: Sequence[Item], page: int, headings: Headings) -> Iterator[Part]:
    lines: list[Line] = []
    for item in items:
        if isinstance(item, Line):
            lines.append(item)
            continue
        yield from _text(lines, page, headings)
        lines = []
        yield Part(_table(item), page, headings.path, "table")
    yield from _text(lines, page, headings)


def _text(lines: Sequence[Line], page: int, headings: Headings) -> Iterator[Part]:
    if lines:
        yield Part(paragraphs(lines), page, headings.path)


def paragraphs(lines: Sequence[Line]) -> str:
    """Lines as text, with an empty one before each paragraph; what goes on in small letters is
    none, so a word broken between two columns is whole."""
    made: list[str] = []
    for line in lines:
        if made and line.begins and not line.text[:1].islower():
            made.append("")
        made.append(line.text)
    return joined(made)


def _table(found: Table) -> str:
    return table([plain(cell) for cell in row] for row in found.rows)
