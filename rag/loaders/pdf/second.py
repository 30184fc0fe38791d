"""A PDF as pypdf reads it: slowly and without places, but also where pdfium refuses."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from rag.loaders.pdf.content import HARDLY_ANY, MOST_TITLES, Content, Outline
from rag.loaders.pdf.page import Line
from rag.loaders.pdf.streams import is_broken
from rag.loaders.values import LoadError

_DEEPEST_PICTURE = 2


class Pypdf:
    """An open file. Raises LoadError("encrypted"), and whatever pypdf does."""

    def __init__(self, path: Path) -> None:
        try:
            self._reader = PdfReader(path)
            if self._reader.is_encrypted and not self._reader.decrypt(""):
                raise LoadError("encrypted")
        except (FileNotDecryptedError, WrongPasswordError, DependencyError) as error:
            raise LoadError("encrypted", str(error)) from error
        self.pages = len(self._reader.pages)

    def outline(self) -> Outline:
        """The headings by page; none where the outline cannot be read, since it is an extra."""
        found: Outline = {}
        with suppress(Exception):
            self._walk(self._reader.outline, 1, found)
        return found

    def content(self, index: int) -> Content:
        """A page, its lines without their places."""
        page = self._reader.pages[index]
        text = page.extract_text()
        unread = len(text.strip()) <= HARDLY_ANY and _shows_picture(page, _DEEPEST_PICTURE)
        if unread:
            return Content((), unread="scanned")
        return Content(tuple(Line(line) for line in text.split("\n")))

    def is_broken(self, index: int) -> bool:
        """Whether the contents of a page that shows nothing should show something, or are none of
        a PDF. Raises whatever pypdf does where it cannot follow them."""
        return is_broken(self._reader.pages[index])

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def _walk(self, items: list[Any], level: int, found: Outline) -> None:
        for item in items:
            if isinstance(item, list):
                self._walk(item, level + 1, found)
                continue
            if sum(map(len, found.values())) > MOST_TITLES:
                return
            page = self._reader.get_destination_page_number(item)
            if page is not None and page >= 0 and item.title:
                found.setdefault(page, []).append((level, str(item.title)))


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
