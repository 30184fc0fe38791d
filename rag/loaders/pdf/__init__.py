"""PDF: the text of each page in reading order, under its headings, with tables, fields and notes.

pdfium reads it; a page or a file that pdfium refuses is read by pypdf.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

from pypdfium2 import PdfiumError

from rag.loaders.headings import Headings
from rag.loaders.pdf.content import Content, Document
from rag.loaders.pdf.first import Pdfium
from rag.loaders.pdf.heads import Heads
from rag.loaders.pdf.page import Line
from rag.loaders.pdf.sections import by_looks, by_outline
from rag.loaders.pdf.sections import parts as parts_of_page
from rag.loaders.pdf.titles import Titles
from rag.loaders.values import Began, LoadError, Piece, Source, Unread


def parts(source: Source) -> Iterator[Piece]:
    """The parts of each page. Raises LoadError, and what pypdf raises where it cannot open it."""
    with closing(_opened(source)) as document:
        if not document.pages:
            raise LoadError("empty", "0 pages")
        yield from _pages(source, document)


def _opened(source: Source) -> Document:
    try:
        return Pdfium(source.path)
    except PdfiumError:
        return _by_pypdf(source)


def _by_pypdf(source: Source) -> Document:
    from rag.loaders.pdf.second import Pypdf  # most files do without it

    return Pypdf(source.path)


def _pages(source: Source, document: Document) -> Iterator[Piece]:
    outline, headings = document.outline(), Headings()
    heads, titles = Heads(), Titles()
    for index in range(document.pages):
        if not source.wants(index + 1):
            for level, title in outline.get(index, []):
                headings.open(level, title)
            continue
        yield Began(index + 1, document.pages)
        content = _content(source, document, index)
        if content.unread:
            yield Unread(index + 1, index + 1, content.unread)
        content = _without_heads(content, index, heads)
        lines = [item for item in content.items if isinstance(item, Line)]
        titles.see(lines)
        known = outline.get(index, [])
        marks = by_outline(content.items, known) if outline else by_looks(content.items, titles)
        yield from parts_of_page(content, index + 1, marks, headings)


def _content(source: Source, document: Document, index: int) -> Content:
    """A page by the first library, else by the other."""
    with suppress(PdfiumError):
        return _read(document, index)
    try:
        with closing(_by_pypdf(source)) as other:
            return _read(other, index)
    except MemoryError:
        raise
    except Exception:  # of a damaged page pypdf raises anything
        return Content((), unread="damaged")


def _read(document: Document, index: int) -> Content:
    try:
        return document.content(index)
    except (MemoryError, PdfiumError):
        raise
    except Exception:  # one bad page must not cost the others
        return Content((), unread="damaged")


def _without_heads(content: Content, index: int, heads: Heads) -> Content:
    lines = [item for item in content.items if isinstance(item, Line)]
    repeated = {id(line) for line in heads.found(index + 1, lines)}
    return replace(content, items=tuple(i for i in content.items if id(i) not in repeated))
