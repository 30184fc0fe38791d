"""Search: the best of words and of vectors, ranked together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Embedder
from rag.fusion import Weights, foreign, nearness, standard
from rag.indexes import Indexes
from rag.language import language_of
from rag.records import Records
from rag.relevance import CUT, Signals, is_relevant, signals
from rag.sentences import sentences
from rag.values import Hit, Language, Passage

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]
Vectors = tuple[Floats, list[NDArray[np.int8]]]
"""Vectors of chunks, and of each chunk's sentences."""
_CANDIDATES = 60
_JUDGED = 3
"""How many of the best passages may show that something was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and whether anything of it has to do with the question;
    `signals` is what the best passages have that speaks for it."""

    hits: tuple[Hit, ...]
    relevant: bool
    signals: tuple[Signals, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates best first: `ids` of chunks, their scores, the place of the nearest sentence."""

    ids: Sequence[int]
    score: Floats
    lexical: Floats
    dense: Floats
    near: Floats
    sentence: NDArray[np.int64]
    foreign: NDArray[np.bool_]


class Search:
    """Searches one state of the indexes; not to be used by two threads at once."""

    def __init__(
        self, indexes: Indexes, records: Records, embedder: Embedder, weights: Weights
    ) -> None:
        self._indexes = indexes
        self._records = records
        self._embedder = embedder
        self._weights = weights
        self._sampled: tuple[bytes, Vectors] = (b"", (np.zeros((0, 1), np.float32), []))

    def rank(
        self, question: str, count: int, documents: Collection[int] | None = None
    ) -> Ranked | None:
        """The `count` best chunks of some documents, or of all; None where there are none."""
        indexes, weights = self._indexes, self._weights
        allowed = indexes.allowed(documents)
        if not allowed.any():
            return None
        asked = self._embedder.questions([question])[0]
        lexical = indexes.lexicon.scores(question)
        dense = indexes.vectors.nearest(asked, _CANDIDATES, allowed)
        rows = np.union1d(dense, _best(lexical, allowed))
        near, best = nearness(asked, *self._vectors(rows), weights)
        usual, _ = nearness(asked, *self._sample(allowed), weights)
        language = language_of(question)
        strange = foreign(language, [indexes.languages[row] for row in rows])
        usually = weights.usual * indexes.lexicon.reach(question)
        words = standard(lexical[rows], lexical[allowed], usually)
        words *= np.where(strange, weights.foreign, 1)
        meant = standard(near, usual) * (1 if self._knows(language) else 0)
        score = weights.lexical * words + weights.dense * meant
        order = np.argsort(-score, kind="stable")[:count]
        ids = [int(indexes.ids[row]) for row in rows[order]]
        each: tuple[Any, ...] = (score, words, meant, near, best, strange)
        return Ranked(ids, *(values[order] for values in each))

    def found(self, question: str, ranked: Ranked | None) -> Found:
        """The ranked chunks with their texts."""
        if ranked is None:
            return Found((), False)
        passages = self._records.passages(ranked.ids)
        places = [n for n, one in enumerate(ranked.ids) if one in passages]
        hits = tuple(
            Hit(
                passages[ranked.ids[n]],
                float(ranked.score[n]),
                float(ranked.lexical[n]),
                float(ranked.dense[n]),
                _sentence(passages[ranked.ids[n]], int(ranked.sentence[n])),
            )
            for n in places
        )
        rarity = cache(lambda word: self._indexes.lexicon.rarity(f"{word}{CUT}"))
        known = self._knows(language_of(question))
        spoken = tuple(
            signals(
                question,
                hit.passage,
                bool(ranked.foreign[place]),
                self._above_floor(float(ranked.near[place])) if known else 0.0,
                rarity,
            )
            for place, hit in list(zip(places, hits, strict=True))[:_JUDGED]
        )
        return Found(hits, any(map(is_relevant, spoken)), spoken)

    def _above_floor(self, near: float) -> float:
        floor = self._embedder.floor
        return (near - floor) / (1 - floor)

    def _knows(self, language: Language) -> bool:
        """An embedder that does not know a language would only disturb the words."""
        known = self._embedder.languages
        return known is None or not language or language in known

    def _vectors(self, rows: Rows) -> Vectors:
        embedder = self._embedder
        ids = [int(self._indexes.ids[row]) for row in rows]
        held = self._records.sentence_vectors(embedder.name, ids, embedder.dimension)
        none = np.zeros((0, embedder.dimension), np.int8)
        return self._indexes.vectors.vectors(rows), [held.get(one, none) for one in ids]

    def _sample(self, allowed: NDArray[np.bool_]) -> Vectors:
        """Vectors of some chunks, to know what is usual; read once for the same chunks."""
        rows = self._indexes.sample(allowed)
        key = rows.tobytes()
        if self._sampled[0] != key:
            self._sampled = (key, self._vectors(rows))
        return self._sampled[1]


def _best(lexical: Floats, allowed: NDArray[np.bool_]) -> Rows:
    """Rows with the best words, worth a closer look."""
    held = np.where(allowed, lexical, 0)
    count = min(_CANDIDATES, len(held))
    top = np.argpartition(-held, count - 1)[:count]
    found: Rows = top[held[top] > 0]
    return found


def _sentence(passage: Passage, place: int) -> str:
    found = sentences(passage.text)
    return found[place] if place < len(found) else ""
