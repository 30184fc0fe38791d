"""A number that grows, and a way to wait until it has."""

from __future__ import annotations

import asyncio


class Signal:
    """Any number of waiters, no queue: who comes late sees the newest number at once."""

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        """Grow by one and wake everyone who waits."""
        self.version += 1
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    async def after(self, version: int) -> int:
        """Return once the number is greater than `version`."""
        while self.version <= version:
            await self._next.wait()
        return self.version


class ChatSignal(Signal):
    """Numbers that are about chats: who comes late learns which ones."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], tuple[int, int]] = {}

    def tell(self, owner: str, chat_id: str, rev: int = 0) -> None:
        """Grow for a chat of an owner, whose file is at `rev`."""
        self._told[owner, chat_id] = (self.version + 1, rev)
        self.bump()

    def told(self, owner: str, after: int) -> tuple[tuple[str, int], ...]:
        """The owner's chats that it grew for after that number, each with its newest `rev`."""
        told = self._told.items()
        return tuple(
            (chat, rev) for (whose, chat), (at, rev) in told if whose == owner and at > after
        )
