"""Google's embedding models by API key (`models/NAME:batchEmbedContents`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.embedders import Embedder, Vectors
from rag.embedders.remote import RemoteEmbedder, WrongAnswer, in_batches, post_json

ADDRESS = "https://generativelanguage.googleapis.com/v1beta"
DEFAULT = "gemini-embedding-001"
_BATCH = 64


class GeminiEmbedder(RemoteEmbedder):
    """Tells the model what is a question and what a passage. The key is sent as a header."""

    def __init__(
        self, model: str, api_key: str = "", base_url: str = ADDRESS, **known: Any
    ) -> None:
        super().__init__(f"gemini:{model}", **known)
        self._path = f"models/{model}"
        self._url = f"{base_url.rstrip('/')}/models/{model}:batchEmbedContents"
        self._key = api_key

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts. Raises httpx.HTTPError and WrongAnswer."""
        return in_batches(texts, _BATCH, lambda some: self._ask(some, "RETRIEVAL_DOCUMENT"))

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for."""
        return in_batches(texts, _BATCH, lambda some: self._ask(some, "RETRIEVAL_QUERY"))

    def _ask(self, texts: Sequence[str], task: str) -> Sequence[Sequence[float]]:
        requests = [
            {"model": self._path, "content": {"parts": [{"text": text}]}, "taskType": task}
            for text in texts
        ]
        answer = post_json(self._url, {"requests": requests}, {"x-goog-api-key": self._key})
        found = answer.get("embeddings") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise WrongAnswer("no embeddings in Google's answer")
        return [one["values"] for one in found]


def open_embedder(name: str, **options: Any) -> Embedder:
    """The model of this name (`gemini-embedding-001` where it is empty); options as of
    `GeminiEmbedder` and `RemoteEmbedder`."""
    return GeminiEmbedder(name or DEFAULT, **options)
