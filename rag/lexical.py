"""BM25 over segments: adding a document adds a small segment, nothing is built anew.

A segment is four arrays that can be mapped from disk. Scores of all chunks are added up term by
term; for 100,000 chunks that takes some milliseconds.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.words import terms

_K1 = 1.2
_B = 0.75
_MOST_COMMON = 0.5
_FEW = 1000
_FIELDS = ("keys", "starts", "rows", "counts", "lengths")


@dataclass(frozen=True)
class Segment:
    """Postings of some chunks that follow each other. `keys` are sorted hashes of terms; those of
    key i are `rows[starts[i]:starts[i + 1]]` with their `counts`; `lengths` are terms a chunk."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.uint32]

    @property
    def size(self) -> int:
        """How many chunks it holds."""
        return len(self.lengths)

    def postings(self, key: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Rows that hold a term, and how often."""
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        if at == len(self.keys) or int(self.keys[at]) != key:
            return self.rows[:0], self.counts[:0]
        span = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.rows[span], self.counts[span]

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder."""
        for name in _FIELDS:
            np.save(folder / f"lexical-{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Segment:
        """Map the arrays of a folder. Raises OSError and ValueError."""
        held = {
            name: np.load(folder / f"lexical-{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _FIELDS
        }
        return cls(**held)


@lru_cache(maxsize=200_000)
def key_of(term: str) -> int:
    """A term's hash, the same in every run."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "big")


def build(texts: Iterable[str]) -> Segment:
    """A segment of these chunks, in their order."""
    keys: list[int] = []
    counts: list[int] = []
    rows: list[int] = []
    lengths: list[int] = []
    for row, text in enumerate(texts):
        found = Counter(map(key_of, terms(text)))
        keys += found.keys()
        counts += (min(n, 255) for n in found.values())
        rows += [row] * len(found)
        lengths.append(found.total())
    return _segment(
        np.array(keys, np.uint64),
        np.array(rows, np.uint32),
        np.array(counts, np.uint8),
        np.array(lengths, np.uint32),
    )


def merge(segments: Sequence[Segment]) -> Segment:
    """One segment in place of several, rows in their order."""
    offsets = np.cumsum([0, *(segment.size for segment in segments[:-1])])
    keys = [np.repeat(s.keys, s.starts[1:] - s.starts[:-1]) for s in segments]
    rows = [s.rows + np.uint32(offset) for s, offset in zip(segments, offsets, strict=True)]
    return _segment(
        np.concatenate(keys),
        np.concatenate(rows),
        np.concatenate([s.counts for s in segments]),
        np.concatenate([s.lengths for s in segments]),
    )


def _segment(
    keys: NDArray[np.uint64],
    rows: NDArray[np.uint32],
    counts: NDArray[np.uint8],
    lengths: NDArray[np.uint32],
) -> Segment:
    order = np.argsort(keys, kind="stable")
    unique, starts = np.unique(keys[order], return_index=True)
    ends = np.append(starts, len(keys)).astype(np.uint32)
    return Segment(unique, ends, rows[order], counts[order], lengths)


class Lexicon:
    """All segments of a library, as one row of chunks."""

    def __init__(self, segments: Sequence[Segment] = ()) -> None:
        self.segments: list[Segment] = list(segments)

    @property
    def size(self) -> int:
        """How many chunks there are."""
        return sum(segment.size for segment in self.segments)

    def add(self, texts: Sequence[str]) -> None:
        """Add chunks at the end. Segments much smaller than their neighbour are merged, so that
        their number stays small and adding stays cheap."""
        self.segments.append(build(texts))
        while len(self.segments) > 1 and self.segments[-2].size <= 2 * self.segments[-1].size:
            last = self.segments.pop()
            self.segments[-1] = merge([self.segments[-1], last])

    def scores(self, question: str) -> NDArray[np.float32]:
        """The BM25 score of every chunk."""
        total = self.size
        scores = np.zeros(total, np.float32)
        if not total:
            return scores
        lengths = [segment.lengths for segment in self.segments]
        average = sum(int(each.sum(dtype=np.int64)) for each in lengths) / total or 1
        norms = [_K1 * (1 - _B + _B * each / average) for each in lengths]
        for key in {key_of(term) for term in terms(question)}:
            self._add_term(scores, key, norms)
        return scores

    def reach(self, question: str) -> float:
        """More than any chunk can score: that of one that says all words of the question, and
        nothing else, without end."""
        return sum(self.rarity(term) for term in set(terms(question))) * (_K1 + 1)

    def rarity(self, term: str) -> float:
        """What a term weighs: the more, the fewer chunks hold it."""
        key, segments = key_of(term), tuple(self.segments)
        holding = sum(len(segment.postings(key)[0]) for segment in segments)
        return _rarity(holding, sum(segment.size for segment in segments))

    def _add_term(self, scores: NDArray[np.float32], key: int, norms: Sequence[Any]) -> None:
        found = [segment.postings(key) for segment in self.segments]
        holding = sum(len(rows) for rows, _ in found)
        total = len(scores)
        if not holding or (total > _FEW and holding > total * _MOST_COMMON):
            return
        weight = _rarity(holding, total)
        offset = 0
        for segment, (rows, counts), norm in zip(self.segments, found, norms, strict=True):
            often = counts.astype(np.float32)
            scores[offset + rows.astype(np.int64)] += (
                weight * often * (_K1 + 1) / (often + norm[rows])
            )
            offset += segment.size


def _rarity(holding: int, total: int) -> float:
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))
