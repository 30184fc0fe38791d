"""PDF: the text of each page in reading order, under its headings, with tables, fields and notes.

pdfium reads it; a page or a file that pdfium refuses is read by pypdf.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from rag.loaders.headings import Headings
from rag.loaders.pdf.content import Content
from rag.loaders.pdf.heads import Heads
from rag.loaders.pdf.page import Line
from rag.loaders.pdf.reader import Reader
from rag.loaders.pdf.sections import by_looks, by_outline
from rag.loaders.pdf.sections import parts as parts_of_page
from rag.loaders.pdf.titles import Titles
from rag.loaders.values import Began, LoadError, Piece, Source, Unread


def parts(source: Source) -> Iterator[Piece]:
    """The parts of each page. Raises LoadError, and what pypdf raises where it cannot open it."""
    with closing(Reader(source)) as reader:
        if not reader.pages:
            raise LoadError("empty", "0 pages")
        yield from _pages(source, reader)


def _pages(source: Source, reader: Reader) -> Iterator[Piece]:
    outline, headings = reader.outline(), Headings()
    heads, titles = Heads(), Titles()
    for index in range(reader.pages):
        known = outline.get(index, [])
        if not source.wants(index + 1):
            for level, title in known:
                headings.open(level, title)
            continue
        yield Began(index + 1, reader.pages)
        content = reader.content(index)
        if content.unread:
            yield Unread(index + 1, index + 1, content.unread)
        content = _without_heads(content, index + 1, heads)
        titles.see([item for item in content.items if isinstance(item, Line)])
        marks = by_outline(content.items, known) if outline else by_looks(content.items, titles)
        yield from parts_of_page(content, index + 1, marks, headings)


def _without_heads(content: Content, page: int, heads: Heads) -> Content:
    lines = [item for item in content.items if isinstance(item, Line)]
    repeated = {id(line) for line in heads.found(page, lines)}
    return replace(content, items=tuple(i for i in content.items if id(i) not in repeated))
