"""Stores that can be told to wait or to refuse, over real ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from core.conversation import Conversation
from core.errors import StorageError
from storage.files import FileStores
from storage.protocol import Change


@dataclass
class Disk:
    """Every update waits while `held`, and is refused while `full`; `asked` counts them."""

    stores: FileStores
    full: bool = False
    asked: int = 0
    _free: asyncio.Event = field(default_factory=asyncio.Event)
    _knocked: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self._free.set()

    def close(self) -> None:
        self.stores.close()

    def hold(self) -> None:
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    async def knocked(self, times: int) -> None:
        """Wait until this many updates were asked for in all."""
        async with asyncio.timeout(10), self._knocked:
            await self._knocked.wait_for(lambda: self.asked >= times)

    def of(self, owner: str) -> Any:
        return _Store(self.stores.of(owner), self)


class _Store:
    def __init__(self, store: Any, disk: Disk) -> None:
        self._store = store
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def update(self, chat_id: str, change: Change) -> Conversation:
        disk = self._disk
        async with disk._knocked:
            disk.asked += 1
            disk._knocked.notify_all()
        await disk._free.wait()
        if disk.full:
            raise StorageError("disk_full")
        found: Conversation = await self._store.update(chat_id, change)
        return found
