"""What was found, as an answer is given it and keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.catalog import DocumentRules
from core.documents import UsedPassage
from engine.follow_up import search
from engine.retrieval import LookedUp
from engine.scope import Scope

if TYPE_CHECKING:
    from rag.library import Library
    from rag.search import Found
    from rag.values import Hit, Passage


def looked_up(
    library: Library,
    question: str,
    earlier: Sequence[str],
    scope: Scope,
    rules: DocumentRules,
) -> LookedUp:
    """What an answer to a question is given, together with the `earlier` ones where it points back
    to them. Blocks."""
    if scope.is_empty:
        return LookedUp(gone=scope.gone, nothing_left=True)

    def look(asked: str, count: int) -> Found:
        return library.search(asked, count, scope.documents)

    searched = search(look, question, earlier, rules.passages)
    found = searched.found
    passages = given(library, found.hits, rules.whole_characters) if found.relevant else ()
    return LookedUp(passages, scope.gone, with_question=searched.with_question)


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
