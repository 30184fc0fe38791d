"""Words as search sees them: without case, without diacritics, Turkish dotted and dotless i alike.

Text and query are folded character by character, so what matches never depends on a language.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

HIT_START, HIT_END = "\ue000", "\ue001"
_WORD = re.compile(r"[0-9a-z\x80-\U0010ffff]+")
_SPACES = re.compile(r"\s+")
_MARKS = str.maketrans("", "", HIT_START + HIT_END)
_MOST_QUERY_CHARACTERS = 400
_MOST_WORDS = 16
_SLICE = 1 << 16
_BEFORE, _AROUND = 20, 120
_WINDOW, _OVERLAP = 2048, 200


class _Folding(dict[int, str]):
    """Fills itself with every character it meets, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in "ıİ":
        return "i"
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    return "".join(_letter(part) for part in decomposed)


def _letter(part: str) -> str:
    if part.isalnum():
        return part
    # Marks and invisible joiners vanish within a word; everything else separates words.
    return "" if unicodedata.category(part) in ("Mn", "Mc", "Me", "Cf") else " "


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text as it is indexed: `İSTANBUL'a` reads `istanbul a`."""
    if text.isascii():
        return text.lower()
    # In slices, so that no other thread waits long for a huge text.
    slices = (text[at : at + _SLICE] for at in range(0, len(text), _SLICE))
    return "".join(part.translate(_FOLDING) for part in slices)


def query_words(text: str) -> tuple[str, ...]:
    """The words of a query, folded; empty where there is nothing to look for."""
    return tuple(_WORD.findall(fold(text[:_MOST_QUERY_CHARACTERS]))[:_MOST_WORDS])


def match_expression(words: tuple[str, ...]) -> str:
    """An FTS5 expression: all words, the last one as a beginning. Words hold no syntax."""
    return " AND ".join(f'"{word}"' for word in words) + "*"


def snippet(text: str, words: tuple[str, ...]) -> str:
    """About 120 characters around the first hit, hits marked; empty where nothing hits."""
    hits = _pattern(words)
    first = _first(text, hits)
    if first is None:
        return ""
    start = max(0, first - _BEFORE)
    start = _next_word(text, start) if start else 0
    part = text[start : start + _AROUND]
    shown = _SPACES.sub(" ", _marked(part.translate(_MARKS), hits)).strip()
    return ("…" if start else "") + shown + ("…" if start + _AROUND < len(text) else "")


def _first(text: str, hits: re.Pattern[str]) -> int | None:
    """Where the first hit begins; windows overlap, for most hits come early in a long text."""
    for at in range(0, len(text), _WINDOW):
        window = text[at : at + _WINDOW + _OVERLAP]
        folded = fold(window)
        # What touches the start of a later window may be half a word; the one before saw it whole.
        found = hits.search(folded, 1 if at else 0)
        if found:
            return at + _original(window, folded, found.start())
    return None


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    *whole, beginning = (re.escape(word) for word in words)
    inside = r"[0-9a-z\x80-\U0010ffff]"
    ends = [f"{word}(?!{inside})" for word in whole]
    return re.compile(f"(?<!{inside})(?:{'|'.join([*ends, f'{beginning}{inside}*'])})")


def _original(text: str, folded: str, place: int) -> int:
    """Where a place in the folded text lies in the original: folding may change lengths."""
    if len(text) == len(folded):
        return place
    ends = accumulate(len(fold(character)) for character in text)
    return next(index for index, end in enumerate(ends) if end > place)


def _next_word(text: str, start: int) -> int:
    space = text.find(" ", start, start + _BEFORE // 2)
    return space + 1 if space >= 0 else start


def _marked(part: str, hits: re.Pattern[str]) -> str:
    folded = fold(part)
    pieces, done = [], 0
    for hit in hits.finditer(folded):
        start = _original(part, folded, hit.start())
        end = _original(part, folded, hit.end() - 1) + 1
        pieces += [part[done:start], HIT_START, part[start:end], HIT_END]
        done = end
    return "".join([*pieces, part[done:]])
