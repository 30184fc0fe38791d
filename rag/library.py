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

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Embedder, Vectors
from rag.fusion import Weights
from rag.indexes import Indexes
from rag.language import language_of
from rag.records import SCALE, DocumentRecord, Embedded, Records
from rag.search import Found, Search
from rag.sentences import sentences
from rag.values import HEADINGS, Chunk, titled

Progress = Callable[[float], None]
"""Told how far an indexing is, from 0 to 1."""
_BATCH = 64
_UNSAVED = 2000
_ENDING = re.compile(r"\.[a-z0-9]{1,8}$")


class Library:
    """The documents in a folder, searched with one embedder."""

    def __init__(
        self, folder: Path, embedder: Callable[[], Embedder], weights: Weights | None = None
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

    def take(self, name: str, data: bytes, collection: str) -> DocumentRecord:
        """Keep a file and note that it waits to be indexed. The same content in the same collection
        is the same document."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest, name)
        added = datetime.now(UTC).isoformat(timespec="seconds")
        with self._files_lock:
            if not path.exists():
                _write(path, data)
            document = self.records.add_document(collection, name, digest, len(data), added)
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
        self, document: int, chunks: Iterable[Chunk], pages: int = 0, told: Progress | None = None
    ) -> int:
        """Give a document its chunks; from the return on they are found. The number of chunks."""
        made = [(chunk, _hash(chunk), language_of(chunk.text)) for chunk in chunks]
        keyed = [(chunk, key) for chunk, key, _ in made]
        self._embed(keyed, told or (lambda _: None))
        with self._lock:
            indexes = self.indexes
            # Deleting another document may have taken vectors they had in common.
            self._embed(keyed, lambda _: None)
            ids = self.records.put_chunks(document, made, pages)
            indexes.drop(document)
            self._follow()
            return len(ids)

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
    ) -> Found:
        """The passages that answer a question best, of all documents or of some."""
        wanted = weights or self._weights
        with self.reading() as indexes:
            if wanted not in self._searches:
                self._searches[wanted] = Search(indexes, self.records, self.embedder, wanted)
            search = self._searches[wanted]
            ranked = search.rank(question, count, documents)
        return search.found(question, ranked)

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

    def _embed(self, chunks: Sequence[tuple[Chunk, bytes]], told: Progress) -> None:
        """Vectors for the texts that have none yet, kept batch by batch."""
        name = self.embedder.name
        known = self.records.known_vectors(name, [key for _, key in chunks])
        fresh = list({key: chunk for chunk, key in chunks if key not in known}.items())
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            self.records.put_vectors(name, self._embedded(batch))
            told(min(1.0, (start + len(batch)) / len(fresh)))

    def _embedded(self, batch: Sequence[tuple[bytes, Chunk]]) -> list[tuple[bytes, Embedded]]:
        split = [_sentences(chunk) for _, chunk in batch]
        flat = self.embedder.passages([one for some in split for one in some])
        ends = np.cumsum([len(some) for some in split])
        groups = np.split(flat, ends[:-1])
        if self.embedder.pools:
            passages = np.array([_middle(group) for group in groups], np.float32)
        else:
            passages = self.embedder.passages(
                [titled(chunk.heading, chunk.text) for _, chunk in batch]
            )
        return [
            (key, Embedded(passage, _bytes(group[bool(chunk.heading) :])))
            for (key, chunk), passage, group in zip(batch, passages, groups, strict=True)
        ]


def _sentences(chunk: Chunk) -> list[str]:
    """The headings above a chunk, if there are any, and its sentences."""
    heading = [HEADINGS.join(chunk.heading)] if chunk.heading else []
    return heading + (sentences(chunk.text) or [chunk.text])


def _middle(vectors: Vectors) -> NDArray[np.float32]:
    mean = vectors.mean(axis=0)
    found: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return found


def _bytes(vectors: Vectors) -> NDArray[np.int8]:
    return np.clip(np.rint(vectors * SCALE), -SCALE, SCALE).astype(np.int8)


def _hash(chunk: Chunk) -> bytes:
    text = titled(chunk.heading, chunk.text)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
