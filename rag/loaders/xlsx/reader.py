"""A workbook's sheets as pages, in blocks of rows under their heading rows."""

from __future__ import annotations

from collections.abc import Iterator
from zipfile import ZipFile

from rag.loaders.tables import Block, Cells, blocks
from rag.loaders.values import Began, Piece, Source, Unread
from rag.loaders.xlsx.book import Book, Sheet
from rag.loaders.xlsx.remarks import remarks_of
from rag.loaders.xlsx.sheet import SheetRows
from rag.values import Part

_PART = 100_000
"""Characters of a part: enough that joining them costs nothing, little enough to be kept when the
rest of a sheet cannot be read."""


def parts(source: Source) -> Iterator[Piece]:
    """Parts for each sheet; sheets that are damaged or beyond the limits are named. Raises
    LoadError, and lxml's errors where the workbook itself is damaged."""
    with ZipFile(source.path) as archive:
        book = Book(archive)
        pages, left = len(book.sheets), source.limits.characters
        for page, sheet in enumerate(book.sheets, start=1):
            if not source.wants(page):
                continue
            if page > source.limits.pages or left <= 0:
                yield Unread(page, pages, "too_large")
                return
            yield Began(page, pages)
            for piece in _sheet(book, sheet, page, left):
                left -= len(piece.text) if isinstance(piece, Part) else 0
                yield piece


def _sheet(book: Book, sheet: Sheet, page: int, most: int) -> Iterator[Part | Unread]:
    """The parts of a sheet, at most so many characters."""
    name = f"{sheet.title} [{book.locale.hidden}]" if sheet.hidden else sheet.title
    rows = SheetRows(book, sheet, remarks_of(book, sheet))

    def marked(head: Cells) -> Cells:
        hidden = {column for one in rows.hidden_columns for column in one}
        label = f" [{book.locale.hidden}]"
        return {at: text + label if at in hidden else text for at, text in head.items()}

    for part in _parts(blocks(rows, marked), page, name):
        most -= len(part.text)
        if most < 0:
            yield Unread(page, page, "too_large")
            return
        yield part
    if rows.damaged:
        yield Unread(page, page, "damaged")


def _parts(found: Iterator[Block], page: int, name: str) -> Iterator[Part]:
    """Blocks of one title together."""
    held: list[str] = []
    title, length = "", 0
    for one in found:
        if held and (one.title != title or length > _PART):
            yield _part(held, page, name, title)
            held, length = [], 0
        title = one.title
        held.append(one.text)
        length += len(one.text)
    if held:
        yield _part(held, page, name, title)


def _part(texts: list[str], page: int, name: str, title: str) -> Part:
    return Part("\n\n".join(texts), page, (name, title) if title else (name,), "table")
