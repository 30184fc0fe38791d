"""Words as the lexical search compares them: the same for Turkish and English.

Case and accents are folded so that İstanbul, istanbul, ISPARTA and ısparta find each other, and so
do words typed without Turkish letters. Each word counts three times, cut to 4, 5 and 7 letters:
Turkish says with endings what English says with words. On XQuAD this beats Snowball stemming in
Turkish (nDCG@10 .956 against .936) and equals it in English (.966 and .967).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CUTS = (4, 5, 7)
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Characters of scripts without spaces between words: Thai to Khmer, Japanese, Chinese."""
_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\W_])+(?:\+\+|\#(?!\w))?")
"""A word keeps the marks that make it another one: c++, c#."""
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def fold(text: str) -> str:
    """Lower case without accents; both Turkish i's and the Latin one become the same letter."""
    plain = text.replace("İ", "i").lower().replace("ı", "i")
    if plain.isascii():
        return plain
    spread = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in spread if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words of a text, in order. Where a script has no spaces, each two characters that
    follow each other are one."""
    found = _WORD.findall(fold(text))
    if text.isascii():
        return found
    return [one for word in found for one in (_pairs(word) if _IS_UNSPACED.match(word) else [word])]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def terms(text: str) -> Iterator[str]:
    """What is counted: each word cut to each length, marked with the length."""
    for word in words(text):
        for cut in CUTS:
            yield f"{word[:cut]}{cut}"
