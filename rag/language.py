"""Turkish or English? Enough to know when words of a question cannot be those of a text."""

from __future__ import annotations

import re

from rag.values import Language

_SAMPLE = 4000
_TURKISH_LETTERS = frozenset("ığşİĞŞ")
_TURKISH_WORDS = """
ve bir bu da de ne mi mı mu mü için ile olan olarak hangi kaç kim kimdir nedir nerede neden nasıl
kadar daha çok gibi en ama veya ya var yok değil sonra önce göre her o şu ise diye hangisi kaçtır
neyi neler neleri neye neyin neydi kime kimi kimin kimler kimleri kimdi hangileri nereye nereden
nerededir neredeydi
"""
_ENGLISH_WORDS = """
the of and to in a is was for on that by with as at from what which who how when where why are were
did does do it this be an or not have has had many much whose whom can will would
"""
_TURKISH = frozenset(_TURKISH_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
COMMON = _TURKISH | _ENGLISH
"""Words that say nothing about the subject."""
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"(?<=\w)['’]\w+")
"""Of Wesley'in: an ending like an English word."""


def language_of(text: str) -> Language:
    """The language by its commonest words, then by letters only Turkish has."""
    sample = text[:_SAMPLE]
    found = _WORD.findall(_ENDING.sub("", sample).replace("İ", "i").lower())
    turkish = sum(word in _TURKISH for word in found)
    english = sum(word in _ENGLISH for word in found)
    if turkish != english:
        return "tr" if turkish > english else "en"
    return "tr" if _TURKISH_LETTERS & set(sample) else ""
