"""Any model of sentence-transformers: a hub id, or a folder that holds one.

Code that a model brings along is never run. Models named `...e5...` are told what is a question
and what is a passage, as their card asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.embedders import Embedder, Vectors
from rag.values import Language

_BATCH = 32
_E5_FLOOR = 0.8


class SentenceTransformerEmbedder:
    """Loads the model when made. `floor` and `languages` may be told; see `Embedder`."""

    pools = False

    def __init__(
        self,
        name: str,
        floor: float | None = None,
        languages: Collection[Language] | None = None,
    ) -> None:
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(name, device="cpu", trust_remote_code=False)
        is_e5 = "e5" in Path(name).name.lower()
        self._prefixes = ("query: ", "passage: ") if is_e5 else ("", "")
        self.name = f"sentence-transformers:{name}"
        self.dimension = int(self._model.get_embedding_dimension())
        self.floor = floor if floor is not None else (_E5_FLOOR if is_e5 else 0.35)
        self.languages = languages

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that will be searched."""
        return self._encode(self._prefixes[1], texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for."""
        return self._encode(self._prefixes[0], texts)

    def _encode(self, prefix: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        made = self._model.encode(
            [prefix + text for text in texts],
            batch_size=_BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(made, np.float32)


def open_embedder(
    name: str, floor: float | None = None, languages: Collection[Language] | None = None
) -> Embedder:
    """The model of this name. Raises ImportError, and what sentence-transformers raises."""
    return SentenceTransformerEmbedder(name, floor, languages)
