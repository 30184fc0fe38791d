"""Embedding models that Ollama serves (`POST /api/embed`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import httpx

from rag.embedders import Embedder, Vectors
from rag.embedders.remote import TIMEOUT_S, WrongAnswer, in_batches
from rag.values import Language

ADDRESS = "http://127.0.0.1:11434"
_BATCH = 32


class OllamaEmbedder:
    """A pulled model; asks for one vector to learn the dimension."""

    pools = False

    def __init__(
        self,
        model: str,
        base_url: str = ADDRESS,
        floor: float = 0.5,
        languages: Collection[Language] | None = None,
    ) -> None:
        self._model = model
        self._url = f"{base_url.rstrip('/')}/api/embed"
        self.name = f"ollama:{model}"
        self.floor = floor
        self.languages = languages

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self.passages(["a"]).shape[1])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts. Raises httpx.HTTPError and WrongAnswer."""
        return in_batches(texts, _BATCH, self._ask)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """As `passages`."""
        return self.passages(texts)

    def _ask(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        body = {"model": self._model, "input": list(texts)}
        answer = httpx.post(self._url, json=body, timeout=TIMEOUT_S).raise_for_status().json()
        found = answer.get("embeddings") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise WrongAnswer("no embeddings in Ollama's answer")
        return found


def open_embedder(
    name: str,
    base_url: str = ADDRESS,
    floor: float = 0.5,
    languages: Collection[Language] | None = None,
) -> Embedder:
    """The model of this name at a server."""
    return OllamaEmbedder(name, base_url, floor, languages)
