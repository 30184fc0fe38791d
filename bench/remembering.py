"""An embedder that embeds no text twice, for measures that ask the same over several libraries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.embedders import Embedder, Vectors


class Remembering:
    """An embedder that embeds no text twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, str], Vectors] = {}
        self.name, self.dimension, self.floor = embedder.name, embedder.dimension, embedder.floor
        self.pools, self.languages = embedder.pools, embedder.languages

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that will be searched."""
        return self._each("passages", texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for."""
        return self._each("questions", texts)

    def _each(self, kind: str, texts: Sequence[str]) -> Vectors:
        fresh = [one for one in dict.fromkeys(texts) if (kind, one) not in self._known]
        if fresh:
            made: Vectors = getattr(self._embedder, kind)(fresh)
            self._known |= {(kind, text): row for text, row in zip(fresh, made, strict=True)}
        return np.array([self._known[kind, one] for one in texts], np.float32)
