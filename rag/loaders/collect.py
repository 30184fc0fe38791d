"""What every loader's parts go through: limits, and text without what no text needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rag.loaders.values import Loaded, LoadError, LoadLimits
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
_LINE = {0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n\n"}
_LONGEST_TITLES = 500
_PICTURE = re.compile(r"data:[\w.+-]{1,40}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=]*")
_CLEAN = {**_GONE, **_SPACE, **_LINE}


def collected(parts: Iterable[Part], limits: LoadLimits) -> Loaded:
    """All parts, cleaned. Raises LoadError where they are too many or say nothing."""
    kept: list[Part] = []
    pages = characters = 0
    for part in _titled(parts):
        pages = max(pages, part.page or 0)
        characters += len(part.text)
        if pages > limits.pages:
            raise LoadError("too_large", f"{pages} > {limits.pages}")
        if characters > limits.characters:
            raise LoadError("too_large", f"{characters} > {limits.characters}")
        text = clean(part.text).strip("\n").rstrip()
        if text.strip():
            heading = tuple(clean(title) for title in part.heading)
            kept.append(Part(text, part.page, heading, part.kind))
    if not kept:
        raise LoadError("empty")
    return Loaded(tuple(kept), pages)


def _titled(parts: Iterable[Part]) -> Iterator[Part]:
    """Titles go with the text under them: alone they would be found in place of it."""
    held: Part | None = None
    for part in parts:
        if held and part.text.strip():
            if held.page == part.page and part.heading[: len(held.heading)] == held.heading:
                part = replace(part, text=f"{held.text.strip()}\n\n{part.text}")
            else:
                yield held
            held = None
        if _ends_with_title(part) and len(part.text) < _LONGEST_TITLES:
            held = part
        else:
            yield part
    if held:
        yield held


def _ends_with_title(part: Part) -> bool:
    """Whether there is nothing in it but titles."""
    last = part.text.rpartition("\n")[2]
    return bool(part.heading) and " ".join(last.split()) == part.heading[-1]


def clean(text: str) -> str:
    """Letters composed (a PDF may hold ğ as g and a breve), lines ended alike, and no control
    characters, half surrogates, soft hyphens or pictures written as letters."""
    if ";base64," in text:
        text = _PICTURE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)
