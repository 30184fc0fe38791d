"""Questions that are not searched by their own words alone: they point back to earlier ones.

"Peki ya ikincisi?" names nothing that a document could be found by. Such a question is searched
twice, alone and together with the question it follows, and both are ranked as one. So is one that
seems to be about nothing in the documents, where the question before led to what is nearest to it.
Which questions those are was chosen by measure (`python -m bench follow_ups`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.search import Found
    from rag.values import Hit

Look = Callable[[str, int], "Found"]
"""Search for a text, and give so many passages at most."""

_DEPTH = 30
_SHARE = 0.4
"""How much the search together with earlier questions counts."""
_FEW_WORDS = 3
_COVERED = 0.6
_FURTHEST = 3
_CUT = 5
_FAR = -2.5
"""Evidence below which a question is about something else, whatever it follows."""
_NEAREST = 3
_POINTING_WORDS = """
bunu bunun buna bunda bundan bununla bunlar bunlari bunlarin
onu onun ona onda ondan onunla onlar onlari onlarin onlara onlardan
orada oraya oradan oranin burada buraya buradan peki oteki oburu obur digeri digerleri ikisi
ilki ikincisi ucuncusu sonuncusu hangileri kendisi
it he him she they them theirs there those these ones
"""
_EMPTY_WORDS = """
ilk yil yildi once sonra baska olanlar olanlari
first second third last before after later about also other others you
"""
_POINTING = frozenset(_POINTING_WORDS.split())
"""Folded words that stand for something said before."""
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""Folded words that name no subject, beside the commonest ones of both languages."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, and the earlier questions that were searched along, "" for none."""

    found: Found
    with_question: str = ""


def search(look: Look, question: str, earlier: Sequence[str], count: int) -> Searched:
    """The best passages for a question that follows others, oldest first. Blocks."""
    if not earlier:
        return Searched(look(question, count))
    alone = look(question, max(count, _DEPTH))
    context = " ".join(_context(earlier))
    if points_back(question, alone.hits[0].passage.text if alone.hits else ""):
        joint = look(f"{context} {question}", max(count, _DEPTH))
        relevant = alone.relevant or joint.relevant or look(context, 1).relevant
        return _together(alone, joint, relevant, context, count)
    if not alone.relevant and _may_belong(look, question, alone, context):
        joint = look(f"{context} {question}", max(count, _DEPTH))
        return _together(alone, joint, joint.relevant, context, count)
    return Searched(replace(alone, hits=alone.hits[:count]))


def _together(alone: Found, joint: Found, relevant: bool, context: str, count: int) -> Searched:
    hits = _fused(alone.hits, joint.hits)[:count]
    return Searched(replace(alone, hits=hits, relevant=relevant), context if relevant else "")


def _may_belong(look: Look, question: str, alone: Found, context: str) -> bool:
    """Whether a question to which nothing seems relevant may belong to the one before it: it names
    nobody, is not all too far from the passages nearest to it, and one of these is the best for the
    question before."""
    from rag.relevance import evidence, names

    if names(question) or max(map(evidence, alone.signals), default=_FAR) <= _FAR:
        return False
    best = {hit.passage.chunk for hit in look(context, 1).hits}
    return any(hit.passage.chunk in best for hit in alone.hits[:_NEAREST])


def points_back(question: str, best: str = "") -> bool:
    """Whether a question means something said before: it has a word that stands for it, or few
    telling words, of which the `best` passage for it lacks some."""
    from rag.words import words

    if any(word in _POINTING for word in words(question)):
        return True
    telling = {word[:_CUT] for word in _telling(question)}
    if len(telling) > _FEW_WORDS:
        return False
    return not telling or len(telling & {w[:_CUT] for w in words(best)}) / len(telling) < _COVERED


def _telling(question: str) -> list[str]:
    from rag.language import COMMON
    from rag.words import fold, words

    common = {fold(word) for word in COMMON}
    return [word for word in words(question) if word not in common and word not in _EMPTY]


def _context(earlier: Sequence[str]) -> list[str]:
    """The newest earlier question, and what it points back to itself, oldest first."""
    taken = [earlier[-1]]
    for before in reversed(earlier[-_FURTHEST:-1]):
        if not _stands_on_others(taken[0]):
            break
        taken.insert(0, before)
    return taken


def _stands_on_others(question: str) -> bool:
    from rag.words import words

    return any(word in _POINTING for word in words(question)) or len(_telling(question)) < 2


def _fused(alone: Sequence[Hit], joint: Sequence[Hit]) -> tuple[Hit, ...]:
    """Both rankings as one; a passage that one of them lacks is no better there than its last."""
    scores = [{hit.passage.chunk: hit.score for hit in hits} for hits in (alone, joint)]
    worst = [min(held.values(), default=0.0) for held in scores]

    def score(chunk: int) -> float:
        own, both = (held.get(chunk, low) for held, low in zip(scores, worst, strict=True))
        return (1 - _SHARE) * own + _SHARE * both

    hits = {hit.passage.chunk: hit for hit in (*joint, *alone)}
    fused = (replace(hit, score=score(chunk)) for chunk, hit in hits.items())
    return tuple(sorted(fused, key=lambda hit: -hit.score))
