"""What goes in and out of a loader, on both sides of the process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.values import Part

LoadKey = Literal[
    "scanned", "no_text", "empty", "damaged", "encrypted", "too_large", "too_long",
    "too_much_memory", "large_picture", "unsupported", "encoding",
]  # fmt: skip
UnreadKey = Literal[
    "scanned", "no_text", "damaged", "too_long", "too_much_memory", "too_large", "large_picture",
]  # fmt: skip
_LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """What one file may cost. `seconds` are of the clock, for a page where the format has pages,
    else for the file; `file_seconds` are for the whole file in any case. `memory` is the address
    space of the process in bytes (POSIX only); `pages` counts slides and sheets too; `characters`
    is the length of the text that comes out."""

    seconds: float = 18.0
    file_seconds: float = 900.0
    memory: int = 1 << 30
    pages: int = 2_000
    characters: int = 20_000_000
    file_bytes: int = 200 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file to load: where it lies, what its owner calls it, and what it may cost. A loader of a
    format with pages skips those before `start`, and where `pages` names some, all others."""

    path: Path
    name: str
    limits: LoadLimits
    start: int = 1
    pages: tuple[int, ...] = ()

    def wants(self, page: int) -> bool:
        """Whether a page is to be read."""
        return page >= self.start and (not self.pages or page in self.pages)

    @property
    def extension(self) -> str:
        """The extension of the owner's name in lower case, with its dot."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Began:
    """Says that a loader begins with a page, of so many; pages count from 1."""

    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Pages that gave no text, from `first` to `last`, and why (texts under `unread_page.`)."""

    first: int
    last: int
    key: UnreadKey


Piece = Part | Began | Unread
"""What a loader yields, in reading order."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document's text in reading order; `pages` is 0 where the format has none. `unread` are the
    pages whose text is missing."""

    parts: tuple[Part, ...]
    pages: int = 0
    unread: tuple[Unread, ...] = ()


class LoadError(Exception):
    """A file that gives no text. `key` says why (texts under `document_error.`), `detail` adds
    what there is to say in no language: a count, or the words of the library."""

    def __init__(self, key: LoadKey, detail: str = "") -> None:
        plain = "".join(c if c.isprintable() else " " for c in detail)
        detail = " ".join(plain.split())[:_LONGEST_DETAIL]
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key: LoadKey = key
        self.detail = detail
