"""Ctrl+C and SIGTERM: an orderly end, and a forced one where that takes too long.

Both are handled however the program was started: a shell starts a background job with SIGINT
ignored, and Python keeps that.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

LIMIT_S = 10.0
"""Seconds an orderly end may take; what `docker stop` waits, too."""
_SIGNAL_BASE = 128

log = logging.getLogger(__name__)


class Shutdown:
    """Requests from outside to end the program. Used by its main thread."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self.exit_code: int | None = None
        """130 for Ctrl+C, 143 for SIGTERM, as in a shell; None while nobody asked."""
        self._limit_s = limit_s
        self._end: Callable[[], object] = _interrupt

    def install(self) -> None:
        """Handle both signals from now on. The first asks for an orderly end, which is forced
        after the limit; the second ends the program at once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._requested)

    def wait(self) -> None:
        """Return when the program is asked to end."""
        ended = threading.Event()
        self._end = ended.set
        ended.wait()

    def run(self, command: Coroutine[Any, Any, int]) -> int:
        """The exit code of a command, which is cancelled when the program is asked to end."""

        async def cancellable() -> int:
            loop, task = asyncio.get_running_loop(), asyncio.ensure_future(command)
            self._end = lambda: loop.call_soon_threadsafe(task.cancel)
            try:
                return await task
            finally:
                self._end = _interrupt

        try:
            code = asyncio.run(cancellable())
        except asyncio.CancelledError:
            code = 1
        return code if self.exit_code is None else self.exit_code

    def _requested(self, number: int, _frame: FrameType | None) -> None:
        if self.exit_code is not None:
            os._exit(self.exit_code)
        self.exit_code = _SIGNAL_BASE + number
        guard = threading.Timer(self._limit_s, self._force)
        guard.daemon = True
        guard.start()
        self._end()

    def _force(self) -> None:
        log.error("The orderly end took longer than %g s and was cut short.", self._limit_s)
        os._exit(self.exit_code or 1)


def _interrupt() -> None:
    raise KeyboardInterrupt
