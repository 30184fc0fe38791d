"""What both libraries give of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.loaders.pdf.page import Item
from rag.loaders.values import UnreadKey

HARDLY_ANY = 10
"""Characters of a page with no more text than its number."""
MOST_TITLES = 5_000
Outline = dict[int, list[tuple[int, str]]]
"""Levels and titles of the headings that begin on a page; pages from 0."""


@dataclass(frozen=True, slots=True)
class Content:
    """A page's text in reading order, the notes on it, and why text is missing, if any is; `bare`
    says that pdfium found nothing drawn on it."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()
    unread: UnreadKey | None = None
    bare: bool = False


class Document(Protocol):
    """An open PDF; pages count from 0."""

    pages: int

    def outline(self) -> Outline:
        """The headings by page; none where there are none to read."""
        ...

    def content(self, index: int) -> Content:
        """A page. Raises whatever the library does."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...
