"""PDF: the text of each page, under the titles of the outline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from rag.loaders.headings import Headings
from rag.loaders.values import Began, LoadError, Piece, Source, Unread
from rag.values import Part

_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\n(?=[a-zçğıöşüâîû])")
_SPACES = re.compile(r"[ \t]{2,}")
_MOST_TITLES = 5_000
_PAGE_NUMBER = 10
"""Characters of a page with no more text than its number."""
_DEEPEST_PICTURE = 2
Outline = dict[int, list[tuple[int, str]]]
"""Levels and titles of the headings that begin on a page; pages from 0."""


def parts(source: Source) -> Iterator[Piece]:
    """A part for each heading on each page. Raises LoadError."""
    reader = _opened(source)
    pages = len(reader.pages)
    outline, headings = _outline(reader), Headings()
    for index in range(pages):
        page, titles = index + 1, outline.get(index, [])
        if not source.wants(page):
            for level, title in titles:
                headings.open(level, title)
            continue
        yield Began(page, pages)
        try:
            text = _text(reader, index)
        except (MemoryError, LoadError):
            raise
        except Exception:  # one bad page must not cost the others
            yield Unread(page, page, "damaged")
            continue
        if len(text.strip()) <= _PAGE_NUMBER and _has_picture(reader, index):
            yield Unread(page, page, "scanned")
            text = ""
        yield from _split(text, index, titles, headings)


def _opened(source: Source) -> PdfReader:
    try:
        reader = PdfReader(source.path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise LoadError("encrypted")
    except (FileNotDecryptedError, WrongPasswordError, DependencyError) as error:
        raise LoadError("encrypted", str(error)) from error
    return reader


def _text(reader: PdfReader, index: int) -> str:
    text = reader.pages[index].extract_text()
    return _SPACES.sub(" ", _HYPHEN.sub("", text))


def _split(
    text: str, index: int, titles: list[tuple[int, str]], headings: Headings
) -> Iterator[Part]:
    """The page in pieces, each under its heading: cut where the title stands, if it is found."""
    start = 0
    for level, title in titles:
        at = _place(text, title, start)
        if len(text[start:at].strip()) > _PAGE_NUMBER:
            yield Part(text[start:at], index + 1, headings.path)
        start = at
        headings.open(level, title)
    yield Part(text[start:], index + 1, headings.path)


def _place(text: str, title: str, start: int) -> int:
    """Where the title stands after `start`, at the beginning of a line or after its number;
    `start` where it does not."""
    pattern = r"\s+".join(map(re.escape, title.split()))
    found = re.compile(pattern).search(text, start)
    return max(start, text.rfind("\n", 0, found.start()) + 1) if found else start


def _outline(reader: PdfReader) -> Outline:
    """The headings by page; none where the outline cannot be read, since it is an extra."""
    found: Outline = {}
    with suppress(Exception):
        _walk(reader, reader.outline, 1, found)
    return found


def _walk(reader: PdfReader, items: list[Any], level: int, found: Outline) -> None:
    for item in items:
        if isinstance(item, list):
            _walk(reader, item, level + 1, found)
            continue
        if sum(map(len, found.values())) > _MOST_TITLES:
            return
        page = reader.get_destination_page_number(item)
        if page is not None and page >= 0 and item.title:
            found.setdefault(page, []).append((level, str(item.title)))


def _has_picture(reader: PdfReader, index: int) -> bool:
    with suppress(Exception):
        return _shows_picture(reader.pages[index], _DEEPEST_PICTURE)
    return False


def _shows_picture(holder: Any, depth: int) -> bool:
    """Whether a page or form draws an image, or a form in it does; the image is not unpacked."""
    resources = _inner(holder, "/Resources")
    drawn = [one.get_object() for one in _inner(resources, "/XObject").values()]
    if any(one.get("/Subtype") == "/Image" for one in drawn):
        return True
    forms = [one for one in drawn if one.get("/Subtype") == "/Form"]
    return depth > 0 and any(_shows_picture(one, depth - 1) for one in forms)


def _inner(holder: Any, key: str) -> Any:
    """A dictionary in another one, looked up where it is a reference; empty where it is none."""
    with suppress(KeyError):
        return holder[key]
    return {}
