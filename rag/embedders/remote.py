"""What the embedders behind HTTP share: their ways, batches, and vectors made one long."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import httpx
import numpy as np

from rag.embedders import Vectors
from rag.values import Language

TIMEOUT_S = 60.0
FLOOR = 0.5
_LONGEST_S = 10 * TIMEOUT_S
_LARGEST = 32 * 1024 * 1024
"""Bytes of an answer; 64 vectors of 4,096 numbers have some 6 million."""


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


def post_json(url: str, body: object, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON a server answers with. Raises httpx.HTTPError and ValueError, which is WrongAnswer
    where it has no end."""
    plain = {"Accept-Encoding": "identity", **(headers or {})}
    with httpx.stream("POST", url, json=body, headers=plain, timeout=TIMEOUT_S) as answer:
        answer.raise_for_status()
        # Unpacking makes millions of bytes of a few.
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise WrongAnswer("an answer that is packed, which was not asked for")
        return json.loads(_bounded(answer))


def _bounded(answer: httpx.Response) -> bytes:
    held, until = bytearray(), time.monotonic() + _LONGEST_S
    for part in answer.iter_raw():
        held += part
        if len(held) > _LARGEST or time.monotonic() > until:
            raise WrongAnswer("an answer without an end")
    return bytes(held)


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
