"""One person's documents: taken up, indexed, found and deleted. Everything here blocks.

SQLite holds what is true. The indexes in memory are built from it, and a snapshot of them on disk
makes opening fast; what the snapshot lacks is added, so a crash at any moment costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from rag.embedders import Embedder
from rag.embedding import Keyed, Progress, embed, embed_all, keyed
from rag.fusion import Weights
from rag.indexes import Indexes
from rag.language import language_of
from rag.loaders.values import Unread
from rag.names import composed
from rag.records import DocumentRecord, Records
from rag.rerank import DEPTH, Reranker, rerank
from rag.search import Search
from rag.values import Chunk, Hit

_UNSAVED = 2000
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")


class Library:
    """The documents in a folder, searched with one embedder."""

    def __init__(
        self,
        folder: Path,
        embedder: Callable[[], Embedder],
        weights: Weights | None = None,
        reranker: Callable[[], Reranker | None] = lambda: None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files = folder / "files"
        self._files.mkdir(exist_ok=True)
        self.records = Records(folder / "library.sqlite")
        self._open_embedder = embedder
        self._embedder: Embedder | None = None
        self._indexes: Indexes | None = None
        self._weights = weights or Weights()
        self._reranker = reranker
        self._lock = RLock()
        self._files_lock = RLock()
        self._searches: dict[Weights, Search] = {}

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded at its first use."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._open_embedder()
            return self._embedder

    @property
    def indexes(self) -> Indexes:
        """The indexes, opened at their first use."""
        with self._lock:
            if self._indexes is None:
                self._indexes = Indexes.open(self._folder / "index", self.records, self.embedder)
            return self._indexes

    def take(self, name: str, data: bytes, collection: str, folder: str = "") -> DocumentRecord:
        """Keep a file and note that it waits to be indexed. The same content in the same collection
        is the same document. `folder` tells files of one name apart, "" where it is unknown."""
        name = composed(name)
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest, name)
        added = datetime.now(UTC).isoformat(timespec="seconds")
        with self._files_lock:
            if not path.exists():
                _write(path, data)
            document = self.records.add_document(
                collection, name, digest, len(data), added, composed(folder)
            )
            found = self.records.document(document)
        if found is None:
            raise LookupError(name)
        return found

    def path(self, digest: str, name: str) -> Path:
        """Where the original file of a document lies: nothing but its ending is taken from what a
        person called it."""
        ending = _ENDING.search(name.lower())
        return self._files / (digest[:32] + (ending[0] if ending else ""))

    def pending(self) -> list[DocumentRecord]:
        """Documents that still have to be indexed, oldest first: also those a crash cut short."""
        waiting = [d for d in self.records.documents() if d.state in ("waiting", "working")]
        return list(reversed(waiting))

    def index(
        self,
        document: int,
        chunks: Iterable[Chunk],
        pages: int = 0,
        told: Progress | None = None,
        unread: Sequence[Unread] = (),
    ) -> int:
        """Give a document its chunks; from the return on they are found. The number of chunks.
        `unread` are the pages whose text is missing. What `told` raises ends the work; of a
        document deleted meanwhile nothing is kept."""
        made = [keyed(chunk) for chunk in chunks]
        try:
            return self._index(document, made, pages, told, unread)
        finally:
            with self._lock:
                if self.records.document(document) is None:
                    self.records.drop_unused_vectors([key for key, _ in made])

    def _index(
        self,
        document: int,
        made: Sequence[Keyed],
        pages: int,
        told: Progress | None,
        unread: Sequence[Unread],
    ) -> int:
        embed(self.records, self.embedder, made, told or _silent)
        rows = [(chunk, key, language_of(chunk.text)) for key, chunk in made]
        with self._lock:
            indexes = self.indexes
            # Deleting another document may have taken vectors they had in common.
            embed(self.records, self.embedder, made, _silent)
            ids = self.records.put_chunks(document, rows, pages, unread)
            indexes.drop(document)
            self._follow()
            return len(ids)

    def change_to(self, embedder: Embedder, told: Progress | None = None) -> None:
        """Embed everything with another embedder, and search with it once all of it is there; until
        then the old one goes on."""
        embed_all(self.records, embedder, told or _silent)
        fresh = Indexes.open(self._folder / "index", self.records, embedder)
        with self._lock:
            embed_all(self.records, embedder, _silent)
            fresh.reread(self.records)
            fresh.catch_up(self.records, embedder)
            self._embedder, self._indexes = embedder, fresh
            self._searches.clear()
            self.save()

    def delete(self, document: int) -> None:
        """Forget a document at once; its file goes when no other document is the same."""
        with self._lock, self._files_lock:
            found = self.records.document(document)
            if self._indexes is not None:
                self._indexes.drop(document)
            self.records.delete_document(document)
            paths = {self.path(one.hash, one.name) for one in self.records.documents()}
            if found and (path := self.path(found.hash, found.name)) not in paths:
                path.unlink(missing_ok=True)

    def save(self) -> None:
        """Write a snapshot of the indexes, so that the next start is fast."""
        with self._lock:
            if self._indexes is not None:
                with self.records.alone():
                    self._indexes.save()

    def save_if_due(self) -> None:
        """As `save`, where a crash would cost the next start more than a moment."""
        with self._lock:
            indexes = self._indexes
            if indexes and indexes.unsaved > max(_UNSAVED, len(indexes.ids) // 10):
                self.save()

    def close(self) -> None:
        """Save and give everything back."""
        with self._lock:
            self.save()
            self._indexes = None
            self._searches.clear()
            self.records.close()

    def search(
        self,
        question: str,
        count: int = 8,
        documents: Collection[int] | None = None,
        weights: Weights | None = None,
    ) -> tuple[Hit, ...]:
        """The passages that answer a question best, of all documents or of some."""
        wanted = weights or self._weights
        reranker = None if weights else self._reranker()
        with self.reading() as indexes:
            if wanted not in self._searches:
                self._searches[wanted] = Search(indexes, self.records, self.embedder, wanted)
            search = self._searches[wanted]
            ranked = search.rank(question, max(count, DEPTH) if reranker else count, documents)
        found = search.found(ranked)
        if reranker is None:
            return found
        return rerank(question, found, reranker)[:count]

    @contextmanager
    def reading(self) -> Iterator[Indexes]:
        """The indexes at their newest, which nothing changes meanwhile."""
        with self._lock:
            self._follow()
            yield self.indexes

    def _follow(self) -> None:
        """Bring the indexes to where the database is, which other processes change, too."""
        if self.records.changed_elsewhere():
            self.indexes.reread(self.records)
        self.indexes.catch_up(self.records, self.embedder)


def _silent(_: float) -> None:
    """Progress that nobody asked for."""


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
