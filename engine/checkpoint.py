"""Saving a growing answer at bounded cost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from core.errors import DivanError

log = logging.getLogger(__name__)

_SHORTEST_PAUSE_S = 1.0
_PAUSE_PER_COST = 50


class Checkpoints:
    """Saves every max(1 s, 50 x the cost of a save), in the background, while `run` runs.

    The larger the file, the rarer the save: checkpoints never take more than 2 % of the time.
    """

    def __init__(self, save: Callable[[], Awaitable[None]]) -> None:
        self._save = save

    async def run(self, ended: asyncio.Event) -> None:
        """Save again and again until `ended`; a save that fails is logged and tried again.

        It is not to be cancelled: a save that goes on in its thread could overtake the last one.
        """
        pause = _SHORTEST_PAUSE_S
        while not await _within(pause, ended):
            began = time.monotonic()
            try:
                await self._save()
            except DivanError:
                log.warning("a checkpoint could not be saved", exc_info=True)
            pause = max(_SHORTEST_PAUSE_S, _PAUSE_PER_COST * (time.monotonic() - began))


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether the event comes in this time."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
