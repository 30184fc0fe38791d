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

    async def run(self) -> None:
        """Save again and again until cancelled; a save that fails is logged and tried again."""
        pause = _SHORTEST_PAUSE_S
        while True:
            await asyncio.sleep(pause)
            began = time.monotonic()
            try:
                await self._save()
            except DivanError:
                log.warning("a checkpoint could not be saved", exc_info=True)
            pause = max(_SHORTEST_PAUSE_S, _PAUSE_PER_COST * (time.monotonic() - began))
