"""The text of scanned pages and pictures, as a loader gives it. Runs in a reading process."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from rag.loaders.values import Began, Piece, Source, Unread
from rag.ocr.engine import Engine
from rag.ocr.layout import page_text
from rag.ocr.pictures import PdfFile, PictureFile, TooLarge
from rag.values import Part

_HEAD = 1024
_engine = cache(Engine)


def parts(source: Source) -> Iterator[Piece]:
    """A part for each wanted page of a PDF or picture file. Raises LoadError."""
    file = _opened(source)
    for page in range(1, file.pages + 1):
        if not source.wants(page):
            continue
        yield Began(page, file.pages)
        try:
            text = page_text(_engine().lines(file.picture(page)))
        except TooLarge:
            yield Unread(page, page, "large_picture")
            continue
        yield Part(text, page, ocr=True) if text else Unread(page, page, "no_text")


def _opened(source: Source) -> PdfFile | PictureFile:
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
    return PdfFile(source) if b"%PDF-" in head else PictureFile(source)
