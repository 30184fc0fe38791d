"""What turns text into vectors: opened once for everybody, and what a library was embedded with."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.catalog import DocumentRules
from core.keys import Keys

if TYPE_CHECKING:
    from rag.embedders import Embedder

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

    def open(self, spec: str) -> Embedder:
        """The embedder of a spec; one takes a hundred megabytes, so all libraries share it. Raises
        what the embedder raises."""
        with self._lock:
            if spec not in self._opened:
                self._opened[spec] = self._make(spec)
            return self._opened[spec]

    def _configured(self, spec: str) -> Embedder:
        from rag.embedders import open_embedder

        held: Mapping[str, str] = json.loads(spec)
        options: dict[str, Any] = {}
        if held.get("base_url"):
            options["base_url"] = held["base_url"]
        if held.get("api_key_env") and self._keys:
            options["api_key"] = self._keys.get(held["api_key_env"]) or ""
        return open_embedder(held["embedder"], held.get("model", ""), **options)


def _spec(rules: DocumentRules) -> str:
    held = {name: getattr(rules, name) for name in _FIELDS}
    return json.dumps({name: value for name, value in held.items() if value})
