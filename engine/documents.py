"""What is done with documents: they are taken up, listed, deleted, and asked."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import RejectedInput, StorageError
from engine.given import Given, given, looked_up
from engine.libraries import Libraries, folder_of
from engine.refusals import refusals
from engine.retrieval import LookedUp
from engine.scope import Scope, scope_of, shelf_of
from engine.shelf import (
    DEFAULT_COLLECTION,
    Shelved,
    accept_collection,
    file_name,
    folder_name,
    is_scanned,
    shelved,
)

if TYPE_CHECKING:
    from rag.records import DocumentRecord
    from rag.values import Hit as Hit
    from rag.values import Passage

_MEGABYTE = 1_000_000


class Documents(Libraries):
    """The documents of all owners. Every call names the owner, and raises StorageError where the
    disk refuses."""

    def elsewhere(self, folder: Path) -> Documents:
        """Another folder's documents, by the same rules."""
        return Documents(folder, self.rules, embedders=self._embedders)

    async def take(self, owner: str, name: str, data: bytes, collection: str) -> Shelved:
        """Take a file up and index it in the background. `name` may be its path: the folders tell
        files of one name apart. The same content in the same collection is the same document.
        Raises RejectedInput, also where no file of its kind can be read."""
        from rag.loaders.formats import is_readable

        name, folder, collection = file_name(name), folder_name(name), accept_collection(collection)
        if not data:
            raise RejectedInput("empty_file", name=name)
        if not is_readable(name, data):
            raise RejectedInput("unreadable_file")
        library = await self.library(owner)
        with refusals():
            await asyncio.to_thread(self._leave_room, len(data))
            record = await asyncio.to_thread(library.take, name, data, collection, folder)
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
        if not await self.has_any(owner):
            return ()
        library = await self.library(owner)
        with refusals():
            records = await asyncio.to_thread(library.records.documents)
        return tuple(self._shelved(owner, record) for record in records)

    async def collections(self, owner: str) -> tuple[str, ...]:
        """The names of all collections, the default one first."""
        if not await self.has_any(owner):
            return (DEFAULT_COLLECTION,)
        library = await self.library(owner)
        with refusals():
            found = await asyncio.to_thread(library.records.collections)
        return (DEFAULT_COLLECTION, *(name for name in found if name != DEFAULT_COLLECTION))

    async def add_collection(self, owner: str, name: str) -> None:
        """Make an empty collection; one that is there is no error. Raises RejectedInput."""
        name = accept_collection(name)
        library = await self.library(owner)
        with refusals():
            await asyncio.to_thread(library.records.add_collection, name)
        self.changed(owner).bump()

    async def drop_collection(self, owner: str, name: str) -> None:
        """Delete a collection with its documents; one that is gone is no error."""
        if not await self.has_any(owner):
            return
        library = await self.library(owner)
        with refusals():
            for document in await asyncio.to_thread(library.records.documents_in, [name]):
                await asyncio.to_thread(library.delete, document)
            await asyncio.to_thread(library.records.drop_collection, name)
        self.changed(owner).bump()

    async def delete(self, owner: str, document: int) -> None:
        """Delete a document: from now on nothing of it is found. Raises RejectedInput."""
        library, _ = await self._known(owner, document)
        with refusals():
            await asyncio.to_thread(library.delete, document)
        self.changed(owner).bump()

    async def reindex(self, owner: str, document: int) -> Shelved:
        """Read a document's file again; what is there is found until the new is whole. Raises
        RejectedInput."""
        library, record = await self._known(owner, document)
        return self._shelved(owner, await self._enqueue(owner, library, record))

    async def read_scanned(self, owner: str) -> int:
        """Read the documents again of which pages are only pictures; how many they are."""
        scanned = [one for one in await self.documents(owner) if is_scanned(one)]
        for one in scanned:
            await self.reindex(owner, one.id)
        return len(scanned)

    async def passage(self, owner: str, document: int, chunk: int) -> Passage:
        """One chunk of a document. Raises RejectedInput."""
        library, _ = await self._known(owner, document)
        with refusals():
            found = await asyncio.to_thread(library.records.chunk, document, chunk)
        if found is None:
            raise RejectedInput("document_gone")
        return found

    async def scope(self, owner: str, collections: Collection[str]) -> Scope:
        """What collections, single documents among them, come to."""
        if not collections or not await self.has_any(owner):
            return Scope()
        library = await self.library(owner)
        with refusals():
            return await asyncio.to_thread(scope_of, library, collections)

    async def search(
        self, owner: str, question: str, scope: Scope | None = None, count: int = 0
    ) -> tuple[Hit, ...]:
        """The best passages of some documents, or of all. `count` 0 is as many as a question is
        given."""
        if not await self.has_any(owner):
            return ()
        most, kept = count or self.rules.passages, scope.documents if scope else None
        return await self.work(owner, lambda library: library.search(question, most, kept))

    async def given(self, owner: str, question: str, scope: Scope) -> Given:
        """What a chat's first question would be given of a scope, by a model of a usual window."""
        if scope.is_empty or not await self.has_any(owner):
            return Given()
        return await self.work(
            owner,
            lambda library: given(library, question, (), shelf_of(library, scope), self.rules),
        )

    async def look_up(
        self,
        owner: str,
        question: str,
        earlier: Sequence[str] = (),
        collections: Collection[str] = (),
        window: int | None = None,
    ) -> LookedUp:
        """What an answer to the question is given (`engine.given`) by a model of this window, in
        tokens. `earlier` are the questions before it, oldest first."""
        if not await self.has_any(owner):
            return LookedUp(nothing_ready=True)
        scope = await self.scope(owner, collections)
        return await self.work(
            owner, lambda library: looked_up(library, question, earlier, scope, self.rules, window)
        )

    def _leave_room(self, size: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free - size < self.rules.free_megabytes * _MEGABYTE:
            raise StorageError("no_room", free=str(free // _MEGABYTE))

    def _shelved(self, owner: str, record: DocumentRecord) -> Shelved:
        return shelved(record, self.indexing.progress(folder_of(owner), record.id))
