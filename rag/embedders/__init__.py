"""Embedders: texts to vectors of length one. A format is a file here and a line below."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.values import Language

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

    @property
    def pools(self) -> bool:
        """Whether the middle of a passage's sentences stands for the passage as well as a vector
        of its own would, which saves half of the work."""
        ...

    @property
    def floor(self) -> float:
        """The nearness from which two texts have to do with each other."""
        ...

    @property
    def languages(self) -> Collection[Language] | None:
        """The languages it knows of those the search tells apart; None: both."""
        ...

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
