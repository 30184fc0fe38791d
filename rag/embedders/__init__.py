"""Embedders: texts to vectors of length one. A format is a file here and a line below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), each row of length one."""

FORMATS = {
    "use": "rag.embedders.use",
    "sentence_transformers": "rag.embedders.sentence_transformers",
    "ollama": "rag.embedders.ollama",
    "gemini": "rag.embedders.gemini",
}


class Embedder(Protocol):
    """`name` tells embedders apart: vectors of different names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that will be searched; blocks."""
        ...

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for; blocks."""
        ...


def open_embedder(wire: str, name: str = "", **options: Any) -> Embedder:
    """The embedder of a format; `name` is the model where the format has several. Raises KeyError
    for an unknown format and ImportError where a package is missing."""
    make: Callable[..., Embedder] = import_module(FORMATS[wire]).open_embedder
    return make(name, **options)
