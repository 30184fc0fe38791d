"""The libraries of all owners: opened at their first use, indexed in the background, closed.

Nothing of `rag` is imported before somebody uses documents: FAISS and an embedder cost seconds and
a hundred megabytes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.catalog import DocumentRules
from core.errors import RejectedInput
from core.keys import Keys
from engine.embedder_trouble import EmbedderFailed, Trouble, as_trouble
from engine.embedders import Embedders
from engine.indexing import EMBEDDER, Indexing
from engine.opening import has_unfinished, open_library
from engine.refusals import refusals
from engine.signal import Signal
from storage import ids
from storage.home import Home

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_ONE_PERSON = "_"


class Libraries:
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
        self._data = Home(folder.parent)
        self._data.look()
        self._embedders = embedders or Embedders(self.rules, keys)
        self._libraries: dict[str, Library] = {}
        self._opening = asyncio.Lock()
        self._changed: dict[str, Signal] = {}
        self.indexing = Indexing(self.rules, lambda owner: self.changed(owner).bump())

    def changed(self, owner: str) -> Signal:
        """Grows with every document of the owner that is taken, indexed further, failed or
        deleted."""
        return self._changed.setdefault(folder_of(owner), Signal())

    async def written_elsewhere(self, owner: str) -> int:
        """Another number once another process has changed the documents; opens nothing."""
        library = self._libraries.get(folder_of(owner))
        if library is None:
            return int(await self.has_any(owner))
        with refusals():
            return await asyncio.to_thread(library.records.data_version)

    def embedding(self, owner: str) -> float | None:
        """How far the documents are embedded anew, from 0 to 1; None while they are not."""
        return self.indexing.changing(folder_of(owner))

    def trouble(self, owner: str) -> Trouble | None:
        """Why an embedder cannot be used; None where nothing is known against it."""
        return self.indexing.trouble.get(folder_of(owner))

    async def retry_embedder(self, owner: str) -> None:
        """Try the wanted embedder again: embed anew with it, or index what failed by it. Raises
        EmbedderFailed."""
        library, name = await self.library(owner), folder_of(owner)
        if await asyncio.to_thread(library.records.setting, EMBEDDER) != self._embedders.wanted:
            self.indexing.change(name, library, self._embedders)
            return
        await self.work(owner, lambda _: self._embedders.check(self._embedders.wanted))
        for record in await asyncio.to_thread(library.records.documents):
            if record.state == "failed" and record.error == "embedder":
                await self._enqueue(owner, library, record)

    async def has_any(self, owner: str) -> bool:
        """Whether the owner ever took up a document; imports nothing."""
        return await asyncio.to_thread(self._database(owner).exists)

    async def resume(self) -> None:
        """Go on with what a crash or the last end cut short; called once, at the start."""
        for owner in await asyncio.to_thread(self._unfinished):
            try:
                await self.library(owner)
            except Exception:
                log.exception("the documents of %r cannot be gone on with", owner)

    async def library(self, owner: str) -> Library:
        """The owner's library, opened at its first use; its methods block."""
        owner, folder = folder_of(owner), self._database(owner).parent
        async with self._opening:
            if owner not in self._libraries:
                await asyncio.to_thread(self._data.look)
                with refusals():
                    opened = await asyncio.to_thread(
                        open_library, folder, self._embedders, self.rules
                    )
                    self._libraries[owner] = opened
                    spec, pending = await asyncio.to_thread(
                        lambda: (opened.records.setting(EMBEDDER), opened.pending())
                    )
                    if spec != self._embedders.wanted:
                        self.indexing.change(owner, opened, self._embedders)
                    for record in pending:
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
        library, name = await self.library(owner), folder_of(owner)
        before = self.indexing.trouble.get(name)
        try:
            done = await asyncio.to_thread(_in_trouble_told, task, library)
        except EmbedderFailed as error:
            self._note(owner, before, Trouble(error.card, False))
            raise
        if before and not before.still_answers:
            self._note(owner, before, None)
        return done

    async def _known(self, owner: str, document: int) -> tuple[Library, DocumentRecord]:
        """The owner's library and a document of it. Raises RejectedInput."""
        if not await self.has_any(owner):
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
            await self.indexing.add(folder_of(owner), library, record)
            return await asyncio.to_thread(library.records.document, record.id) or record

    def _note(self, owner: str, before: Trouble | None, now: Trouble | None) -> None:
        name = folder_of(owner)
        if now:
            self.indexing.trouble[name] = now
        else:
            self.indexing.trouble.pop(name, None)
        if before != now:
            self.changed(owner).bump()

    def _database(self, owner: str) -> Path:
        return self._folder / folder_of(owner) / "library.sqlite"

    def _unfinished(self) -> list[str]:
        return [
            path.parent.name
            for path in self._folder.glob("*/library.sqlite")
            if has_unfinished(path)
        ]


def _in_trouble_told(task: Callable[[Library], _T], library: Library) -> _T:
    with as_trouble(library.records.setting(EMBEDDER)):
        return task(library)


def folder_of(owner: str) -> str:
    """The folder of an owner; logins that differ only in case share one, and one library."""
    return ids.owner_folder(owner) if owner not in ("", _ONE_PERSON) else _ONE_PERSON
