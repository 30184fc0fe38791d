"""What turns text into vectors or takes a second look: opened once for everybody."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.catalog import DocumentRules
from core.keys import Keys
from engine.embedder_trouble import EmbedderFailed, NoKey, as_trouble, card_of_trouble

if TYPE_CHECKING:
    from rag.embedders import Embedder
    from rag.rerank import Reranker

log = logging.getLogger(__name__)

_FIELDS = ("embedder", "model", "base_url", "api_key_env")


class Embedders:
    """Embedders by their `spec`: the part of the rules that tells them apart, as JSON without any
    key. Opening blocks."""

    def __init__(
        self,
        rules: DocumentRules,
        keys: Keys | None = None,
        make: Callable[[str], Embedder] | None = None,
    ) -> None:
        self.wanted = _spec(rules)
        self._keys = keys
        self._make = make or self._configured
        self._opened: dict[str, Embedder] = {}
        self._lock = threading.Lock()
        self._reranker_name = rules.reranker
        self._reranker: Reranker | None = None

    def open(self, spec: str) -> Embedder:
        """The embedder of a spec; one takes a hundred megabytes, so all libraries share it. Raises
        EmbedderFailed."""
        with self._lock:
            if spec not in self._opened:
                self._opened[spec] = self._made(spec)
            return self._opened[spec]

    def check(self, spec: str) -> None:
        """Have the embedder of a spec embed a word. Raises EmbedderFailed."""
        with as_trouble(spec):
            self.open(spec).questions(["a"])

    def reranker(self) -> Reranker | None:
        """The catalog's cross-encoder; None where it names none or that cannot be opened, which
        costs a search its second look and nothing else."""
        with self._lock:
            if self._reranker is None and self._reranker_name:
                self._reranker = _opened_reranker(self._reranker_name)
                self._reranker_name = ""
            return self._reranker

    def _made(self, spec: str) -> Embedder:
        try:
            return self._make(spec)
        except Exception as error:
            raise EmbedderFailed(card_of_trouble(error, spec)) from error

    def _configured(self, spec: str) -> Embedder:
        from rag.embedders import open_embedder

        held: Mapping[str, str] = json.loads(spec)
        options: dict[str, Any] = {}
        if held.get("base_url"):
            options["base_url"] = held["base_url"]
        if held.get("api_key_env") and self._keys:
            options["api_key"] = self._keys.get(held["api_key_env"]) or ""
        if held["embedder"] == "gemini" and not options.get("api_key"):
            raise NoKey(held.get("api_key_env", ""))
        return open_embedder(held["embedder"], held.get("model", ""), **options)


def _opened_reranker(name: str) -> Reranker | None:
    from rag.rerank import open_reranker

    try:
        return open_reranker(name)
    except Exception:
        log.exception("the reranker %s cannot be opened", name)
        return None


def _spec(rules: DocumentRules) -> str:
    held = {name: getattr(rules, name) for name in _FIELDS}
    return json.dumps({name: value for name, value in held.items() if value})
