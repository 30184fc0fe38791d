"""Dense search in FAISS: a flat index of half floats.

Measured at 100,000 chunks of 512 numbers, one thread, p95 and recall@10 against exact search:
flat 14 ms, 1.0; half floats 8 ms, .9995; HNSW .5 ms, .99 after 9 s of building; IVF 1 ms, .99 after
2 s. Half floats need no training, take a new vector in microseconds and keep the exact ranking, so
the others would earn their place beyond some 300,000 chunks only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Vectors

Rows = NDArray[np.int64]


class VectorIndex:
    """Vectors by their row. Blocks; searching gives other threads room."""

    def __init__(self, dimension: int, index: Any = None) -> None:
        faiss = _faiss()
        kind = faiss.ScalarQuantizer.QT_fp16
        self._index = index or faiss.IndexScalarQuantizer(
            dimension, kind, faiss.METRIC_INNER_PRODUCT
        )

    @property
    def size(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def add(self, vectors: Vectors) -> None:
        """Add vectors at the end."""
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors, np.float32))

    def nearest(self, question: NDArray[np.float32], count: int, mask: NDArray[np.bool_]) -> Rows:
        """Rows of the nearest vectors among those the mask allows."""
        faiss = _faiss()
        if not mask.any():
            return np.zeros(0, np.int64)
        chosen = (
            None if mask.all() else faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        )
        params = faiss.SearchParameters(sel=chosen) if chosen else None
        asked = question[None].astype(np.float32)
        _, rows = self._index.search(asked, min(count, int(mask.sum())), params=params)
        found: Rows = rows[0]
        return found[found >= 0]

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of some rows."""
        found: Vectors = self._index.reconstruct_batch(rows)
        return found

    def save(self, path: Path) -> None:
        """Write FAISS's own file."""
        faiss = _faiss()
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Read FAISS's own file. Raises RuntimeError where it is damaged."""
        faiss = _faiss()
        index = faiss.read_index(str(path))
        return cls(index.d, index)


def _faiss() -> Any:
    """The library, loaded at its first use; its own types leave out what its wrappers add.

    It shares questions out among threads, and a search has one question: the other threads would
    only wait for it, spinning. The number belongs to the thread that asks.
    """
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss
