"""The text of a file: what its loader reads, and by OCR the pages that are only pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

from rag.load import load
from rag.loaders.reading import Report, joined
from rag.loaders.values import Loaded, LoadError, LoadLimits, Unread, UnreadKey

_LIMITS = LoadLimits(seconds=90.0, file_seconds=4 * 3600.0, memory=2 << 30)
"""A dense page takes some 10 s of a CPU and 1.3 GB of address space, 0.6 GB of memory."""


def read(path: Path, name: str, report: Report | None = None, ocr: bool = False) -> Loaded:
    """The text of a file, which its owner calls `name`. With `ocr` scanned pages are read, too:
    afterwards none is unread as "scanned". Raises LoadError, and what `report` raises, which is
    called with the share that is read, from 0 on again where OCR begins."""
    try:
        loaded = load(path, name, report=report)
    except LoadError as error:
        if error.key != "scanned" or not ocr:
            raise
        return load(path, name, _LIMITS, report, reader="ocr")
    pages = tuple(_scanned(loaded))
    return _completed(path, name, loaded, pages, report) if ocr and pages else loaded


def _scanned(loaded: Loaded) -> Iterator[int]:
    for one in loaded.unread:
        if one.key == "scanned":
            yield from range(one.first, one.last + 1)


def _completed(
    path: Path, name: str, loaded: Loaded, pages: tuple[int, ...], report: Report | None
) -> Loaded:
    try:
        found = load(path, name, _LIMITS, report, reader="ocr", pages=pages)
    except LoadError as error:
        known = error.key in get_args(UnreadKey)
        key = cast(UnreadKey, error.key) if known else "damaged"
        found = Loaded((), 0, tuple(Unread(page, page, key) for page in pages))
    others = [one for one in loaded.unread if one.key != "scanned"]
    parts = sorted([*loaded.parts, *found.parts], key=lambda part: part.page or 0)
    return Loaded(tuple(parts), loaded.pages, joined([*others, *found.unread]))
