"""Lexical and dense scores made one, never worse than the better of the two.

Both are counted in standard deviations above the library's mean and weighted. Words of a question
cannot be those of a text in another language, so there the lexical side hardly counts. On XQuAD
(nDCG@10): Turkish .963 (words alone .956, vectors .853), English .977 (.966, .923), Turkish to
English .859, English to Turkish .886. Equal weights, or ranks instead of scores, are worse than
words alone in Turkish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.values import Language

Floats = NDArray[np.float32]
_USUAL = 5
"""How many chunks what is usual counts for."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each side counts. `dense` is mixed from the chunk's vector (`passage`) and its best
    sentence's; `foreign` is what is left of the lexical side across languages. The words' usual
    deviation is a share (`usual`) of what the question's words could reach."""

    lexical: float = 0.65
    dense: float = 0.35
    passage: float = 0.5
    foreign: float = 0.2
    usual: float = 0.08


SETTINGS: Mapping[str, Weights] = {
    "both": Weights(),
    "words": Weights(lexical=1, dense=0),
    "vectors": Weights(lexical=0, dense=1),
}
"""The ways to search that the catalog and an evaluation can name."""


def foreign(question: Language, chunks: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which chunks are in another language than the question, as far as both are known."""
    if not question:
        return np.zeros(len(chunks), bool)
    found: NDArray[np.bool_] = (chunks != "") & (chunks != question)
    return found


def standard(
    values: Floats, sample: Floats, everywhere: Floats, usual: float | None = None
) -> Floats:
    """Values in standard deviations above the mean of a sample, which are drawn towards those of
    all there is the more, the smaller the sample: of two chunks one would always stand out. With a
    `usual` deviation it stands in place of that of all: among a few chunks, of which one has a word
    and all others none, one weak word would stand out like a good answer."""
    if not len(sample):
        return np.zeros_like(values)
    count = len(sample) + _USUAL
    mean = (float(sample.sum()) + _USUAL * float(everywhere.mean())) / count
    spread = float(everywhere.std()) if usual is None else usual
    squares = float(((sample - mean) ** 2).sum()) + _USUAL * spread**2
    deviation = float((squares / count) ** 0.5)
    if deviation < 1e-9:
        return np.zeros_like(values)
    found: Floats = (values - mean) / deviation
    return found


def nearness(
    question: Floats, passages: Floats, sentences: Sequence[NDArray[np.int8]], weights: Weights
) -> tuple[Floats, NDArray[np.int64]]:
    """How near each chunk is to the question, and which of its sentences is nearest."""
    near = passages @ question
    best = np.zeros(len(passages), np.int64)
    for place, held in enumerate(sentences):
        if not len(held):
            continue
        each = held.astype(np.float32) @ question / 127
        best[place] = int(each.argmax())
        share = weights.passage
        near[place] = share * near[place] + (1 - share) * float(each[best[place]])
    return near, best
