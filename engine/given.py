"""What was found, as an answer is given it and keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.documents import UsedPassage

if TYPE_CHECKING:
    from rag.library import Library
    from rag.values import Hit, Passage


def given(library: Library, hits: Sequence[Hit], whole: int) -> tuple[UsedPassage, ...]:
    """The hits that are better than the library's mean, numbered; before them all of the best one's
    document, in reading order, where it has at most `whole` characters. Blocks."""
    useful = [hit for place, hit in enumerate(hits) if place == 0 or hit.score > 0]
    found = {hit.passage.chunk: _used(hit.passage, hit) for hit in useful}
    best = library.records.document(int(hits[0].passage.document)) if hits else None
    if best and best.characters <= whole:
        document = library.records.passages_of(best.id)
        found = {one.chunk: found.get(one.chunk) or _used(one) for one in document} | found
    return tuple(replace(one, number=number) for number, one in enumerate(found.values(), 1))


def _used(one: Passage, hit: Hit | None = None) -> UsedPassage:
    return UsedPassage(
        number=0,
        document=one.document,
        name=one.name,
        text=one.text,
        sentence=hit.sentence if hit else "",
        page=one.page,
        heading=one.heading,
        score=round(hit.score, 3) if hit else 0.0,
    )
