"""One writer a chat: across the threads of this process and across processes."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import StorageError
from storage import disk

_STRIPES = 256
_PATIENCE = 30.0
_POLL = 0.005


class ChatLocks:
    """Locks by chat id in a folder of their own.

    Ids share a fixed number of lock files, since those can never be removed safely: two chats
    that meet in one only wait for each other's save.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = [threading.Lock() for _ in range(_STRIPES)]

    @contextmanager
    def hold(self, chat_id: str) -> Iterator[None]:
        """Hold the chat's lock; never two at a time. Raises StorageError."""
        stripe = zlib.crc32(chat_id.encode()) % _STRIPES
        # Threads wait for each other here, at once; only other processes are polled for.
        with self._threads[stripe]:
            lock = self._acquire(stripe)
            try:
                yield
            finally:
                lock.release()

    def _acquire(self, stripe: int) -> FileLock:
        path = self._folder / f"{stripe:02x}"
        with disk.refusals(path):
            disk.make_folder(self._folder)
            lock = FileLock(path, timeout=_PATIENCE, poll_interval=_POLL, thread_local=False)
            try:
                lock.acquire()
            except Timeout as error:
                detail = "another program holds the chat"
                where = str(self._folder)
                raise StorageError("disk_refused", detail=detail, path=where) from error
            return lock
