"""Vectors, kept by embedder and by the hash of their text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Vectors
from rag.records.database import Database, pieces
from rag.values import Chunk

_LACKS = "NOT EXISTS (SELECT 1 FROM vectors v WHERE v.hash = c.hash AND v.embedder = ?)"
SCALE = 127


@dataclass(frozen=True, slots=True)
class Embedded:
    """A chunk's own vector, and one for each of its sentences as int8 (`SCALE` is one)."""

    passage: NDArray[np.float32]
    sentences: NDArray[np.int8]


class VectorTable(Database):
    """What embedders made of texts; it outlives the chunks while others have the same text."""

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

    def drop_unused_vectors(self, hashes: Sequence[bytes]) -> None:
        """Forget the vectors of those of these texts that no chunk has."""
        with self._change() as db:
            db.executemany(
                "DELETE FROM vectors WHERE hash = ?1"
                " AND NOT EXISTS (SELECT 1 FROM chunks WHERE hash = ?1)",
                [(key,) for key in hashes],
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
        for some in pieces(hashes):
            marks = ",".join("?" * len(some))
            query = f"SELECT hash FROM vectors WHERE embedder = ? AND hash IN ({marks})"  # noqa: S608
            known |= {bytes(row[0]) for row in self._ask(query, (embedder, *some))}
        return known

    def passage_vectors(self, embedder: str, hashes: Sequence[bytes], dimension: int) -> Vectors:
        """Vectors of texts in the order asked for; zeros where there is none."""
        held: dict[bytes, bytes] = {}
        for some in pieces(list(dict.fromkeys(hashes))):
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
        for some in pieces(chunks):
            marks = ",".join("?" * len(some))
            query = (
                "SELECT c.id, v.sentences FROM chunks c JOIN vectors v ON v.hash = c.hash"  # noqa: S608
                f" WHERE v.embedder = ? AND c.id IN ({marks})"
            )
            for one, blob in self._ask(query, (embedder, *some)):
                found[one] = np.frombuffer(blob, np.int8).reshape(-1, dimension)
        return found
