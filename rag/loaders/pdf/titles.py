"""Which lines of a PDF are headings, where it has no outline that says so."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from rag.loaders.pdf.page import Line

_CLAUSE = re.compile(r"([^\W\d_]{3,12}\.? \d{1,3})\s*(?:([-–—:.)])\s*(.*)|$)")
"""A word and its number: "MADDE 5 –", "Article 12 -", "BÖLÜM 3"."""
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+[^\W\d_a-zçğıöşü]")
"""A number of a heading below another, and a capital: "1.2 Title"."""
_TOP = re.compile(r"(\d{1,2}|[IVX]{1,5}|[A-Z])[.)]?\s+[^\W\d_]")
_LARGER = 1.15
_LONGEST = 90
_LONGEST_WORDS = 12
_FILLED = 0.7
_LEADERS = re.compile(r"\.{3,}|(\. ){3,}|\s\d+$")
_OWN = 1_000
"""The level of a numbered line in the size of the text: below all larger ones."""


@dataclass(frozen=True, slots=True)
class Title:
    """A heading and its level; a larger one is further down."""

    level: int
    text: str


@dataclass(slots=True)
class Titles:
    """Given the pages one after the other, knows their headings by size and number."""

    _letters: Counter[float] = field(default_factory=Counter)

    def see(self, lines: list[Line]) -> None:
        """Learn from a page which size its text has."""
        for line in lines:
            self._letters[round(line.size, 1)] += len(line.text)

    def title(self, line: Line, after: Line | None) -> Title | None:
        """The heading a line is, if it is one; `after` is the line below it."""
        text = " ".join(line.text.split())
        if len(text) > _LONGEST or _LEADERS.search(text) or not any(map(str.isalpha, text)):
            return _clause(text, line, after) if line.begins else None
        usual = self._letters.most_common(1)[0][0] if self._letters else 0.0
        if usual and line.size >= _LARGER * usual and _is_short(text):
            return Title(_OWN - round(2 * line.size), text)
        return _numbered(line, text, after)


def _numbered(line: Line, text: str, after: Line | None) -> Title | None:
    if line.size and not line.begins:
        return None
    found = _NUMBERED.match(text)
    if found and _is_short(text) and not text.endswith((".", ",", ";")):
        return Title(_OWN + found[1].count(".") + 1, text)
    if _TOP.match(text) and text.isupper() and _is_short(text):
        return Title(_OWN + 1, text)
    return _clause(text, line, after)


def _clause(text: str, line: Line, after: Line | None) -> Title | None:
    """The heading at the beginning of a line, with the rest where that is no text of its own. The
    number of a table or a picture is mostly written in small letters, before a point or a colon."""
    found = _CLAUSE.match(text)
    if not found or not text[0].isupper():
        return None
    number, mark, rest = found.groups()
    if mark not in ("-", "–", "—") and not number.isupper():
        return None
    goes_on = after is not None and not after.begins and _fills(line, after)
    alone = not goes_on and _is_short(text) and not text.endswith((".", ";", ","))
    return Title(_OWN + 1, text if rest and alone else number)


def _fills(line: Line, after: Line) -> bool:
    """Whether a line is so long that the one below may go on with its sentence."""
    return line.x1 - line.x0 >= _FILLED * (after.x1 - after.x0)


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST and len(text.split()) <= _LONGEST_WORDS
