"""A stream that stops talking is ended after the limits of the catalog."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from core.catalog import Model
from core.errors import ErrorKind, ProviderError
from core.events import Sent, StreamEvent
from providers.bounds import Bounds

AFTER_FINISH = 5.0
"""Seconds given to the usage that follows the end of an answer."""


class Patience:
    """Waits for events, and gives up when neither an event nor a byte comes in time, or when the
    time of the whole answer is over.

    Giving up cancels what the connector is waiting for, which closes its connection.
    """

    def __init__(self, model: Model, stream: bool, bounds: Bounds) -> None:
        self._bounds = bounds
        self._between = model.between_chunks
        self._limit = model.first_byte
        if not stream:
            longest = max(model.first_byte, model.between_chunks)
            self._limit = self._between = model.timeout or longest
        self._waiting: asyncio.Timeout | None = None
        self.heard_something = False

    def heard(self) -> None:
        """Bytes or an event came: the clock starts again."""
        self.heard_something = True
        self._limit = self._between
        if self._waiting is not None:
            self._waiting.reschedule(self._until())

    def _until(self) -> float:
        return min(asyncio.get_running_loop().time() + self._limit, self._bounds.latest)

    def finished(self) -> None:
        """The answer is complete: what may still follow is not worth a long wait."""
        self._between = self._limit = min(self._between, AFTER_FINISH)
        self._bounds.finished(AFTER_FINISH)

    async def next(self, events: AsyncGenerator[StreamEvent, None]) -> StreamEvent | None:
        """The next event, or None at the end. Raises ProviderError SILENT and TIMED_OUT."""
        silent = False
        try:
            async with asyncio.timeout_at(self._until()) as self._waiting:
                event = await anext(events, None)
        except TimeoutError:
            if self._waiting is None or not self._waiting.expired():
                raise
            silent = True
        finally:
            self._waiting = None
        if silent:
            self._bounds.require_time()
            raise ProviderError(ErrorKind.SILENT, wait=f"{self._limit:g}")
        if event is not None and not isinstance(event, Sent):  # which is our own word
            self.heard()
        return event
