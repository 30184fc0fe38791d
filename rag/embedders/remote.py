"""What the embedders behind HTTP share: their ways, batches, and vectors made one long."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

import numpy as np

from rag.embedders import Vectors
from rag.values import Language

TIMEOUT_S = 60.0
FLOOR = 0.5


class WrongAnswer(ValueError):
    """A server answered something that is no list of vectors, one for each text."""


class RemoteEmbedder(ABC):
    """A model at a server; asks for one vector to learn the dimension."""

    pools = False

    def __init__(
        self, name: str, floor: float = FLOOR, languages: Collection[Language] | None = None
    ) -> None:
        self.name = name
        self.floor = floor
        self.languages = languages

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self.passages(["a"]).shape[1])

    @abstractmethod
    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts. Raises httpx.HTTPError and WrongAnswer."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """As `passages`, where the model knows no difference."""
        return self.passages(texts)


def in_batches(
    texts: Sequence[str], size: int, ask: Callable[[Sequence[str]], Sequence[Sequence[float]]]
) -> Vectors:
    """The vectors of all texts, some at a time. Raises WrongAnswer, and what `ask` raises."""
    made: list[Sequence[float]] = []
    for start in range(0, len(texts), size):
        batch = texts[start : start + size]
        found = ask(batch)
        if len(found) != len(batch):
            raise WrongAnswer(f"{len(found)} vectors for {len(batch)} texts")
        made += found
    vectors = np.array(made, np.float32)
    if texts and vectors.ndim != 2:
        raise WrongAnswer("vectors of different lengths")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if texts else 1
    scaled: Vectors = vectors / np.maximum(lengths, 1e-12)
    return scaled
