"""The documents of all owners: taken up, indexed in the background, searched.

Nothing of `rag` is imported before somebody uses documents: FAISS and an embedder cost seconds and
a hundred megabytes.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.catalog import DocumentRules
from core.errors import RejectedInput, StorageError
from core.keys import Keys
from engine.embedder_trouble import EmbedderFailed, Trouble, as_trouble
from engine.embedders import Embedders
from engine.given import Given, given, looked_up
from engine.indexing import EMBEDDER, Indexing
from engine.opening import has_unfinished, open_library
from engine.refusals import refusals
from engine.retrieval import LookedUp
from engine.scope import Scope, scope_of, shelf_of
from engine.shelf import DEFAULT_COLLECTION, Shelved, accept_collection, file_name, shelved
from engine.signal import Signal
from storage import ids

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord
    from rag.search import Found
    from rag.values import Hit as Hit
    from rag.values import Passage

log = logging.getLogger(__name__)

_T = TypeVar("_T")
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

    async def written_elsewhere(self, owner: str) -> int:
        """Another number once another process has changed the documents; opens nothing."""
        library = self._libraries.get(_folder_of(owner))
        if library is None:
            return int(self.has_any(owner))
        with refusals():
            return await asyncio.to_thread(library.records.data_version)

    def embedding(self, owner: str) -> float | None:
        """How far the documents are embedded anew, from 0 to 1; None while they are not."""
        return self.indexing.changing(_folder_of(owner))

    def trouble(self, owner: str) -> Trouble | None:
        """Why an embedder cannot be used; None where nothing is known against it."""
        return self.indexing.trouble.get(_folder_of(owner))

    async def retry_embedder(self, owner: str) -> None:
        """Try the wanted embedder again: embed anew with it, or index what failed by it. Raises
        EmbedderFailed."""
        library, name = await self.library(owner), _folder_of(owner)
        if library.records.setting(EMBEDDER) != self._embedders.wanted:
            self.indexing.change(name, library, self._embedders)
            return
        await self.work(owner, lambda _: self._embedders.check(self._embedders.wanted))
        for record in await asyncio.to_thread(library.records.documents):
            if record.state == "failed" and record.error == "embedder":
                await self._enqueue(owner, library, record)

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
        with refusals():
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
        with refusals():
            records = await asyncio.to_thread(library.records.documents)
        return tuple(self._shelved(owner, record) for record in records)

    async def collections(self, owner: str) -> tuple[str, ...]:
        """The names of all collections, the default one first."""
        if not self.has_any(owner):
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
        if not self.has_any(owner):
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
        if not collections or not self.has_any(owner):
            return Scope()
        library = await self.library(owner)
        with refusals():
            return await asyncio.to_thread(scope_of, library, collections)

    async def search(
        self, owner: str, question: str, scope: Scope | None = None, count: int = 0
    ) -> Found | None:
        """The best passages of some documents, or of all; None where there is no document.
        `count` 0 is as many as a question is given."""
        if not self.has_any(owner):
            return None
        most, kept = count or self.rules.passages, scope.documents if scope else None
        return await self.work(owner, lambda library: library.search(question, most, kept))

    async def given(self, owner: str, question: str, scope: Scope) -> Given:
        """What a chat's first question would be given of a scope."""
        if scope.is_empty or not self.has_any(owner):
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
    ) -> LookedUp:
        """What an answer to the question is given (`engine.given`). `earlier` are the questions
        before it, oldest first."""
        if not self.has_any(owner):
            return LookedUp(nothing_ready=True)
        scope = await self.scope(owner, collections)
        return await self.work(
            owner, lambda library: looked_up(library, question, earlier, scope, self.rules)
        )

    async def library(self, owner: str) -> Library:
        """The owner's library, opened at its first use; its methods block."""
        owner, folder = _folder_of(owner), self._database(owner).parent
        async with self._opening:
            if owner not in self._libraries:
                with refusals():
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

    async def work(self, owner: str, task: Callable[[Library], _T]) -> _T:
        """Run a task that searches the owner's library in a thread, and keep in mind whether its
        embedder can be used. Raises EmbedderFailed."""
        library, name = await self.library(owner), _folder_of(owner)
        before = self.indexing.trouble.get(name)
        try:
            with as_trouble(library.records.setting(EMBEDDER)):
                done = await asyncio.to_thread(task, library)
        except EmbedderFailed as error:
            self._note(owner, before, Trouble(error.card, False))
            raise
        if before and not before.still_answers:
            self._note(owner, before, None)
        return done

    def _note(self, owner: str, before: Trouble | None, now: Trouble | None) -> None:
        name = _folder_of(owner)
        if now:
            self.indexing.trouble[name] = now
        else:
            self.indexing.trouble.pop(name, None)
        if before != now:
            self.changed(owner).bump()

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
        with refusals():
            record = await asyncio.to_thread(library.records.document, document)
        if record is None:
            raise RejectedInput("document_gone")
        return library, record

    async def _enqueue(
        self, owner: str, library: Library, record: DocumentRecord
    ) -> DocumentRecord:
        with refusals():
            await self.indexing.add(_folder_of(owner), library, record)
            return await asyncio.to_thread(library.records.document, record.id) or record

    def _leave_room(self, size: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free - size < self.rules.free_megabytes * _MEGABYTE:
            raise StorageError("no_room", free=str(free // _MEGABYTE))

    def _shelved(self, owner: str, record: DocumentRecord) -> Shelved:
        return shelved(record, self.indexing.progress(_folder_of(owner), record.id))


def _folder_of(owner: str) -> str:
    """The folder of an owner; logins that differ only in case share one, and one library."""
    return ids.owner_folder(owner) if owner not in ("", _ONE_PERSON) else _ONE_PERSON
