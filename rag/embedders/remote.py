"""What the embedders behind HTTP share: batches, and vectors made one long."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.embedders import Vectors

TIMEOUT_S = 60.0


class WrongAnswer(ValueError):
    """A server answered something that is no list of vectors, one for each text."""


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
