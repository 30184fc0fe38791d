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
