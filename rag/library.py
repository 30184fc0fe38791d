"""One person's documents: taken up, indexed, found and deleted. Everything here blocks.

SQLite holds what is true. The indexes in memory are built from it, and a snapshot of them on disk
makes opening fast; what the snapshot lacks is added, so a crash at any moment costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Embedder
from rag.fusion import Weights, foreign, nearness, standard
from rag.indexes import Indexes
from rag.language import language_of
from rag.records import SCALE, DocumentRecord, Embedded, Records
from rag.sentences import sentences
from rag.values import Chunk, Hit, Passage

Progress = Callable[[float], None]
"""Told how far an indexing is, from 0 to 1."""
Candidates = tuple[NDArray[np.float32], list[NDArray[np.int8]]]
"""Vectors of chunks, and of each chunk's sentences."""

_CANDIDATES = 100
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first, and whether anything of it has to do with the question."""

    hits: tuple[Hit, ...]
    relevant: bool


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
        self._sampled: tuple[tuple[Indexes, bytes], Candidates] | None = None

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
            self._indexes = None
            self.records.close()

    def search(
        self, question: str, count: int = 8, documents: Collection[int] | None = None
    ) -> Found:
        """The passages that answer a question best, of all documents or of some."""
        asked = self.embedder.questions([question])[0]
        with self._lock:
            indexes = self.indexes
            allowed = indexes.allowed(documents)
            if not allowed.any():
                return Found((), False)
            lexical = indexes.lexicon.scores(question)
            rows = self._candidates(indexes, lexical, asked, allowed)
            near, best = nearness(asked, *self._vectors(indexes, rows), self._weights)
            sample, _ = nearness(asked, *self._sample(indexes, allowed), self._weights)
            ids = [int(indexes.ids[row]) for row in rows]
        strange = foreign(language_of(question), [indexes.languages[row] for row in rows])
        weights = self._weights
        words = standard(lexical[rows], lexical[allowed]) * np.where(strange, weights.foreign, 1)
        vectors = standard(near, sample)
        score = weights.lexical * words + weights.dense * vectors
        order = np.argsort(-score, kind="stable")[:count]
        passages = self.records.passages([ids[n] for n in order])
        hits = [
            Hit(
                passages[ids[n]],
                float(score[n]),
                float(words[n]),
                float(vectors[n]),
                _sentence(passages[ids[n]], int(best[n])),
            )
            for n in order
            if ids[n] in passages
        ]
        return Found(tuple(hits), bool(hits) and self._is_relevant(hits[0], float(near[order[0]])))

    def _is_relevant(self, hit: Hit, near: float) -> bool:
        return near >= 0.35 or hit.lexical >= 4.0

    def _candidates(
        self,
        indexes: Indexes,
        lexical: NDArray[np.float32],
        asked: NDArray[np.float32],
        allowed: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """Rows worth a closer look: the best of each side."""
        dense = indexes.vectors.nearest(asked, _CANDIDATES, allowed)
        held = np.where(allowed, lexical, 0)
        count = min(_CANDIDATES, len(held))
        top = np.argpartition(-held, count - 1)[:count]
        return np.union1d(dense, top[held[top] > 0])

    def _vectors(self, indexes: Indexes, rows: NDArray[np.int64]) -> Candidates:
        """The vectors of some rows, and those of their sentences."""
        embedder = self.embedder
        ids = [int(indexes.ids[row]) for row in rows]
        held = self.records.sentence_vectors(embedder.name, ids, embedder.dimension)
        none = np.zeros((0, embedder.dimension), np.int8)
        return indexes.vectors.vectors(rows), [held.get(one, none) for one in ids]

    def _sample(self, indexes: Indexes, allowed: NDArray[np.bool_]) -> Candidates:
        """Vectors of some chunks, to know what is usual; read once for the same chunks."""
        rows = indexes.sample(allowed)
        key = (indexes, rows.tobytes())
        if self._sampled is None or self._sampled[0] != key:
            self._sampled = (key, self._vectors(indexes, rows))
        return self._sampled[1]

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


def _sentence(passage: Passage, place: int) -> str:
    found = sentences(passage.text)
    return found[place] if place < len(found) else ""
