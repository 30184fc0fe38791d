"""Which documents a search is kept to, and what of the choice is there no more."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.documents import document_in
from engine.shelf import DEFAULT_COLLECTION

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord


@dataclass(frozen=True, slots=True)
class Scope:
    """The ids of the documents that are searched, None for all; `gone` are the names of chosen
    documents and collections that were deleted. What is gone never widens a search."""

    documents: frozenset[int] | None = None
    gone: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether all that was chosen is gone."""
        return bool(self.gone) and not self.documents


def scope_of(library: Library, places: Collection[str]) -> Scope:
    """The scope that collections, single documents among them, come to; no places are all
    documents. Blocks."""
    if not places:
        return Scope()
    singles = [one for one in map(document_in, places) if one]
    records = library.records
    there = {one.id for one in singles if records.document(one.id)}
    known = {DEFAULT_COLLECTION, *records.collections()}
    names = [
        place if place in known else unicodedata.normalize("NFC", place)
        for place in places
        if not document_in(place)
    ]
    gone = [one.name for one in singles if one.id not in there]
    gone += [name for name in names if name not in known]
    return Scope(frozenset(records.documents_in(names) | there), tuple(dict.fromkeys(gone)))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What of a scope can be searched: the `ready` documents, oldest first; so many are still
    `reading`."""

    ready: tuple[DocumentRecord, ...] = ()
    reading: int = 0


def shelf_of(library: Library, scope: Scope) -> Shelf:
    """The documents of a scope. One that is read again counts as ready until then. Blocks."""
    chosen = scope.documents
    records = library.records.documents()
    kept = [one for one in reversed(records) if chosen is None or one.id in chosen]
    unread = [one for one in kept if not one.chunks]
    return Shelf(
        tuple(one for one in kept if one.chunks),
        sum(one.state in ("waiting", "working") for one in unread),
    )
