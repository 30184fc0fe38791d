"""What an answer to a question is given from the documents: passages, and what documents there are.

Everything where it is little beside the model's window; else the passages that are found, and the
best one's document whole where it fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Literal

from core.catalog import DocumentRules
from core.documents import DocumentContext, UsedPassage
from engine.follow_up import search
from engine.retrieval import LookedUp
from engine.scope import Scope, Shelf, shelf_of

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord
    from rag.values import Hit, Passage

Way = Literal["nothing", "whole", "found"]
WINDOW = 8192
"""Tokens a model takes at least, where nobody knows how many."""
_WINDOW_SHARE = 4
_MOST_TOKENS = 12_000
_CHARACTERS_A_TOKEN = 3
_MOST_LISTED = 29
_FIRST_CHARACTERS = 80
_MORE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Given:
    """Passages in the order they are given: the `whole` of what there is, or what was `found`.
    `weak` says that none that was found matches the question well; `listed` are the documents."""

    way: Way = "nothing"
    hits: tuple[Hit, ...] = ()
    weak: bool = False
    listed: tuple[str, ...] = ()


def whole_characters(rules: DocumentRules, window: int | None) -> int:
    """Up to how many characters documents are given whole to a model of this window (in tokens): a
    quarter of it, unless the catalog says otherwise."""
    if rules.whole_characters is not None:
        return rules.whole_characters
    tokens = min((window or WINDOW) // _WINDOW_SHARE, _MOST_TOKENS)
    return tokens * _CHARACTERS_A_TOKEN


def looked_up(
    library: Library,
    question: str,
    earlier: Sequence[str],
    scope: Scope,
    rules: DocumentRules,
    window: int | None = None,
) -> LookedUp:
    """What an answer to a question is given. `earlier` are the questions before it, oldest first.
    Blocks."""
    if scope.is_empty:
        return LookedUp(gone=scope.gone, nothing_left=True)
    shelf = shelf_of(library, scope)
    made = given(library, question, earlier, shelf, rules, window)
    passages = tuple(_used(number, hit) for number, hit in enumerate(made.hits, 1))
    return LookedUp(
        DocumentContext(passages, made.listed, made.weak),
        scope.gone,
        reading=shelf.reading,
        nothing_ready=not shelf.ready,
    )


def given(
    library: Library,
    question: str,
    earlier: Sequence[str],
    shelf: Shelf,
    rules: DocumentRules,
    window: int | None = None,
) -> Given:
    """The passages for a question, and the list of the documents they are chosen from. Blocks."""
    from rag.relevance import is_weak

    if not shelf.ready:
        return Given()
    ids = {one.id for one in shelf.ready}
    whole = whole_characters(rules, window)
    is_little = sum(one.characters for one in shelf.ready) <= whole
    count = sum(one.chunks for one in shelf.ready) if is_little else rules.passages
    hits: Sequence[Hit] = search(
        lambda asked, most: library.search(asked, most, ids), question, earlier, count
    )
    if is_little:
        return Given("whole", _in_order(library, shelf.ready, hits))
    weak = is_weak(hits)
    if weak and len(shelf.ready) == 1:
        hits = _spread_over(library, shelf.ready[0], hits)
    hits = _with_document(library, hits, whole)
    return Given("found", hits, weak, _listed(library, shelf.ready, hits))


def _in_order(
    library: Library, documents: Sequence[DocumentRecord], hits: Sequence[Hit]
) -> tuple[Hit, ...]:
    """All of some documents in reading order, with what is known of each passage's nearness."""
    known = {hit.passage.chunk: hit for hit in hits}
    passages = (one for each in documents for one in library.records.passages_of(each.id))
    return tuple(known.get(one.chunk) or _unranked(one) for one in passages)


def _spread_over(library: Library, document: DocumentRecord, hits: Sequence[Hit]) -> list[Hit]:
    """Passages from all over the one document there is, the first one among them, then the hits:
    what no passage matches well may be about the document as such."""
    held = library.records.passages_of(document.id)
    most = min(len(hits), len(held))
    return [*(_unranked(held[place * len(held) // most]) for place in range(most)), *hits]


def _with_document(library: Library, hits: Sequence[Hit], whole: int) -> tuple[Hit, ...]:
    """The hits; before them all of the best one's document, in reading order, where it has at most
    `whole` characters."""
    best = library.records.document(int(hits[0].passage.document)) if hits else None
    document = _in_order(library, [best], hits) if best and best.characters <= whole else ()
    return tuple({hit.passage.chunk: hit for hit in (*document, *hits)}.values())


def _listed(
    library: Library, documents: Sequence[DocumentRecord], hits: Sequence[Hit]
) -> tuple[str, ...]:
    """A line for each document: name, pages and first heading. Of too many those of the hits come
    first, then the newest; a last line has the names of others, and how many there are."""
    found = {int(hit.passage.document) for hit in hits}
    ordered = sorted(documents, key=lambda one: (one.id not in found, -one.id))
    shown, others = ordered[:_MOST_LISTED], ordered[_MOST_LISTED:]
    openings = library.records.openings([one.id for one in shown])
    lines = [_line(one, openings.get(one.id)) for one in shown]
    names = shorten(", ".join(one.name for one in others), _MORE_CHARACTERS, placeholder=" …")
    return (*lines, *([f"and {len(others)} more: {names}"] if others else []))


def _line(document: DocumentRecord, opening: Passage | None) -> str:
    pages = f"{document.pages} pages" if document.pages else ""
    heading = " › ".join(opening.heading) if opening else ""
    first = heading or (opening.text.strip().partition("\n")[0] if opening else "")
    known = (document.name, pages, shorten(first, _FIRST_CHARACTERS, placeholder=" …"))
    return ", ".join(filter(None, known))


def _unranked(passage: Passage) -> Hit:
    from rag.values import Hit

    return Hit(passage, 0.0, 0.0, 0.0)


def _used(number: int, hit: Hit) -> UsedPassage:
    one = hit.passage
    where = (one.document, one.name, one.text, hit.sentence, one.page, one.heading)
    return UsedPassage(number, *where, score=round(hit.score, 3), ocr=one.ocr)
