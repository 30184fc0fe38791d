"""What a text says word for word, whatever its marks: how quotations are compared."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3}){0,9})\](?!\()")
"""A citation mark: the numbers of passages."""
_UNSAID = re.compile(
    rf"{MARK.pattern}|</?[a-zA-Z][^<>\n]{{0,300}}>"
    r"|(?<=\])\([^()\s]{1,2000}\)|^[ \t]*(?:>[ \t]?)+",
    re.MULTILINE,
)
_ALIKE = str.maketrans("‐‑‒–—―−_", "------- ")
_WORD = re.compile(
    r"(?<!\w)-?\d+(?:[.,:/-]\d+)*|\d+(?:[.,:/-]\d+)*|(?:[^\W\d][\u0300-\u036f]*)+|[%+=€£₺¥°±]"
)
_DOTLESS = str.maketrans("ıİ", "ii")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text as one string, in lower case and with nothing between them, so that a
    word broken by the end of a line reads as the whole one; numbers keep their signs and stay
    apart. Each word begins and ends at a place of the string, and of the text it was read from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def find_all(self, parts: Sequence[Wording]) -> list[tuple[int, int]] | None:
        """Where in the text each part stands, one behind the other; None where one does not."""
        found: list[tuple[int, int]] = []
        after = 0
        for part in parts:
            words = self._find(part.text, after)
            if words is None:
                return None
            found.append((self.places[words[0]][0], self.places[words[1]][1]))
            after = words[1] + 1
        return found

    def _find(self, said: str, after: int) -> tuple[int, int] | None:
        """The first and the last word of what is said, from a word on."""
        at = self.starts[after] if after < len(self.starts) else len(self.text)
        while (at := self.text.find(said, at)) >= 0:
            first, end = bisect_left(self.starts, at), at + len(said)
            last = bisect_left(self.ends, end)
            if self.starts[first : first + 1] == (at,) and self.ends[last : last + 1] == (end,):
                return first, last
            at += 1
        return None


@lru_cache(maxsize=256)
def wording(text: str) -> Wording:
    """The words of a text; citation marks, HTML's tags and Markdown's signs are none."""
    shown = _UNSAID.sub(lambda found: " " * len(found[0]), text).translate(_ALIKE)
    places = [found.span() for found in _WORD.finditer(shown)]
    said, starts, ends = "", [], []
    for start, end in places:
        word = unicodedata.normalize("NFKC", shown[start:end]).translate(_DOTLESS).lower()
        said += " " * (said[-1:].isdigit() and word[-1].isdigit())
        starts.append(len(said))
        said += word
        ends.append(len(said))
    return Wording(said, tuple(starts), tuple(ends), tuple(places))
