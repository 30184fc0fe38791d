"""Which sentence of a passage a claim of an answer rests on."""

from __future__ import annotations

import re
from collections import Counter

from core.documents import UsedPassage

_CUT = 5  # letters of a word that count: Turkish says with endings what English says with words
_SHORTEST = 3
_NUMBER, _NAME, _PLAIN = 3.0, 2.0, 1.0
_LEAST = 1.5
"""A number or a name that no other sentence has, or two such words."""
_ENDED = re.compile(r"(?<=[.!?…])\s+|\n")
_CLAUSE = re.compile(r"\n(?=\s*(?:[-*•]|\d{1,3}[.)])\s)")
_NAMED = re.compile(r"(?<=\s)[^\W\d_a-z]\w+")


def sentence_behind(claim: str, passage: UsedPassage) -> str:
    """The sentence of the passage with most of the words of the claim's last sentence, numbers and
    names before all; the one nearest to the question where hardly a word is shared, as between two
    languages. `claim` is the answer's text before a mark, with a line end at each earlier mark."""
    from rag.sentences import sentences

    said = [weights for weights in map(_weights, _ENDED.split(claim)) if len(weights) > 1]
    wanted = said[-1] if said else _weights(claim)
    held = [one for sentence in sentences(passage.text) for one in _CLAUSE.split(sentence)]
    words = [_words(one) for one in held]
    often = Counter(word for some in words for word in some)
    scores = [sum(wanted[word] / often[word] for word in some if word in wanted) for some in words]
    best = max(scores, default=0.0)
    if best < _LEAST:
        return passage.sentence
    return held[scores.index(best)]


def _weights(said: str) -> dict[str, float]:
    named = set().union(*(_words(name) for name in _NAMED.findall(said) if not name[0].islower()))
    return {
        word: _NUMBER if word[0].isdigit() else _NAME if word in named else _PLAIN
        for word in _words(said)
    }


def _words(text: str) -> set[str]:
    from rag.words import words

    return {w[:_CUT] for w in words(text) if len(w) >= _SHORTEST or w[0].isdigit()}
