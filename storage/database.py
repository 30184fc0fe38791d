"""A disposable SQLite file: opened, checked, and thrown away as soon as it cannot be trusted."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from core.errors import StorageError
from storage.home import Home

_log = logging.getLogger(__name__)
Result = TypeVar("Result")
_FOLDER = "index"
_VERSION = 2
_BUSY_S = 5.0
_OPEN_TRIES = 4
_OPEN_WAIT_S = 0.1
_TRANSIENT = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT}
)
_TABLES = (
    """CREATE TABLE chats (
      doc INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, title TEXT NOT NULL,
      updated REAL NOT NULL, pinned INTEGER NOT NULL, model TEXT NOT NULL,
      messages INTEGER NOT NULL, read_only INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
      size INTEGER NOT NULL, inode INTEGER NOT NULL, stale INTEGER NOT NULL)""",
    "CREATE INDEX in_order ON chats (pinned DESC, updated DESC, id)",
    "CREATE INDEX stale ON chats (stale) WHERE stale = 1",
    "CREATE TABLE bodies (doc INTEGER PRIMARY KEY, title TEXT NOT NULL, text BLOB NOT NULL)",
    """CREATE VIRTUAL TABLE words
      USING fts5 (title, body, content='', prefix='1 2', tokenize="ascii tokenchars '.+#'")""",
    "CREATE TABLE state (version INTEGER NOT NULL)",
)


class Database:
    """One connection, opened by its first use, used by one thread at a time, each use short.

    Where no file can be made it works in memory: the index is then rebuilt at every start.
    """

    def __init__(self, data: Home, name: str) -> None:
        self._data = data
        self._path = data.path / _FOLDER / name
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self.begun = 0
        """Grows whenever the index had to begin empty again."""

    def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do the work in one transaction; damage costs a fresh start. Raises StorageError."""
        with self._lock:
            try:
                return self._attempt(work)
            except sqlite3.Error as error:
                if _is_transient(error):
                    raise _refused(self._path, error) from error
                _log.warning("the chat index is unusable and is built again: %s", error)
            self._renew()
            try:
                return self._attempt(work)
            except sqlite3.Error as error:
                raise _refused(self._path, error) from error

    def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """As `run`, for what only reads: where another program keeps the file to itself, the index
        goes on in memory."""
        try:
            return self.run(work)
        except StorageError as error:
            _log.warning("the chat index cannot be read and is built in memory: %s", error)
        with self._lock:
            self._begin(_connect(":memory:"))
            return self._attempt(work)

    def renew_if_gone(self) -> None:
        """Write the file again where it was removed while open; its content is still readable."""
        with self._lock:
            if self._opened is None or not _is_file(self._opened) or self._path.exists():
                return
            with suppress(StorageError):
                self._data.look()
                self._copy()

    def _copy(self) -> None:
        held, self._opened = self._opened, None
        self._discard()
        self._opened = self._open()
        if held:
            try:
                held.backup(self._opened)
            except sqlite3.Error as error:
                _log.warning("the chat index is built again: %s", error)
                self.begun += 1
            held.close()

    def close(self) -> None:
        """Give the file back; the next use opens it again."""
        with self._lock:
            if self._opened:
                self._opened.close()
            self._opened = None

    def _attempt(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self._opened is None:
            self._opened = self._open()
        with self._opened:
            return work(self._opened)

    def _renew(self) -> None:
        self._begin(None)
        self._discard()

    def _begin(self, fresh: sqlite3.Connection | None) -> None:
        if self._opened:
            self._opened.close()
        self._opened = fresh
        self.begun += 1

    def _open(self) -> sqlite3.Connection:
        for _ in range(_OPEN_TRIES):
            try:
                self._data.inner(_FOLDER)
                return _connect(str(self._path))
            except sqlite3.Error as error:
                _log.warning("the chat index cannot be opened: %s", error)
                if _is_transient(error):
                    time.sleep(_OPEN_WAIT_S)
                else:
                    self._discard()
            except (OSError, StorageError) as error:
                _log.warning("the chat index cannot be made: %s", error)
                break
        self.begun += 1
        return _connect(":memory:")

    def _discard(self) -> None:
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + ending).unlink()


def _is_file(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA database_list").fetchone()[2])


def _connect(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=_BUSY_S, check_same_thread=False)
    try:
        # Nothing here is worth an fsync: whatever a power cut spoils is built again.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA temp_store=MEMORY")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    # Another process may be making the same file at this moment: only one of us fills it.
    connection.execute("BEGIN IMMEDIATE")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not found and not tables:
        for statement in _TABLES:
            connection.execute(statement)
        # A new index starts above any version an older one can have told.
        connection.execute("INSERT INTO state VALUES (?)", (time.time_ns() // 1_000_000,))
        connection.execute(f"PRAGMA user_version={_VERSION}")
    elif found != _VERSION:
        raise sqlite3.DatabaseError(f"version {found} instead of {_VERSION}")
    connection.execute("SELECT version FROM state").fetchone()
    connection.commit()


def _is_transient(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _TRANSIENT


def _refused(path: Path, error: sqlite3.Error) -> StorageError:
    return StorageError("disk_refused", detail=str(error), path=str(path.parent))
