"""The pages of a PDF by pdfium, and by pypdf where pdfium refuses."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from pypdfium2 import PdfiumError

from rag.loaders.pdf.content import Content, Document, Outline
from rag.loaders.pdf.first import Pdfium
from rag.loaders.values import Source

if TYPE_CHECKING:
    from rag.loaders.pdf.second import Pypdf

_DAMAGED = Content((), unread="damaged")


class Reader:
    """An open file. Raises LoadError, and what pypdf raises where neither can open it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._other: Pypdf | None = None
        self._asked = False
        self._document = _opened(source)
        self.pages = self._document.pages

    def outline(self) -> Outline:
        """The headings by page, from 0."""
        return self._document.outline()

    def content(self, index: int) -> Content:
        """A page, from 0; without text where neither can read it."""
        try:
            content = self._document.content(index)
            return self._checked(content, index) if content.bare else content
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
        other = self._opened_other()
        try:
            return other.content(index) if other else _DAMAGED
        except MemoryError:
            raise
        except Exception:  # of a damaged page pypdf raises anything
            return _DAMAGED

    def _checked(self, content: Content, index: int) -> Content:
        """A page without anything on it, marked as damaged where its contents are no blank page's:
        pdfium says nothing of contents it cannot follow."""
        other = self._opened_other()
        try:
            broken = other is not None and other.is_broken(index)
        except MemoryError:
            raise
        except Exception:
            broken = True
        return replace(content, unread="damaged") if broken else content

    def _opened_other(self) -> Pypdf | None:
        """pypdf's reading of the file; none where it cannot open it or counts its pages otherwise,
        as it leaves a page out where it is none."""
        if not self._asked:
            self._asked = True
            try:
                self._other = _by_pypdf(self._source)
            except MemoryError:
                raise
            except Exception:  # of a damaged file pypdf raises anything
                return None
        return self._other if self._other and self._other.pages == self.pages else None


def _opened(source: Source) -> Document:
    with suppress(PdfiumError):
        document = Pdfium(source.path)
        if document.pages:
            return document
        document.close()
    return _by_pypdf(source)


def _by_pypdf(source: Source) -> Pypdf:
    from rag.loaders.pdf.second import Pypdf  # most files do without it

    return Pypdf(source.path)
