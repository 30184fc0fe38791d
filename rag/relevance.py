"""Whether a found passage has to do with the question at all, so that nothing is padded.

Two sums, each made by logistic regression on half of XQuAD's articles in libraries of 48, 5 and 1
articles, with and without the one the question is about; `python -m bench retrieval` makes them
again. The fit gives shared words a little more (12 to 14); where hardly any question may be sent
away wrongly, 10 recognises more of the others.
Sending a question away whose answer is there is the worse mistake, so the sums begin where that
happens no more often than one in a hundred times in a question's own language. Of 1,190 questions
asked of a library of 48 articles (47 without the right one), in percent:

| question to text | sent away wrongly | rightly |
|------------------|-------------------|---------|
| tr to tr         | 0.8               | 56      |
| en to en         | 0.3               | 53      |
| tr to en         | 6.8               | 36      |
| en to tr         | 2.7               | 32      |

The smaller the library, the easier: of 5 articles 89, 88, 80 and 79 are rightly sent away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from rag.language import COMMON
from rag.sentences import sentences
from rag.values import HEADINGS, Passage
from rag.words import fold, words

CUT = 5
"""Endings aside: words are the same where their first letters are."""
_COMMON = frozenset(fold(word)[:CUT] for word in COMMON)
_ENDING = re.compile(r"['’][a-zçğıöşü]+")
_WORD = re.compile(r"\w+")
_BASE = 2.0
"""Added to each word's rarity: in a library of one subject its commonest words tell most."""
Rarity = Callable[[str], float]
"""How rare a word, cut, is in the library: its BM25 weight."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a passage. `near` is its nearness above the embedder's floor, at most 1;
    `words` the share of the question's telling words it has, None where there is none to look for;
    across languages (`foreign`) only names and numbers are looked for."""

    near: float
    words: float | None
    foreign: bool


def signals(
    question: str, passage: Passage, foreign: bool, above_floor: float, rarity: Rarity
) -> Signals:
    """What speaks for a passage."""
    asked = names(question) if foreign else _telling(question)
    return Signals(above_floor, _shared(asked, passage, rarity) if asked else None, foreign)


def _telling(question: str) -> set[str]:
    return {word[:CUT] for word in words(_ENDING.sub("", question))} - _COMMON


def names(question: str) -> set[str]:
    """What of a question is written alike in many languages: words with a capital, but the first,
    and numbers."""
    found = _WORD.findall(_ENDING.sub("", question))
    kept = [w for place, w in enumerate(found) if (place and w[0].isupper()) or w[0].isdigit()]
    return {fold(word)[:CUT] for word in kept} - _COMMON


def _shared(asked: Collection[str], passage: Passage, rarity: Rarity) -> float:
    """The weighted share of words the passage has, and its best sentence has, each by half: words
    that stand together tell more than words scattered over a page."""
    weights = {word: rarity(word) + _BASE for word in asked}
    heading = _cut(HEADINGS.join(passage.heading))
    held = [heading | _cut(one) for one in sentences(passage.text)] or [heading]
    everywhere = _weight(weights, set().union(*held))
    together = max(_weight(weights, one) for one in held)
    return (everywhere + together) / 2 / sum(weights.values())


def _weight(weights: Mapping[str, float], held: Collection[str]) -> float:
    return sum(weight for word, weight in weights.items() if word in held)


def _cut(text: str) -> set[str]:
    return {word[:CUT] for word in words(text)}


def evidence(one: Signals) -> float:
    """What speaks for a passage as one number: below 0 too little does. Words of one language are
    compared with words; across languages nearness decides, and names help: where a question has
    some, a passage without them needs to be nearer."""
    if one.words is not None and not one.foreign:
        return 11 * one.near + 10 * one.words - 1.75
    named = 0.0 if one.words is None else 3 * one.words - 1
    return 16 * one.near + named + 1.6


def is_relevant(one: Signals) -> bool:
    """Whether a passage has to do with the question."""
    return evidence(one) >= 0
