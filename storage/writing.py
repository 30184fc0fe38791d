"""Which answers are being written at this moment, by this process or by another one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from core.conversation import Conversation, Outcome
from storage import disk, ids
from storage.home import Home
from storage.locks import FOLDER

IsLive = Callable[[str], bool]
"""Says whether a running turn of this process owns the answer with this id."""

_LOOKS = 3
_PAUSE_S = 0.005
_PATIENCE_S = 1.0


class Writing:
    """Holds a lock file for each answer that this process writes, where other processes see it.

    The operating system lets a lock go when its process ends, by whatever end: what is `streaming`
    in a chat's file and has no lock was cut off.
    """

    def __init__(self, home: Home, is_live: IsLive) -> None:
        self._home = home
        self._is_live = is_live
        self._held: dict[str, FileLock] = {}
        self._guard = threading.Lock()

    def settled(self, conversation: Conversation) -> Conversation:
        """With the answers `interrupted` that say `streaming` though no process writes them."""
        open_ones = (m.id for m in conversation.messages if m.is_open)
        cut_off = {message_id for message_id in open_ones if not self._is_written(message_id)}
        if not cut_off:
            return conversation
        messages = tuple(
            replace(m, answer=replace(m.answer, outcome=Outcome.INTERRUPTED))
            if m.answer and m.id in cut_off
            else m
            for m in conversation.messages
        )
        return replace(conversation, messages=messages)

    def claim(self, conversation: Conversation) -> None:
        """Lock the open answers of this process, before a file shows them. Raises StorageError."""
        mine = [m.id for m in conversation.messages if m.is_open and self._is_live(m.id)]
        with self._guard:
            for message_id in mine:
                self._lock(message_id)

    def release(self, conversation: Conversation) -> None:
        """Let the answers go that have come to their end, now that the file says so."""
        with self._guard:
            over = {m.id for m in conversation.messages if not m.is_open} & self._held.keys()
            self._unlock(over | {one for one in self._held if not self._is_live(one)})

    def close(self) -> None:
        """Let all answers go."""
        with self._guard:
            self._unlock(list(self._held))

    def _lock(self, message_id: str) -> None:
        path = self._path(message_id)
        if path is None or (message_id in self._held and path.exists()):
            return
        with disk.refusals(path):
            self._home.inner(FOLDER)
            lock = FileLock(path, timeout=_PATIENCE_S, thread_local=False)
            with suppress(Timeout):
                lock.acquire()
                self._held[message_id] = lock

    def _unlock(self, message_ids: Iterable[str]) -> None:
        for message_id in message_ids:
            lock = self._held.pop(message_id)
            lock.release()
            with suppress(OSError):
                Path(lock.lock_file).unlink()

    def _is_written(self, message_id: str) -> bool:
        if self._is_live(message_id):
            return True
        path = self._path(message_id)
        if path is None or message_id in self._held:
            return False
        # A second look: another process may be looking at the same moment.
        return all(_is_locked(path, look) for look in range(_LOOKS))

    def _path(self, message_id: str) -> Path | None:
        """The lock file of an answer; None for an id that Divan never makes."""
        if not ids.is_chat_id(message_id):
            return None
        return self._home.path / FOLDER / f"answer-{message_id}"


def _is_locked(path: Path, look: int) -> bool:
    """Whether a process holds the lock; takes away what a killed one left."""
    if not path.exists():
        return False
    time.sleep(_PAUSE_S if look else 0)
    lock = FileLock(path, blocking=False, thread_local=False)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    with suppress(OSError):
        path.unlink()
    return False
