"""Collections and the documents in them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.loaders.values import Unread
from rag.names import file_part, told_apart
from rag.records.database import Database

_COLUMNS = (
    "id, collection, name, hash, bytes, added, state, pages, characters, chunks, error, detail,"
    " unread"
)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document of the library. `state` is waiting, working, ready or failed; `error` is then a
    text key under `document_error.`, and `detail` what more there is to say. `unread` are pages
    whose text is missing."""

    id: int
    collection: str
    name: str
    hash: str
    bytes: int
    added: str
    state: str
    pages: int = 0
    characters: int = 0
    chunks: int = 0
    error: str = ""
    detail: str = ""
    unread: tuple[Unread, ...] = ()


class DocumentTable(Database):
    """Documents as they were taken up, and how far each is."""

    def collections(self) -> list[str]:
        """Names of all collections, empty ones too."""
        return [str(row[0]) for row in self._ask("SELECT name FROM collections ORDER BY name")]

    def add_collection(self, name: str) -> None:
        """Make a collection, if there is none of this name."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO collections VALUES(?)", (name,))

    def drop_collection(self, name: str) -> None:
        """Forget a collection; its documents must be gone."""
        with self._change() as db:
            db.execute("DELETE FROM collections WHERE name = ?", (name,))

    def add_document(
        self, collection: str, name: str, hash_: str, size: int, added: str, folder: str = ""
    ) -> int:
        """Take a document up as waiting; the id of the one that is there already where the same
        content is in the collection. Files of one name are called by their folders, too."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO collections VALUES(?)", (collection,))
            db.execute(
                "INSERT OR IGNORE INTO documents(collection, name, hash, bytes, added, folder,"
                " state) VALUES(?, ?, ?, ?, ?, ?, 'waiting')",
                (collection, name, hash_, size, added, folder),
            )
            _tell_apart(db, name)
            found = db.execute(
                "SELECT id FROM documents WHERE collection = ? AND hash = ?", (collection, hash_)
            )
            return int(found.fetchone()[0])

    def documents(self) -> list[DocumentRecord]:
        """All documents, newest first."""
        found = self._ask(f"SELECT {_COLUMNS} FROM documents ORDER BY id DESC")  # noqa: S608
        return list(map(_record, found))

    def documents_in(self, collections: Sequence[str]) -> set[int]:
        """The documents of some collections, by their ids."""
        marks = ",".join("?" * len(collections))
        query = f"SELECT id FROM documents WHERE collection IN ({marks})"  # noqa: S608
        return {int(row[0]) for row in self._ask(query, collections)}

    def document(self, document: int) -> DocumentRecord | None:
        """One document, if it is there."""
        query = f"SELECT {_COLUMNS} FROM documents WHERE id = ?"  # noqa: S608
        found = self._ask(query, (document,))
        return _record(found[0]) if found else None

    def set_state(self, document: int, state: str, error: str = "", detail: str = "") -> None:
        """Say how far a document is."""
        with self._change() as db:
            db.execute(
                "UPDATE documents SET state = ?, error = ?, detail = ? WHERE id = ?",
                (state, error, detail, document),
            )

    def delete_document(self, document: int) -> None:
        """Forget a document, its chunks, and the vectors nobody else needs."""
        with self._change() as db:
            gone = db.execute("SELECT hash FROM chunks WHERE document = ?", (document,)).fetchall()
            db.execute("DELETE FROM chunks WHERE document = ?", (document,))
            db.execute("DELETE FROM documents WHERE id = ?", (document,))
            # Only these: another document may be half indexed, with vectors and no chunks yet.
            db.executemany(
                "DELETE FROM vectors WHERE hash = ?1"
                " AND NOT EXISTS (SELECT 1 FROM chunks WHERE hash = ?1)",
                gone,
            )


def _tell_apart(db: sqlite3.Connection, file: str) -> None:
    query = "SELECT id, name, folder FROM documents WHERE name = ?1 OR name LIKE '%/' || ?1"
    found = [row for row in db.execute(query, (file,)) if file_part(row[1]) == file]
    names = told_apart(file, [folder for _, _, folder in found])
    db.executemany(
        "UPDATE documents SET name = ? WHERE id = ?",
        [(name, row[0]) for name, row in zip(names, found, strict=True) if name != row[1]],
    )


def _record(row: Sequence[Any]) -> DocumentRecord:
    unread = tuple(Unread(*one) for one in json.loads(row[-1] or "[]"))
    return DocumentRecord(*(*row[:-1], unread))
