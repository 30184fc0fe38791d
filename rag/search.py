"""Search: the best of words and of vectors, ranked together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Embedder
from rag.fusion import Weights, foreign, nearness, standard
from rag.indexes import Indexes
from rag.language import language_of
from rag.records import Records
from rag.sentences import sentences
from rag.values import Hit, Language

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]
Vectors = tuple[Floats, list[NDArray[np.int8]]]
"""Vectors of chunks, and of each chunk's sentences."""
_CANDIDATES = 60
_MOST_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates best first: `ids` of chunks, their scores, the place of the nearest sentence."""

    ids: Sequence[int]
    score: Floats
    lexical: Floats
    dense: Floats
    match: Floats
    sentence: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question: its vector, the words' scores of all chunks and what they could reach, and 0 as
    `dense` where the embedder does not know its language. `everywhere` and `usual` are the scores
    of words and the nearness of what it is asked over, or of a sample of that."""

    vector: Floats
    lexical: Floats
    reach: float
    dense: int
    everywhere: Floats
    usual: Floats


class Search:
    """Searches one state of the indexes; not to be used by two threads at once."""

    def __init__(
        self, indexes: Indexes, records: Records, embedder: Embedder, weights: Weights
    ) -> None:
        self._indexes = indexes
        self._records = records
        self._embedder = embedder
        self._weights = weights
        self._samples: dict[bytes, Vectors] = {}

    def rank(
        self, question: str, count: int, documents: Collection[int] | None = None
    ) -> Ranked | None:
        """The `count` best chunks of some documents, or of all; None where there are none. Chunks
        in another language than the question are ranked among themselves."""
        indexes = self._indexes
        allowed = indexes.allowed(documents)
        if not allowed.any():
            return None
        asked = self._embedder.questions([question])[0]
        lexical = indexes.lexicon.scores(question)
        language = language_of(question)
        strange = foreign(language, indexes.languages)
        shares = ((allowed & ~strange, 1.0), (allowed & strange, self._weights.foreign))
        groups = [(mask, words) for mask, words in shares if mask.any()]
        usual = [nearness(asked, *self._sample(mask), self._weights)[0] for mask, _ in groups]
        asking = _Asking(
            asked,
            lexical,
            indexes.lexicon.reach(question),
            1 if self._knows(language) else 0,
            lexical[allowed],
            np.concatenate(usual),
        )
        parts = [
            self._scored(asking, mask, words, near)
            for (mask, words), near in zip(groups, usual, strict=True)
        ]
        rows, score, *others = (np.concatenate(each) for each in zip(*parts, strict=True))
        order = np.argsort(-score, kind="stable")[:count]
        ids = [int(indexes.ids[row]) for row in rows[order]]
        return Ranked(ids, score[order], *(each[order] for each in others))

    def found(self, ranked: Ranked | None) -> tuple[Hit, ...]:
        """The ranked chunks with their texts."""
        if ranked is None:
            return ()
        passages = self._records.passages(ranked.ids)
        return tuple(
            Hit(
                passages[one],
                float(ranked.score[n]),
                float(ranked.lexical[n]),
                float(ranked.dense[n]),
                float(ranked.match[n]),
                _sentence(passages[one].text, int(ranked.sentence[n])),
            )
            for n, one in enumerate(ranked.ids)
            if one in passages
        )

    def _scored(
        self, asking: _Asking, mask: NDArray[np.bool_], words: float, usual: Floats
    ) -> tuple[Any, ...]:
        """Candidates among the rows of a mask: rows, scores, their two parts, matches, sentences.
        `words` is what is left of the words' weight, for which the scores make up; `usual` is how
        near some of the rows are."""
        weights, lexical = self._weights, asking.lexical
        nearest = self._indexes.vectors.nearest(asking.vector, _CANDIDATES, mask)
        rows = np.union1d(nearest, _best(lexical, mask))
        near, best = nearness(asking.vector, *self._vectors(rows), weights)
        spread = weights.usual * asking.reach
        said = words * standard(lexical[rows], lexical[mask], asking.everywhere, spread)
        meant = asking.dense * standard(near, usual, asking.usual)
        left = weights.lexical * words + weights.dense
        score = (weights.lexical * said + weights.dense * meant) / left
        floor = self._embedder.floor
        match = asking.dense * (near - floor) / (1 - floor)
        match += lexical[rows] / max(asking.reach, 1e-9)
        return rows, score, said, meant, match, best

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
        if key not in self._samples:
            if len(self._samples) == _MOST_SAMPLES:
                self._samples.clear()
            self._samples[key] = self._vectors(rows)
        return self._samples[key]


def _best(lexical: Floats, allowed: NDArray[np.bool_]) -> Rows:
    """Rows with the best words, worth a closer look."""
    held = np.where(allowed, lexical, 0)
    count = min(_CANDIDATES, len(held))
    top = np.argpartition(-held, count - 1)[:count]
    found: Rows = top[held[top] > 0]
    return found


def _sentence(text: str, place: int) -> str:
    found = sentences(text)
    return found[place] if place < len(found) else ""
