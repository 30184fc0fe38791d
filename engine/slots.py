"""Who waits for whom: answers that share a slot are made one after the other."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from core.catalog import Model
from core.comparison import Mode


class Slots:
    """The locks of all comparisons. One lives as long as an answer holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, mode: Mode, chat_id: str, model: Model) -> asyncio.Lock | None:
        """What a model of a chat waits for. `sequential`: the other answers of the chat. `auto`:
        the models of its own host, which would take turns loading; clouds wait for nobody."""
        if mode == "sequential":
            return self._lock(f"chat {chat_id}")
        if mode == "auto" and model.kind == "local":
            return self._lock(f"host {model.host}")
        return None

    def _lock(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())
