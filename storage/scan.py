"""Bringing the index up to the files: what was edited by hand, dropped in, removed, or is new."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import DivanError, StorageError
from storage.database import Database
from storage.folder import ChatFolder
from storage.index import Index, entry

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_PAUSE_S = 2.0
_BATCH = 20
_BREATH_S = 0.001
_FIRST_SCAN_S = 0.25


class Scanner:
    """Looks at the folder at most every two seconds, in a thread of its own, when asked to."""

    def __init__(self, folder: ChatFolder, index: Index, database: Database) -> None:
        self._folder = folder
        self._index = index
        self._database = database
        self._guard = threading.Lock()
        self._working = threading.Lock()
        self._started = float("-inf")
        self._scanned = database.begun
        self._thread: threading.Thread | None = None
        self._once = threading.Event()
        self._patience_ends: float | None = None
        self._closed = threading.Event()

    def nudge(self) -> None:
        """Start a scan in the background, if the last one is old enough; returns at once."""
        with self._guard:
            running = self._thread is not None and self._thread.is_alive()
            early = time.monotonic() - self._started < _PAUSE_S
            if running or early or self._closed.is_set():
                return
            self._started = time.monotonic()
            self._thread = threading.Thread(target=self._scan, name="chat-scan", daemon=True)
            self._thread.start()

    def answer(self, ask: Callable[[], _T]) -> _T:
        """What the index answers; once more where it proved unusable and had to begin empty."""
        self.nudge()
        self._wait_for_first()
        found = ask()
        if self._database.begun == self._scanned:
            return found
        self._scan()
        return ask()

    def _wait_for_first(self) -> None:
        """Give the first scan a moment to end: with few chats the list is whole at once."""
        if self._patience_ends is None:
            self._patience_ends = time.monotonic() + _FIRST_SCAN_S
        self._once.wait(max(0.0, self._patience_ends - time.monotonic()))

    def scan(self) -> None:
        """Bring the index up to the files now. Raises StorageError."""
        with self._working:
            begun = self._database.begun
            self._database.renew_if_gone()
            found, known = self._folder.signatures(), self._index.known()
            vanished = [chat_id for chat_id in known if chat_id not in found]
            self._index.forget(i for i in vanished if self._folder.signature(i) is None)
            changed = [chat_id for chat_id in found if known.get(chat_id) != found[chat_id]]
            # Latest first, so that the top of the list is there while the rest is being read.
            changed.sort(key=lambda chat_id: found[chat_id].mtime_ns, reverse=True)
            self._take_up(changed)
            self._take_up(self._index.stale())
            self._scanned = begun

    def read_up(self) -> None:
        """Index the words of chats saved since the last scan; where the disk refuses, they are
        indexed later."""
        try:
            self._take_up(self._index.stale())
        except StorageError as error:
            _log.warning("the search answers from older words: %s", error)

    def close(self) -> None:
        """End a running scan and start no other."""
        self._closed.set()
        with self._guard:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _scan(self) -> None:
        try:
            self.scan()
        except (DivanError, OSError) as error:
            _log.warning("the chats folder could not be scanned: %s", error)
        finally:
            self._once.set()

    def _take_up(self, chat_ids: list[str]) -> None:
        for start in range(0, len(chat_ids), _BATCH):
            if self._closed.is_set():
                return
            versions = map(self._folder.version, chat_ids[start : start + _BATCH])
            entries = [entry(version) for version in versions if version]
            self._index.take_up(entries, self._folder.signature)
            # The database and the interpreter are lent to whoever waits for them.
            time.sleep(_BREATH_S)
