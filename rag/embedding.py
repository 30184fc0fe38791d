"""Chunks to vectors: one for each chunk and one for each of its sentences, kept by content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Embedder, Vectors
from rag.records import SCALE, Embedded, Records
from rag.sentences import sentences
from rag.values import HEADINGS, Chunk, titled

Progress = Callable[[float], None]
"""Told how far the work is, from 0 to 1; what it raises ends the work."""
Keyed = tuple[bytes, Chunk]
BATCH = 64


def keyed(chunk: Chunk) -> Keyed:
    """A chunk under the hash of what is embedded of it."""
    text = titled(chunk.heading, chunk.text)
    return hashlib.blake2b(text.encode(), digest_size=16).digest(), chunk


def embed(records: Records, embedder: Embedder, chunks: Sequence[Keyed], told: Progress) -> None:
    """Vectors for the chunks that have none yet, kept batch by batch."""
    known = records.known_vectors(embedder.name, [key for key, _ in chunks])
    fresh = [(key, chunk) for key, chunk in dict(chunks).items() if key not in known]
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        records.put_vectors(embedder.name, _embedded(embedder, batch))
        told(min(1.0, (start + len(batch)) / len(fresh)))


def embed_all(records: Records, embedder: Embedder, told: Progress) -> None:
    """Vectors for every chunk of the library that has none of this embedder."""
    total, done = records.lacking_vectors(embedder.name), 0
    while batch := records.chunks_lacking(embedder.name, BATCH):
        records.put_vectors(embedder.name, _embedded(embedder, batch))
        done += len(batch)
        told(min(1.0, done / max(total, done)))


def _embedded(embedder: Embedder, batch: Sequence[Keyed]) -> list[tuple[bytes, Embedded]]:
    split = [_sentences(chunk) for _, chunk in batch]
    flat = embedder.passages([one for some in split for one in some])
    ends = np.cumsum([len(some) for some in split])
    groups = np.split(flat, ends[:-1])
    if embedder.pools:
        passages = np.array([_middle(group) for group in groups], np.float32)
    else:
        passages = embedder.passages([titled(chunk.heading, chunk.text) for _, chunk in batch])
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
