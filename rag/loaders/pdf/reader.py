"""The pages of a PDF by pdfium, and by pypdf where pdfium refuses."""

from __future__ import annotations

from contextlib import suppress

from pypdfium2 import PdfiumError

from rag.loaders.pdf.content import Content, Document, Outline
from rag.loaders.pdf.first import Pdfium
from rag.loaders.values import Source

_DAMAGED = Content((), unread="damaged")


class Reader:
    """An open file. Raises LoadError, and what pypdf raises where neither can open it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._other: Document | None = None
        self._asked = False
        self._document = _opened(source)
        self.pages = self._document.pages

    def outline(self) -> Outline:
        """The headings by page, from 0."""
        return self._document.outline()

    def content(self, index: int) -> Content:
        """A page, from 0; without text where neither can read it."""
        try:
            return self._document.content(index)
        except PdfiumError:
            return self._by_other(index)
        except MemoryError:
            raise
        except Exception:  # one bad page must not cost the others
            return _DAMAGED

    def close(self) -> None:
        """Close the file."""
        self._document.close()
        if self._other:
            self._other.close()

    def _by_other(self, index: int) -> Content:
        try:
            if not self._asked:
                self._asked = True
                self._other = _by_pypdf(self._source)
            # pypdf leaves a page out where it is none, and then counts the others otherwise.
            same = self._other is not None and self._other.pages == self.pages
            return self._other.content(index) if self._other and same else _DAMAGED
        except MemoryError:
            raise
        except Exception:  # of a damaged page pypdf raises anything
            return _DAMAGED


def _opened(source: Source) -> Document:
    with suppress(PdfiumError):
        document = Pdfium(source.path)
        if document.pages:
            return document
        document.close()
    return _by_pypdf(source)


def _by_pypdf(source: Source) -> Document:
    from rag.loaders.pdf.second import Pypdf  # most files do without it

    return Pypdf(source.path)
