"""The documents as a map: chunks laid out in two dimensions by what they mean (PCA)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Vectors

_MOST_POINTS = 2000


@dataclass(frozen=True, slots=True)
class Layout:
    """`rows` that were drawn, their points and the question's, in -1 to 1; `share` is how much of
    the spread the two axes show."""

    rows: NDArray[np.int64]
    points: NDArray[np.float32]
    question: NDArray[np.float32] | None
    share: float


def chosen(rows: NDArray[np.int64], must: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most some thousand rows, spread evenly, with those that must be among them."""
    step = max(1, -(-len(rows) // _MOST_POINTS))
    return np.union1d(rows[::step], must)


def layout(rows: NDArray[np.int64], vectors: Vectors, question: Vectors | None) -> Layout:
    """The map of some vectors. The same vectors give the same map."""
    centre = vectors.mean(axis=0)
    spread = vectors - centre
    _, strengths, axes = np.linalg.svd(spread, full_matrices=False)
    first = axes[:2]
    # An axis may point either way: the sign is settled so that a map looks the same every time.
    first = first * np.sign(first[np.arange(len(first)), np.abs(first).argmax(axis=1)])[:, None]
    points = _two(spread @ first.T)
    asked = None if question is None else _two((question - centre)[None] @ first.T)
    size = max(float(np.abs(points).max(initial=0)), 1e-9)
    share = float((strengths[:2] ** 2).sum() / max(float((strengths**2).sum()), 1e-9))
    placed = None if asked is None else np.clip(asked[0] / size, -1.2, 1.2)
    return Layout(rows, points / size, placed, share)


def _two(points: Vectors) -> Vectors:
    """Two columns, also where there were fewer vectors than axes."""
    missing = 2 - points.shape[1]
    return np.pad(points, ((0, 0), (0, missing))).astype(np.float32)
