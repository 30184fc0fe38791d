"""One library's SQLite file: its tables, its transactions, and what is noted under a name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from rag.names import composed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS collections(name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents(
  id INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, name TEXT NOT NULL,
  hash TEXT NOT NULL, bytes INTEGER NOT NULL, added TEXT NOT NULL, state TEXT NOT NULL,
  pages INTEGER NOT NULL DEFAULT 0, characters INTEGER NOT NULL DEFAULT 0,
  chunks INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  UNIQUE(collection, hash));
CREATE TABLE IF NOT EXISTS chunks(
  id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, text TEXT NOT NULL,
  page INTEGER, heading TEXT NOT NULL, language TEXT NOT NULL, hash BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS chunks_of_document ON chunks(document);
CREATE INDEX IF NOT EXISTS chunks_of_text ON chunks(hash);
CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vectors(
  hash BLOB NOT NULL, embedder TEXT NOT NULL, passage BLOB NOT NULL, sentences BLOB NOT NULL,
  PRIMARY KEY(hash, embedder)) WITHOUT ROWID;
"""
_ADDED = (
    ("documents", "unread", "TEXT NOT NULL DEFAULT ''"),
    ("documents", "folder", "TEXT NOT NULL DEFAULT ''"),
    ("chunks", "ocr", "INTEGER NOT NULL DEFAULT 0"),
)
"""Columns that libraries of earlier versions lack: table, name, declaration."""
_T = TypeVar("_T")
_MOST_PARAMETERS = 500


class Database:
    """Every call is one transaction; usable from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._add_columns()
        self._compose_names()
        self._version = self.data_version()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _ask(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _add_columns(self) -> None:
        for table, name, declaration in _ADDED:
            if self._lacks(table, name):
                with self._change() as db:
                    if self._lacks(table, name):  # another process may have been first
                        db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {declaration}")

    def _lacks(self, table: str, column: str) -> bool:
        query = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"
        return not self._ask(query, (table, column))

    def _compose_names(self) -> None:
        """Write names as they are typed: earlier versions kept them as the file system did."""
        found = self._ask("SELECT name, id FROM documents")
        changed = [(composed(name), one) for name, one in found if composed(name) != name]
        if changed:
            with self._change() as db:
                db.executemany("UPDATE documents SET name = ? WHERE id = ?", changed)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process from changing anything meanwhile."""
        with self._change():
            yield

    def changed_elsewhere(self) -> bool:
        """Whether another process has changed anything since this was last asked."""
        before, self._version = self._version, self.data_version()
        return self._version != before

    def data_version(self) -> int:
        """Another number once another process has changed anything."""
        return int(self._ask("PRAGMA data_version")[0][0])

    def setting(self, name: str) -> str:
        """What was noted under a name; "" where nothing was."""
        found = self._ask("SELECT value FROM settings WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def note(self, name: str, value: str) -> None:
        """Note something under a name."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES(?, ?)", (name, value))


def pieces(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Values few enough at a time for one statement."""
    for start in range(0, len(values), _MOST_PARAMETERS):
        yield values[start : start + _MOST_PARAMETERS]
