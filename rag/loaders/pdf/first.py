"""A PDF as pdfium reads it."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from rag.language import language_of
from rag.loaders.pdf import extras, rules
from rag.loaders.pdf.boxes import ASKEW, Word
from rag.loaders.pdf.content import HARDLY_ANY, MOST_TITLES, Content, Outline
from rag.loaders.pdf.page import laid_out, turns
from rag.loaders.pdf.words import characters, is_unmapped, words
from rag.loaders.values import LoadError

_BOXES = {"tr": ("evet", "hayır"), "en": ("yes", "no"), "": ("evet", "hayır")}
"""What is said of a ticked and of an empty box, by the language of the page."""
_MOST_OBJECTS = 5_000
_DEEPEST_PICTURE = 3
_DRAWN_LETTERS = 100
"""Paths of a page without text whose letters may be drawn as outlines."""


class Pdfium:
    """An open file. Raises PdfiumError where pdfium cannot open it, LoadError("encrypted") where
    it asks for a password."""

    def __init__(self, path: Path) -> None:
        self._file: Any = pypdfium2.PdfDocument(_opened(path))
        with suppress(pypdfium2.PdfiumError):  # its text can be read without the form
            self._file.init_forms()
        self.pages = len(self._file)

    def outline(self) -> Outline:
        """The headings by page; none where the outline cannot be read, since it is an extra."""
        found: Outline = {}
        with suppress(Exception):
            for mark in islice(self._file.get_toc(), MOST_TITLES):
                place, title = mark.get_dest(), mark.get_title()
                page = place.get_index() if place else None
                if page is not None and page >= 0 and title.strip():
                    found.setdefault(page, []).append((mark.level + 1, title))
        return found

    def content(self, index: int) -> Content:
        """A page. Raises PdfiumError."""
        with closing(self._file[index]) as page, closing(page.get_textpage()) as text_page:
            return self._content(page, text_page)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _content(self, page: Any, text_page: Any) -> Content:
        text = characters(text_page)
        letters = len("".join(text.split()))
        unread = letters <= HARDLY_ANY and _shows_picture(page)
        unmapped = letters > HARDLY_ANY and is_unmapped(text_page, text)
        found = [] if unread or unmapped else words(text_page, text)
        turn = _turn(page, found)
        fields = self._fields(page, text, turn)
        found = extras.inserted(fields, found) if fields else found
        grids = rules.grids(rules.rules(page, turn)) if found else []
        notes = tuple(extras.notes(page))
        bare = not letters and pdfium.FPDFPage_CountObjects(page.raw) == 0
        return Content(
            tuple(laid_out(found, grids)), notes, "scanned" if unread or unmapped else None, bare
        )

    def _fields(self, page: Any, text: str, turn: int) -> list[tuple[str, Word]]:
        if not self._file.formenv:
            return []
        found = extras.fields(page, self._file.formenv.raw)
        language = language_of(" ".join([text, *(field.name for field in found)]))
        return [(one.name, extras.as_word(one, *_BOXES[language], turn)) for one in found]


def _opened(path: Path) -> Any:
    """pdfium's own document. The binding would also ask for an error where a file opens and has no
    pages: pdfium then gives the one of a file before, and the document stays open."""
    opened = pdfium.FPDF_LoadDocument(os.fsencode(path) + b"\x00", None)
    if opened:
        return opened
    code = pdfium.FPDF_GetLastError()
    if code == pdfium.FPDF_ERR_PASSWORD:
        raise LoadError("encrypted", "pdfium: password")
    raise pypdfium2.PdfiumError(f"pdfium cannot open it: {code}", err_code=code)


def _turn(page: Any, found: list[Word]) -> int:
    """How most of the page's text is turned; where there is none, how one reads the page."""
    straight = [turn for turn in turns(found) if turn != ASKEW]
    return straight[0] if straight else int(page.get_rotation() // 90)


def _shows_picture(page: Any) -> bool:
    """Whether a page draws an image, or so many paths that they may be letters; nothing is
    unpacked."""
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH]
    drawn = page.get_objects(filter=kinds, max_depth=_DEEPEST_PICTURE)
    paths = 0
    for one in islice(drawn, _MOST_OBJECTS):
        paths += one.type == pdfium.FPDF_PAGEOBJ_PATH
        if paths > _DRAWN_LETTERS or one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            return True
    return False
