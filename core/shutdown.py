"""Ctrl+C and SIGTERM: an orderly end, and a forced one where that takes too long.

Both are handled however the program was started: a shell starts a background job with SIGINT
ignored, and Python keeps that. A thread acts on them, because Python runs the handlers of signals
in the main thread alone, and not while that waits for a lock it was just about to wait for.
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

LIMIT_S = 10.0
"""Seconds an orderly end may take; what `docker stop` waits, too."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SIGNAL_BASE = 128
_ONLY_HANDLERS = sys.platform == "win32"
"""Whether asyncio takes the descriptor that signals wake up for itself."""

log = logging.getLogger(__name__)


class Shutdown:
    """Requests from outside to end the program. Used by its main thread."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self.exit_code: int | None = None
        """130 for Ctrl+C, 143 for SIGTERM, as in a shell; None before any request."""
        self._limit_s = limit_s
        self._end: Callable[[], object] | None = None
        self._reader, self._writer = socket.socketpair()

    def install(self) -> None:
        """Handle both signals from now on. The first asks for an orderly end, which is forced
        after the limit; the second ends the program at once."""
        self._writer.setblocking(False)
        if not _ONLY_HANDLERS:
            signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, self._handle)
        threading.Thread(target=self._watch, daemon=True).start()

    def requested(self) -> threading.Event:
        """An event that is set when the program is asked to end; nothing else happens then."""
        asked = threading.Event()
        self._end = asked.set
        if self.exit_code is not None:
            asked.set()
        return asked

    def run(self, command: Coroutine[Any, Any, int]) -> int:
        """The exit code of a command, which is cancelled when the program is asked to end."""

        async def cancellable() -> int:
            loop, task = asyncio.get_running_loop(), asyncio.ensure_future(command)
            self._end = lambda: loop.call_soon_threadsafe(task.cancel)
            if self.exit_code is not None:
                task.cancel()
            return await task

        try:
            code = asyncio.run(cancellable())
        except asyncio.CancelledError:
            code = 1
        self._end = _nothing
        return code if self.exit_code is None else self.exit_code

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        """Leave what the main thread does while there is nothing yet to end in order."""
        if _ONLY_HANDLERS:
            self._writer.send(bytes([number]))
        if self._end is None:
            self.exit_code = _SIGNAL_BASE + number
            raise KeyboardInterrupt

    def _watch(self) -> None:
        self.exit_code = _SIGNAL_BASE + self._next_signal()
        if self._end is not None:
            self._end()
        if select.select([self._reader], [], [], self._limit_s)[0]:
            self._next_signal()
        else:
            log.error("The orderly end took longer than %g s and was cut short.", self._limit_s)
        os._exit(self.exit_code)

    def _next_signal(self) -> int:
        """The number of the next signal that asks for the end."""
        while (number := self._reader.recv(1)[0]) not in _SIGNALS:
            pass
        return number


def _nothing() -> None:
    """What is left to end once a command has ended."""
