"""What an answer to a question is given from the documents.

Four ways, the first that fits: everything, where it is little; the documents the question names;
how the documents begin, where it is about them as such; else the passages that are found for it,
where any of them has to do with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from core.catalog import DocumentRules
from core.documents import UsedPassage
from engine.about_documents import about_documents
from engine.follow_up import Searched, search
from engine.named import Named, named
from engine.retrieval import LookedUp
from engine.scope import Scope, Shelf, shelf_of

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord
    from rag.search import Found
    from rag.values import Hit, Passage

Way = Literal["nothing", "whole", "named", "beginnings", "found"]


@dataclass(frozen=True, slots=True)
class Given:
    """Passages in the order they are given, with why these: as `found` for the question; the
    `whole` of what there is; from documents it has `named`; or the `beginnings` of `begun`
    documents."""

    way: Way = "nothing"
    hits: tuple[Hit, ...] = ()
    with_question: str = ""
    begun: int = 0
    documents: int = 0


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
    shelf = shelf_of(library, scope)
    made = given(library, question, earlier, shelf, rules)
    return LookedUp(
        tuple(_used(number, hit) for number, hit in enumerate(made.hits, 1)),
        scope.gone,
        with_question=made.with_question,
        begun=made.begun,
        of=made.documents,
        reading=shelf.reading,
        nothing_ready=not shelf.ready,
    )


def given(
    library: Library, question: str, earlier: Sequence[str], shelf: Shelf, rules: DocumentRules
) -> Given:
    """Choose the way, and the passages. Blocks."""
    from rag.words import words

    if not shelf.ready:
        return Given()
    if _are_short(shelf.ready, rules):
        return Given("whole", _whole(library, question, shelf.ready))
    meant = named(question, shelf.ready)
    if meant.certain:
        return _of_named(library, question, meant, rules)
    asked = words(question)
    if about_documents(asked, len(shelf.ready) == 1, bool(earlier)):
        return _beginnings(library, shelf.ready, rules.passages)
    searched = _search(library, question, earlier, shelf.ready, rules)
    if meant.documents and not _speaks_against(searched.found, meant):
        return _of_named(library, question, meant, rules)
    if not searched.found.relevant:
        return _without_search(library, question, earlier, shelf.ready, rules)
    hits = _with_document(library, useful(searched.found.hits), rules.whole_characters)
    return Given("found", hits, searched.with_question)


def _without_search(
    library: Library,
    question: str,
    earlier: Sequence[str],
    documents: Sequence[DocumentRecord],
    rules: DocumentRules,
) -> Given:
    """What is given where nothing is found: from the document that the question before named, or
    the beginnings where a kind of document is all the question is about."""
    from rag.words import words

    before = named(earlier[-1], documents) if earlier else Named()
    if before.certain:
        meant = replace(before, rest=tuple(words(question)))
        return replace(_of_named(library, question, meant, rules), with_question=earlier[-1])
    if about_documents(words(question), True, bool(earlier)):
        return _beginnings(library, documents, rules.passages)
    return Given()


def useful(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The best hit, and the others that are better than the library's mean."""
    return tuple(hit for place, hit in enumerate(hits) if place == 0 or hit.score > 0)


def _search(
    library: Library,
    question: str,
    earlier: Sequence[str],
    documents: Sequence[DocumentRecord],
    rules: DocumentRules,
) -> Searched:
    ids = {one.id for one in documents}
    return search(
        lambda asked, count: library.search(asked, count, ids), question, earlier, rules.passages
    )


def _speaks_against(found: Found, meant: Named) -> bool:
    """Whether the whole library answers, and best by a document that was not named: the words of a
    name were meant as words then."""
    ids = {str(one.id) for one in meant.documents}
    return found.relevant and found.hits[0].passage.document not in ids


def _of_named(library: Library, question: str, meant: Named, rules: DocumentRules) -> Given:
    """From the documents a question names: all of them where they are short, how they begin where
    it asks for nothing else, else what fits the question best."""
    if _are_short(meant.documents, rules):
        return Given("named", _whole(library, question, meant.documents))
    if not meant.rest:
        return _beginnings(library, meant.documents, rules.passages)
    found = library.search(question, rules.passages, {one.id for one in meant.documents})
    return Given("named", useful(found.hits))


def _are_short(documents: Sequence[DocumentRecord], rules: DocumentRules) -> bool:
    return sum(one.characters for one in documents) <= rules.whole_characters


def _whole(library: Library, question: str, documents: Sequence[DocumentRecord]) -> tuple[Hit, ...]:
    """All of some documents in reading order, with what is known of each passage's nearness."""
    count = sum(one.chunks for one in documents)
    found = library.search(question, count, {one.id for one in documents})
    known = {hit.passage.chunk: hit for hit in found.hits}
    passages = (one for each in documents for one in library.records.passages_of(each.id))
    return tuple(known.get(one.chunk) or _unranked(one) for one in passages)


def _beginnings(library: Library, documents: Sequence[DocumentRecord], count: int) -> Given:
    """How documents begin: the opening of each, then passages spread evenly over each, `count` in
    all. Of more documents than that, the newest."""
    begun = documents[-count:]
    each = count // len(begun)
    spread = [_spread(library.records.passages_of(one.id), each) for one in begun]
    rounds = [one[place] for place in range(each) for one in spread if place < len(one)]
    everything = sum(one.chunks for one in documents) == len(rounds)
    hits = tuple(map(_unranked, rounds))
    return Given("beginnings", hits, "", 0 if everything else len(begun), len(documents))


def _spread(passages: Sequence[Passage], count: int) -> list[Passage]:
    """So many passages at most: the first, and others at even distances."""
    most = min(count, len(passages))
    return [passages[place * len(passages) // most] for place in range(most)]


def _with_document(library: Library, hits: tuple[Hit, ...], whole: int) -> tuple[Hit, ...]:
    """The hits; before them all of the best one's document, in reading order, where it has at most
    `whole` characters."""
    found = {hit.passage.chunk: hit for hit in hits}
    best = library.records.document(int(hits[0].passage.document)) if hits else None
    if best and best.characters <= whole:
        document = library.records.passages_of(best.id)
        found = {one.chunk: found.get(one.chunk) or _unranked(one) for one in document} | found
    return tuple(found.values())


def _unranked(passage: Passage) -> Hit:
    from rag.values import Hit

    return Hit(passage, 0.0, 0.0, 0.0)


def _used(number: int, hit: Hit) -> UsedPassage:
    one = hit.passage
    return UsedPassage(
        number=number,
        document=one.document,
        name=one.name,
        text=one.text,
        sentence=hit.sentence,
        page=one.page,
        heading=one.heading,
        score=round(hit.score, 3),
        ocr=one.ocr,
    )
