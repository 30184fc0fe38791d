"""Embedding models that Ollama serves (`POST /api/embed`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.embedders import Embedder, Vectors
from rag.embedders.remote import RemoteEmbedder, WrongAnswer, in_batches, post_json

ADDRESS = "http://127.0.0.1:11434"
_BATCH = 32


class OllamaEmbedder(RemoteEmbedder):
    """A pulled model."""

    def __init__(self, model: str, base_url: str = ADDRESS, **known: Any) -> None:
        super().__init__(f"ollama:{model}", **known)
        self._model = model
        self._url = f"{base_url.rstrip('/')}/api/embed"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts. Raises httpx.HTTPError and WrongAnswer."""
        return in_batches(texts, _BATCH, self._ask)

    def _ask(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        body = {"model": self._model, "input": list(texts)}
        answer = post_json(self._url, body)
        found = answer.get("embeddings") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise WrongAnswer("no embeddings in Ollama's answer")
        return found


def open_embedder(name: str, **options: Any) -> Embedder:
    """The model of this name at a server; options as of `OllamaEmbedder` and `RemoteEmbedder`."""
    return OllamaEmbedder(name, **options)
