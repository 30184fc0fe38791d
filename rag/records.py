"""Documents and chunks in SQLite: what is true; the indexes beside it can be built from it anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Vectors
from rag.values import Chunk, Language, Passage, titled

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
_LACKS = "NOT EXISTS (SELECT 1 FROM vectors v WHERE v.hash = c.hash AND v.embedder = ?)"
_COLUMNS = (
    "id, collection, name, hash, bytes, added, state, pages, characters, chunks, error, detail"
)
_T = TypeVar("_T")
_MOST_PARAMETERS = 500
SCALE = 127


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document of the library. `state` is waiting, working, ready or failed; `error` is then a
    text key under `document_error.`, and `detail` what more there is to say."""

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


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """What the indexes know of a chunk."""

    id: int
    document: int
    language: Language


@dataclass(frozen=True, slots=True)
class Embedded:
    """A chunk's own vector, and one for each of its sentences as int8 (`SCALE` is one)."""

    passage: NDArray[np.float32]
    sentences: NDArray[np.int8]


class Records:
    """One library's database. Every call is one transaction; usable from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._version = self._data_version()

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

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process from changing anything meanwhile."""
        with self._change():
            yield

    def changed_elsewhere(self) -> bool:
        """Whether another process has changed anything since this was last asked."""
        before, self._version = self._version, self._data_version()
        return self._version != before

    def _data_version(self) -> int:
        return int(self._ask("PRAGMA data_version")[0][0])

    def setting(self, name: str) -> str:
        """What was noted under a name; "" where nothing was."""
        found = self._ask("SELECT value FROM settings WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def note(self, name: str, value: str) -> None:
        """Note something under a name."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES(?, ?)", (name, value))

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

    def add_document(self, collection: str, name: str, hash_: str, size: int, added: str) -> int:
        """Take a document up as waiting; the id of the one that is there already where the same
        content is in the collection."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO collections VALUES(?)", (collection,))
            db.execute(
                "INSERT OR IGNORE INTO documents(collection, name, hash, bytes, added, state)"
                " VALUES(?, ?, ?, ?, ?, 'waiting')",
                (collection, name, hash_, size, added),
            )
            found = db.execute(
                "SELECT id FROM documents WHERE collection = ? AND hash = ?", (collection, hash_)
            )
            return int(found.fetchone()[0])

    def chunk(self, document: int, chunk: int) -> Passage | None:
        """One chunk of a document, if it is there."""
        found = self.passages([chunk]).get(chunk)
        return found if found and found.document == str(document) else None

    def passages_of(self, document: int) -> list[Passage]:
        """All chunks of a document, in reading order."""
        found = self._ask("SELECT id FROM chunks WHERE document = ? ORDER BY id", (document,))
        held = self.passages([int(row[0]) for row in found])
        return [held[one] for one in sorted(held)]

    def documents(self) -> list[DocumentRecord]:
        """All documents, newest first."""
        found = self._ask(f"SELECT {_COLUMNS} FROM documents ORDER BY id DESC")  # noqa: S608
        return [DocumentRecord(*row) for row in found]

    def documents_in(self, collections: Sequence[str]) -> set[int]:
        """The documents of some collections, by their ids."""
        marks = ",".join("?" * len(collections))
        query = f"SELECT id FROM documents WHERE collection IN ({marks})"  # noqa: S608
        return {int(row[0]) for row in self._ask(query, collections)}

    def document(self, document: int) -> DocumentRecord | None:
        """One document, if it is there."""
        query = f"SELECT {_COLUMNS} FROM documents WHERE id = ?"  # noqa: S608
        found = self._ask(query, (document,))
        return DocumentRecord(*found[0]) if found else None

    def set_state(self, document: int, state: str, error: str = "", detail: str = "") -> None:
        """Say how far a document is."""
        with self._change() as db:
            db.execute(
                "UPDATE documents SET state = ?, error = ?, detail = ? WHERE id = ?",
                (state, error, detail, document),
            )

    def put_chunks(
        self, document: int, chunks: Sequence[tuple[Chunk, bytes, Language]], pages: int
    ) -> list[int]:
        """Give a document its chunks in place of any it had, and make it ready: all or nothing.
        The ids of the chunks; none where the document was deleted meanwhile."""
        with self._change() as db:
            if not db.execute("SELECT 1 FROM documents WHERE id = ?", (document,)).fetchone():
                return []
            db.execute("DELETE FROM chunks WHERE document = ?", (document,))
            ids = [
                int(
                    db.execute(
                        "INSERT INTO chunks(document, text, page, heading, language, hash)"
                        " VALUES(?, ?, ?, ?, ?, ?)",
                        (document, one.text, one.page, _heading(one), language, hash_),
                    ).lastrowid
                    or 0
                )
                for one, hash_, language in chunks
            ]
            characters = sum(len(one.text) for one, _, _ in chunks)
            db.execute(
                "UPDATE documents SET state = 'ready', error = '', detail = '', pages = ?,"
                " characters = ?, chunks = ? WHERE id = ?",
                (pages, characters, len(ids), document),
            )
            return ids

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

    def rows(self, after: int = 0) -> list[ChunkRow]:
        """All chunks with an id above `after`, in order."""
        found = self._ask(
            "SELECT id, document, language FROM chunks WHERE id > ? ORDER BY id", (after,)
        )
        return [ChunkRow(*row) for row in found]

    def texts(self, after: int = 0) -> Iterator[tuple[int, str, bytes]]:
        """Id, text under its headings, and hash of all chunks above `after`, in order."""
        query = "SELECT id, heading, text, hash FROM chunks WHERE id > ? ORDER BY id LIMIT 1000"
        while True:
            found = self._ask(query, (after,))
            if not found:
                return
            yield from ((n, titled(json.loads(path), text), key) for n, path, text, key in found)
            after = int(found[-1][0])

    def passages(self, chunks: Sequence[int]) -> dict[int, Passage]:
        """The passages of some chunks, by the chunk's id."""
        found = {}
        for some in _pieces(chunks):
            marks = ",".join("?" * len(some))
            query = (
                "SELECT c.id, c.document, d.name, c.text, c.page, c.heading FROM chunks c"  # noqa: S608
                f" JOIN documents d ON d.id = c.document WHERE c.id IN ({marks})"
            )
            for one, document, name, text, page, heading in self._ask(query, some):
                path = tuple(json.loads(str(heading)))
                found[one] = Passage(one, str(document), name, text, page, path)
        return found

    def put_vectors(self, embedder: str, embedded: Iterable[tuple[bytes, Embedded]]) -> None:
        """Keep vectors by the hash of their text."""
        with self._change() as db:
            db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES(?, ?, ?, ?)",
                (
                    (key, embedder, one.passage.astype("<f2").tobytes(), one.sentences.tobytes())
                    for key, one in embedded
                ),
            )

    def lacking_vectors(self, embedder: str) -> int:
        """How many texts have no vectors of an embedder."""
        query = f"SELECT COUNT(DISTINCT hash) FROM chunks c WHERE {_LACKS}"  # noqa: S608
        return int(self._ask(query, (embedder,))[0][0])

    def chunks_lacking(self, embedder: str, count: int) -> list[tuple[bytes, Chunk]]:
        """Some chunks without vectors of an embedder, each text once, by its hash."""
        query = (
            "SELECT hash, text, page, heading FROM chunks c"  # noqa: S608
            f" WHERE {_LACKS} GROUP BY hash LIMIT ?"
        )
        found = self._ask(query, (embedder, count))
        return [
            (bytes(key), Chunk(text, page, tuple(json.loads(heading))))
            for key, text, page, heading in found
        ]

    def known_vectors(self, embedder: str, hashes: Sequence[bytes]) -> set[bytes]:
        """Which of these texts have vectors already."""
        known: set[bytes] = set()
        for some in _pieces(hashes):
            marks = ",".join("?" * len(some))
            query = f"SELECT hash FROM vectors WHERE embedder = ? AND hash IN ({marks})"  # noqa: S608
            known |= {bytes(row[0]) for row in self._ask(query, (embedder, *some))}
        return known

    def passage_vectors(self, embedder: str, hashes: Sequence[bytes], dimension: int) -> Vectors:
        """Vectors of texts in the order asked for; zeros where there is none."""
        held: dict[bytes, bytes] = {}
        for some in _pieces(list(dict.fromkeys(hashes))):
            marks = ",".join("?" * len(some))
            query = f"SELECT hash, passage FROM vectors WHERE embedder = ? AND hash IN ({marks})"  # noqa: S608
            held |= {bytes(k): bytes(v) for k, v in self._ask(query, (embedder, *some))}
        empty = bytes(2 * dimension)
        joined = b"".join(held.get(key, empty) for key in hashes)
        return np.frombuffer(joined, "<f2").reshape(len(hashes), dimension).astype(np.float32)

    def sentence_vectors(
        self, embedder: str, chunks: Sequence[int], dimension: int
    ) -> dict[int, NDArray[np.int8]]:
        """The sentences' vectors of some chunks, by the chunk's id."""
        found = {}
        for some in _pieces(chunks):
            marks = ",".join("?" * len(some))
            query = (
                "SELECT c.id, v.sentences FROM chunks c JOIN vectors v ON v.hash = c.hash"  # noqa: S608
                f" WHERE v.embedder = ? AND c.id IN ({marks})"
            )
            for one, blob in self._ask(query, (embedder, *some)):
                found[one] = np.frombuffer(blob, np.int8).reshape(-1, dimension)
        return found


def _heading(chunk: Chunk) -> str:
    return json.dumps(chunk.heading, ensure_ascii=False)


def _pieces(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _MOST_PARAMETERS):
        yield values[start : start + _MOST_PARAMETERS]
