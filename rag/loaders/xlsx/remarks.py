"""What a sheet says about its cells elsewhere: notes, comments, and cells that are merged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from rag.loaders.xlsx.book import Book, Sheet
from rag.loaders.xlsx.references import column_of

_MERGED = re.compile(rb"mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_END = b"sheetData>"
_PIECE = 1 << 20
_LONGEST_TAIL = 8 << 20
_LONGEST_NOTE = 2_000


@dataclass(slots=True)
class _Merged:
    column: str
    first: int
    last: int
    text: str = ""


@dataclass(slots=True)
class Remarks:
    """Notes by their cell, and columns of cells merged downwards."""

    notes: dict[str, str] = field(default_factory=dict)
    spans: dict[int, list[_Merged]] = field(default_factory=dict)
    """Merged cells by the row they begin in."""
    _open: dict[int, _Merged] = field(default_factory=dict)
    """Those that reach into the row at hand, one a column."""

    def of(self, reference: str | None) -> str:
        """The note of a cell, once; "" where it has none."""
        return self.notes.pop(reference, "") if self.notes and reference else ""

    def left(self) -> Iterator[tuple[str, str]]:
        """Notes of cells that are not there, by their references."""
        yield from self.notes.items()

    def merged(self, row: int, cells: dict[int, str]) -> dict[int, str]:
        """The cells of a row, with what cells above that reach into it say."""
        if not self.spans and not self._open:
            return cells
        filled = dict(cells)
        for column, one in list(self._open.items()):
            if one.last < row:
                del self._open[column]
            elif cells and one.text:
                filled.setdefault(column, one.text)
        for one in self.spans.pop(row, ()):
            column = column_of(one.column)
            one.text = cells.get(column, "")
            self._open[column] = one
        return dict(sorted(filled.items()))


def remarks_of(book: Book, sheet: Sheet) -> Remarks:
    """The remarks of a sheet; none where they cannot be read, since they are extras."""
    found = Remarks()
    with suppress(KeyError, OSError, ValueError, etree.LxmlError):
        found.spans = _spans(book, sheet)
    with suppress(KeyError, OSError, ValueError, etree.LxmlError):
        found.notes = _notes(book, sheet)
    return found


def _spans(book: Book, sheet: Sheet) -> dict[int, list[_Merged]]:
    """Cells merged over rows. They stand behind the rows in the file, so the tail is read first."""
    tail = b""
    with book.open(sheet.path) as file:
        while piece := file.read(_PIECE):
            before, end, behind = (tail[-len(_END) :] + piece).partition(_END)
            tail = behind if end else before
            if end and b"</" in before[-40:]:
                tail = behind + file.read(_LONGEST_TAIL)
                break
    spans: dict[int, list[_Merged]] = {}
    for column, first, _, last in _MERGED.findall(tail):
        if int(last) > int(first):
            one = _Merged(column.decode(), int(first), int(last))
            spans.setdefault(one.first, []).append(one)
    return spans


def _notes(book: Book, sheet: Sheet) -> dict[str, str]:
    """Texts by cell. A thread of comments replaces the note it leaves for old programs."""
    texts: dict[str, list[str]] = {}
    threads: dict[str, list[str]] = {}
    for kind, path in book.related(sheet.path).values():
        if kind == "comments":
            _collect(book.root(path), "comment", "t", texts)
        elif kind == "threadedComment":
            _collect(book.root(path), "threadedComment", "text", threads)
    joined: Mapping[str, list[str]] = texts | threads
    label = book.locale.note
    return {
        reference: f"[{label}: {' '.join(' '.join(said).split())[:_LONGEST_NOTE]}]"
        for reference, said in joined.items()
        if "".join(said).strip()
    }


def _collect(root: Any, element: str, text: str, found: dict[str, list[str]]) -> None:
    for one in root.iter(f"{{*}}{element}"):
        said = "".join(piece.text or "" for piece in one.iter(f"{{*}}{text}"))
        found.setdefault(one.get("ref", ""), []).append(said)
