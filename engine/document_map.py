"""A collection as a map: its chunks, the question and the hits in two dimensions. Blocks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.library import Library


@dataclass(frozen=True, slots=True)
class Point:
    """A chunk on the map, in -1 to 1; `hit` is its rank where the question found it."""

    x: float
    y: float
    chunk: int
    document: int
    name: str
    page: int | None
    hit: int | None


@dataclass(frozen=True, slots=True)
class DocumentMap:
    """`question` is where the question lies, `share` how much of the spread the map shows."""

    points: tuple[Point, ...]
    question: tuple[float, float] | None
    share: float


def document_map(
    library: Library, question: str, documents: Collection[int] | None, count: int
) -> DocumentMap:
    """The map of some documents, or of all, with the `count` best hits of a question on it."""
    import numpy as np

    from rag.map import chosen, layout

    hits = library.search(question, count, documents) if question else ()
    ranks = {hit.passage.chunk: rank for rank, hit in enumerate(hits, 1)}
    asked = library.embedder.questions([question])[0] if question else None
    with library.reading() as indexes:
        rows = np.flatnonzero(indexes.allowed(documents)).astype(np.int64)
        if not len(rows):
            return DocumentMap((), None, 0.0)
        found = rows[np.isin(indexes.ids[rows], np.array(list(ranks), np.int64))]
        rows = chosen(rows, found)
        ids = [int(one) for one in indexes.ids[rows]]
        vectors = indexes.vectors.vectors(rows)
    made = layout(rows, vectors, asked)
    passages = library.records.passages(ids)
    points = tuple(
        Point(
            round(float(x), 4),
            round(float(y), 4),
            one,
            int(passages[one].document),
            passages[one].name,
            passages[one].page,
            ranks.get(one),
        )
        for one, (x, y) in zip(ids, made.points, strict=True)
        if one in passages
    )
    placed = made.question
    at = None if placed is None else (round(float(placed[0]), 4), round(float(placed[1]), 4))
    return DocumentMap(points, at, made.share)
