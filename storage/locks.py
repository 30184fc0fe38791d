"""One writer a chat: across the threads of this process and across processes."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from core.errors import StorageError
from storage import disk
from storage.home import Home

FOLDER = ".locks"
_STRIPES = 256
_PATIENCE = 30.0
_POLL = 0.005


class ChatLocks:
    """Locks by chat id, as files in `.locks`.

    Ids share a fixed number of lock files, since those can never be removed safely: two chats
    that meet in one only wait for each other's save.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
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
        path = self._home.path / FOLDER / f"{stripe:02x}"
        lock = FileLock(path, blocking=False, thread_local=False)
        patience_ends = time.monotonic() + _PATIENCE
        with disk.refusals(path):
            while not self._try(lock):
                if time.monotonic() > patience_ends:
                    detail = "another program holds the chat"
                    raise StorageError("disk_refused", detail=detail, path=str(path.parent))
                time.sleep(_POLL)
        return lock

    def _try(self, lock: FileLock) -> bool:
        # Before each try: `acquire` makes folders, also in the place of one that has gone.
        self._home.inner(FOLDER)
        with suppress(Timeout):
            lock.acquire()
        return lock.is_locked
