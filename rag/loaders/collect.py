"""What every loader's pieces go through: limits, and text without what no text needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rag.loaders.values import Began, LoadError, Piece, Source, Unread
from rag.values import Part

_GONE = dict.fromkeys(
    [
        *range(9),
        0x0B,
        *range(0x0E, 0x20),
        0x7F,
        0xAD,
        0x200B,
        0x2060,
        0xFEFF,
        *range(0xD800, 0xE000),
    ]
)
_SPACE = dict.fromkeys([0xA0, 0x202F, 0x2007], " ")
_HYPHEN = {0x2011: "-"}
_LINE = {0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n\n"}
_LONGEST_TITLES = 500
_PICTURE = re.compile(r"data:[\w.+-]{1,40}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=]*")
_CLEAN = {**_GONE, **_SPACE, **_HYPHEN, **_LINE}


def collected(pieces: Iterable[Piece], source: Source) -> Iterator[Piece]:
    """The pieces with their texts cleaned, as they come; from a limit on the pages are unread.
    Raises LoadError("too_large") where a format without pages is beyond it."""
    limits, began, characters = source.limits, Began(0, 0), 0
    rest = _titled(_wanted(pieces, source))
    for piece in rest:
        if isinstance(piece, Unread):
            yield piece
            continue
        if isinstance(piece, Began):
            began = piece
        else:
            characters += len(piece.text)
        page = piece.page or began.page
        if page > limits.pages or characters > limits.characters:
            yield _beyond(page, began.pages, rest, characters)
            return
        yield from _cleaned(piece)


def _wanted(pieces: Iterable[Piece], source: Source) -> Iterator[Piece]:
    for piece in pieces:
        page = piece.first if isinstance(piece, Unread) else piece.page
        if page is None or source.wants(page):
            yield piece


def _beyond(page: int, pages: int, rest: Iterable[Piece], characters: int) -> Unread:
    """All from a page on. Raises LoadError where there are no pages."""
    if not page:
        raise LoadError("too_large", f"{characters} characters")
    last = pages or max((one.page or 0 for one in rest if isinstance(one, Part)), default=0)
    return Unread(page, max(page, last), "too_large")


def _cleaned(piece: Part | Began) -> Iterator[Piece]:
    if isinstance(piece, Began):
        yield piece
        return
    text = clean(piece.text).strip("\n").rstrip()
    if text.strip():
        yield replace(piece, text=text, heading=tuple(map(clean, piece.heading)))


def _titled(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Titles go with the text under them: alone they would be found in place of it."""
    held: Part | None = None
    for piece in pieces:
        if held and not (isinstance(piece, Part) and not piece.text.strip()):
            if isinstance(piece, Part) and _goes_on(held, piece):
                piece = replace(piece, text=f"{held.text.strip()}\n\n{piece.text}")
            else:
                yield held
            held = None
        if isinstance(piece, Part) and _is_title(piece):
            held = piece
        else:
            yield piece
    if held:
        yield held


def _goes_on(held: Part, part: Part) -> bool:
    """Whether a part stands under the title held, on its page."""
    return held.page == part.page and part.heading[: len(held.heading)] == held.heading


def _is_title(part: Part) -> bool:
    """Whether there is nothing in it but titles."""
    last = part.text.rpartition("\n")[2]
    alone = bool(part.heading) and " ".join(last.split()) == part.heading[-1]
    return alone and len(part.text) < _LONGEST_TITLES


def clean(text: str) -> str:
    """Letters composed (a PDF may hold ğ as g and a breve), lines ended alike, and no control
    characters, half surrogates, soft hyphens or pictures written as letters."""
    if ";base64," in text:
        text = _PICTURE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)
