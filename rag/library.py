"""One person's documents: taken up, indexed, found and deleted. Everything here blocks.

SQLite holds what is true. The indexes in memory are built from it, and a snapshot of them on disk
makes opening fast; what the snapshot lacks is added, so a crash at any moment costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import numpy as np

from rag.embedders import Embedder
from rag.fusion import Weights
from rag.indexes import Indexes
from rag.language import language_of
from rag.records import SCALE, DocumentRecord, Embedded, Records
from rag.search import Found, Search
from rag.sentences import sentences
from rag.values import Chunk

Progress = Callable[[float], None]
"""Told how far an indexing is, from 0 to 1."""
_BATCH = 64


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
        self._search: Search | None = None

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
        if not path.exists():
            part = path.with_suffix(path.suffix + ".part")
            part.write_bytes(data)
            part.replace(path)
        added = datetime.now(UTC).isoformat(timespec="seconds")
        document = self.records.add_document(collection, name, digest, len(data), added)
        found = self.records.document(document)
        if found is None:
            raise LookupError(name)
        return found

    def path(self, digest: str, name: str) -> Path:
        """Where the original file of a document lies."""
        return self._files / (digest[:32] + Path(name).suffix.lower()[:12])

    def pending(self) -> list[DocumentRecord]:
        """Documents that still have to be indexed, oldest first: also those a crash cut short."""
        waiting = [d for d in self.records.documents() if d.state in ("waiting", "working")]
        return list(reversed(waiting))

    def index(
        self, document: int, chunks: Iterable[Chunk], pages: int = 0, told: Progress | None = None
    ) -> int:
        """Give a document its chunks; from the return on they are found. The number of chunks."""
        made = [(chunk, _hash(chunk), language_of(chunk.text)) for chunk in chunks]
        self._embed([(chunk, key) for chunk, key, _ in made], told or (lambda _: None))
        with self._lock:
            indexes = self.indexes
            ids = self.records.put_chunks(document, made, pages)
            indexes.drop(document)
            if ids:
                hashes = [key for _, key, _ in made]
                vectors = self.records.passage_vectors(
                    self.embedder.name, hashes, self.embedder.dimension
                )
                languages = [language for _, _, language in made]
                texts = [chunk.text for chunk, _, _ in made]
                indexes.add(document, ids, languages, texts, vectors)
            return len(ids)

    def delete(self, document: int) -> None:
        """Forget a document at once; its file goes when no other document is the same."""
        with self._lock:
            found = self.records.document(document)
            self.indexes.drop(document)
            self.records.delete_document(document)
        if found and all(one.hash != found.hash for one in self.records.documents()):
            self.path(found.hash, found.name).unlink(missing_ok=True)

    def save(self) -> None:
        """Write a snapshot of the indexes, so that the next start is fast."""
        with self._lock:
            if self._indexes is not None:
                self._indexes.save()

    def close(self) -> None:
        """Save and give everything back."""
        with self._lock:
            self.save()
            self._indexes = self._search = None
            self.records.close()

    def search(
        self, question: str, count: int = 8, documents: Collection[int] | None = None
    ) -> Found:
        """The passages that answer a question best, of all documents or of some."""
        with self._lock:
            if self._search is None:
                self._search = Search(self.indexes, self.records, self.embedder, self._weights)
            search = self._search
            ranked = search.rank(question, count, documents)
        return search.found(question, ranked)

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
        texts = [titled(chunk) for _, chunk in batch]
        split = [sentences(chunk.text) for _, chunk in batch]
        passages = self.embedder.passages(texts)
        flat = self.embedder.passages([one for some in split for one in some])
        found, at = [], 0
        for (key, _), passage, some in zip(batch, passages, split, strict=True):
            held = np.clip(np.rint(flat[at : at + len(some)] * SCALE), -SCALE, SCALE)
            found.append((key, Embedded(passage, held.astype(np.int8))))
            at += len(some)
        return found


def titled(chunk: Chunk) -> str:
    """A chunk's text with the headings above it: what is embedded."""
    return "\n".join([" › ".join(chunk.heading), chunk.text]) if chunk.heading else chunk.text


def _hash(chunk: Chunk) -> bytes:
    return hashlib.blake2b(titled(chunk).encode(), digest_size=16).digest()
