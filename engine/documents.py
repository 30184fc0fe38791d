"""The documents of all owners: taken up, indexed in the background, searched.

Nothing of `rag` is imported before somebody uses documents: FAISS and an embedder cost seconds and
a hundred megabytes.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.catalog import DocumentRules
from core.documents import UsedPassage
from core.errors import RejectedInput, StorageError
from core.keys import Keys
from engine.embedders import Embedders
from engine.given import given
from engine.indexing import EMBEDDER, Indexing
from engine.opening import has_unfinished, open_library
from engine.shelf import DEFAULT_COLLECTION, Shelved, accept_collection, file_name
from engine.signal import Signal
from storage import ids

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord
    from rag.search import Found
    from rag.values import Hit as Hit
    from rag.values import Passage

log = logging.getLogger(__name__)

_ONE_PERSON = "_"
_MEGABYTE = 1_000_000


class Documents:
    """One library for each owner, all with one embedder. Every call names the owner, and raises
    StorageError where the disk refuses."""

    def __init__(
        self,
        folder: Path,
        rules: DocumentRules | None = None,
        keys: Keys | None = None,
        embedders: Embedders | None = None,
    ) -> None:
        self.rules = rules or DocumentRules()
        self._folder = folder
        self._embedders = embedders or Embedders(self.rules, keys)
        self._libraries: dict[str, Library] = {}
        self._opening = asyncio.Lock()
        self._changed: dict[str, Signal] = {}
        self.indexing = Indexing(self.rules, lambda owner: self.changed(owner).bump())

    def changed(self, owner: str) -> Signal:
        """Grows with every document of the owner that is taken, indexed further, failed or
        deleted."""
        return self._changed.setdefault(_folder_of(owner), Signal())

    def embedding(self, owner: str) -> float | None:
        """How far the documents are embedded anew, from 0 to 1; None while they are not."""
        return self.indexing.changing(_folder_of(owner))

    def elsewhere(self, folder: Path) -> Documents:
        """Another folder's documents, by the same rules."""
        return Documents(folder, self.rules, embedders=self._embedders)

    def has_any(self, owner: str) -> bool:
        """Whether the owner ever took up a document; imports nothing."""
        return self._database(owner).exists()

    async def resume(self) -> None:
        """Go on with what a crash or the last end cut short; called once, at the start."""
        for owner in await asyncio.to_thread(self._unfinished):
            try:
                await self.library(owner)
            except Exception:
                log.exception("the documents of %r cannot be gone on with", owner)

    async def take(self, owner: str, name: str, data: bytes, collection: str) -> Shelved:
        """Take a file up and index it in the background. The same content in the same collection is
        the same document. Raises RejectedInput."""
        name, collection = file_name(name), accept_collection(collection)
        if not data:
            raise RejectedInput("empty_file", name=name)
        library = await self.library(owner)
        with _refusals():
            await asyncio.to_thread(self._leave_room, len(data))
            record = await asyncio.to_thread(library.take, name, data, collection)
        if record.state != "ready":
            record = await self._enqueue(owner, library, record)
        self.changed(owner).bump()
        return self._shelved(owner, record)

    async def take_address(self, owner: str, url: str, collection: str) -> Shelved:
        """Take up what a public web address gives. Raises RejectedInput."""
        from rag.address import AddressError, fetch

        collection = accept_collection(collection)
        try:
            name, data = await fetch(url)
        except AddressError as error:
            raise RejectedInput(f"address_{error.key}", detail=error.detail) from None
        return await self.take(owner, name, data, collection)

    async def documents(self, owner: str) -> tuple[Shelved, ...]:
        """All documents, newest first."""
        if not self.has_any(owner):
            return ()
        library = await self.library(owner)
        with _refusals():
            records = await asyncio.to_thread(library.records.documents)
        return tuple(self._shelved(owner, record) for record in records)

    async def collections(self, owner: str) -> tuple[str, ...]:
        """The names of all collections, the default one first."""
        if not self.has_any(owner):
            return (DEFAULT_COLLECTION,)
        library = await self.library(owner)
        with _refusals():
            found = await asyncio.to_thread(library.records.collections)
        return (DEFAULT_COLLECTION, *(name for name in found if name != DEFAULT_COLLECTION))

    async def add_collection(self, owner: str, name: str) -> None:
        """Make an empty collection; one that is there is no error. Raises RejectedInput."""
        name = accept_collection(name)
        library = await self.library(owner)
        with _refusals():
            await asyncio.to_thread(library.records.add_collection, name)
        self.changed(owner).bump()

    async def drop_collection(self, owner: str, name: str) -> None:
        """Delete a collection with its documents; one that is gone is no error."""
        if not self.has_any(owner):
            return
        library = await self.library(owner)
        with _refusals():
            for document in await asyncio.to_thread(library.records.documents_in, [name]):
                await asyncio.to_thread(library.delete, document)
            await asyncio.to_thread(library.records.drop_collection, name)
        self.changed(owner).bump()

    async def delete(self, owner: str, document: int) -> None:
        """Delete a document: from now on nothing of it is found. Raises RejectedInput."""
        library, _ = await self._known(owner, document)
        with _refusals():
            await asyncio.to_thread(library.delete, document)
        self.changed(owner).bump()

    async def reindex(self, owner: str, document: int) -> Shelved:
        """Read a document's file again; what is there is found until the new is whole. Raises
        RejectedInput."""
        library, record = await self._known(owner, document)
        return self._shelved(owner, await self._enqueue(owner, library, record))

    async def passage(self, owner: str, document: int, chunk: int) -> Passage:
        """One chunk of a document. Raises RejectedInput."""
        library, _ = await self._known(owner, document)
        with _refusals():
            found = await asyncio.to_thread(library.records.chunk, document, chunk)
        if found is None:
            raise RejectedInput("document_gone")
        return found

    async def search(
        self, owner: str, question: str, collections: Collection[str] = (), count: int = 0
    ) -> Found | None:
        """The best passages of some collections, or of all; None where there is no document.
        `count` 0 is as many as a question is given."""
        if not self.has_any(owner):
            return None
        library = await self.library(owner)
        return await asyncio.to_thread(
            lambda: library.search(
                question, count or self.rules.passages, chosen(library, collections)
            )
        )

    async def passages(
        self, owner: str, question: str, collections: Collection[str] = ()
    ) -> tuple[UsedPassage, ...]:
        """What an answer to the question is given, best first, a small document whole; empty where
        nothing has to do with it."""
        found = await self.search(owner, question, collections)
        if found is None or not found.relevant:
            return ()
        library, most = await self.library(owner), self.rules.whole_characters
        return await asyncio.to_thread(given, library, found.hits, most)

    async def library(self, owner: str) -> Library:
        """The owner's library, opened at its first use; its methods block."""
        owner, folder = _folder_of(owner), self._database(owner).parent
        async with self._opening:
            if owner not in self._libraries:
                with _refusals():
                    opened = await asyncio.to_thread(
                        open_library, folder, self._embedders, self.rules
                    )
                    self._libraries[owner] = opened
                    if opened.records.setting(EMBEDDER) != self._embedders.wanted:
                        self.indexing.change(owner, opened, self._embedders)
                    for record in await asyncio.to_thread(opened.pending):
                        await self.indexing.add(owner, opened, record)
            return self._libraries[owner]

    async def shut_down(self) -> None:
        """Stop indexing, save all indexes; what was cut short goes on at the next start."""
        await self.indexing.shut_down()
        for library in self._libraries.values():
            try:
                await asyncio.to_thread(library.close)
            except Exception:
                log.exception("the indexes of documents could not be saved")
        self._libraries.clear()

    def _database(self, owner: str) -> Path:
        return self._folder / _folder_of(owner) / "library.sqlite"

    def _unfinished(self) -> list[str]:
        return [
            path.parent.name
            for path in self._folder.glob("*/library.sqlite")
            if has_unfinished(path)
        ]

    async def _known(self, owner: str, document: int) -> tuple[Library, DocumentRecord]:
        """The owner's library and a document of it. Raises RejectedInput."""
        if not self.has_any(owner):
            raise RejectedInput("document_gone")
        library = await self.library(owner)
        with _refusals():
            record = await asyncio.to_thread(library.records.document, document)
        if record is None:
            raise RejectedInput("document_gone")
        return library, record

    async def _enqueue(
        self, owner: str, library: Library, record: DocumentRecord
    ) -> DocumentRecord:
        with _refusals():
            await self.indexing.add(_folder_of(owner), library, record)
            return await asyncio.to_thread(library.records.document, record.id) or record

    def _leave_room(self, size: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free - size < self.rules.free_megabytes * _MEGABYTE:
            raise StorageError("no_room", free=str(free // _MEGABYTE))

    def _shelved(self, owner: str, record: DocumentRecord) -> Shelved:
        progress = self.indexing.progress(_folder_of(owner), record.id)
        working = progress is not None
        return Shelved(
            id=record.id,
            collection=record.collection,
            name=record.name,
            bytes=record.bytes,
            added=record.added,
            state="working" if working else record.state,
            pages=record.pages,
            characters=record.characters,
            chunks=record.chunks,
            progress=progress if progress is not None else float(record.state == "ready"),
            error="" if working else record.error,
            detail="" if working else record.detail,
        )


def chosen(library: Library, collections: Collection[str]) -> set[int] | None:
    """The documents a search is kept to; None: all. Blocks."""
    return library.records.documents_in(list(collections)) if collections else None


def _folder_of(owner: str) -> str:
    """The folder of an owner; logins that differ only in case share one, and one library."""
    return ids.owner_folder(owner) if owner not in ("", _ONE_PERSON) else _ONE_PERSON


@contextmanager
def _refusals() -> Iterator[None]:
    """What the disk or the database says, as StorageError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        log.exception("the disk refused documents")
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise StorageError("documents_refused", detail=detail) from error
