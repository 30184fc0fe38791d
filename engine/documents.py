"""The documents of all owners: taken up, indexed in the background, searched.

Nothing of `rag` is imported before somebody uses documents: FAISS and an embedder cost seconds and
a hundred megabytes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import RejectedInput
from engine.signal import Signal

if TYPE_CHECKING:
    from rag.library import Library
    from rag.records import DocumentRecord
    from rag.search import Found

log = logging.getLogger(__name__)

DEFAULT_COLLECTION = "Belgeler"
_ONE_PERSON = "_"
_UNFINISHED = "SELECT 1 FROM documents WHERE state IN ('waiting', 'working') LIMIT 1"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document as people see it. `progress` is from 0 to 1 while it is indexed; `error` is a text
    key under `documents.error.`."""

    id: int
    collection: str
    name: str
    bytes: int
    added: str
    state: str
    pages: int
    characters: int
    chunks: int
    progress: float
    error: str
    detail: str


class Documents:
    """One library for each owner. Every call names the owner.

    `changed` grows with every document that is taken, indexed, failed or deleted.
    """

    def __init__(self, folder: Path, embedder: Callable[[], Any] | None = None) -> None:
        self._folder = folder
        self._embedder = embedder or _default_embedder
        self._libraries: dict[str, Library] = {}
        self._opening = asyncio.Lock()
        self._queue: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._queued: set[tuple[str, int]] = set()
        self._progress: dict[tuple[str, int], float] = {}
        self._worker: asyncio.Task[None] | None = None
        self.changed = Signal()

    def has_any(self, owner: str) -> bool:
        """Whether the owner ever took up a document; imports nothing."""
        return self._database(owner).exists()

    async def resume(self) -> None:
        """Go on with what a crash or the last end cut short; called once, at the start."""
        for owner in await asyncio.to_thread(self._unfinished):
            await self._library(owner)

    async def take(self, owner: str, name: str, data: bytes, collection: str) -> Shelved:
        """Take a file up and index it in the background. Raises RejectedInput."""
        library = await self._library(owner)
        name, collection = _file_name(name), accept_collection(collection)
        record = await asyncio.to_thread(library.take, name, data, collection)
        if record.state in ("waiting", "failed"):
            await self._enqueue(owner, library, record.id)
        self.changed.bump()
        return self._shelved(owner, record)

    async def documents(self, owner: str) -> tuple[Shelved, ...]:
        """All documents, newest first."""
        if not self.has_any(owner):
            return ()
        library = await self._library(owner)
        records = await asyncio.to_thread(library.records.documents)
        return tuple(self._shelved(owner, record) for record in records)

    async def collections(self, owner: str) -> tuple[str, ...]:
        """The names of all collections, the default one first."""
        if not self.has_any(owner):
            return (DEFAULT_COLLECTION,)
        library = await self._library(owner)
        found = await asyncio.to_thread(library.records.collections)
        return (DEFAULT_COLLECTION, *(name for name in found if name != DEFAULT_COLLECTION))

    async def add_collection(self, owner: str, name: str) -> None:
        """Make an empty collection. Raises RejectedInput."""
        library = await self._library(owner)
        await asyncio.to_thread(library.records.add_collection, accept_collection(name))
        self.changed.bump()

    async def drop_collection(self, owner: str, name: str) -> None:
        """Delete a collection with its documents."""
        for document in await self.documents(owner):
            if document.collection == name:
                await self.delete(owner, document.id)
        if self.has_any(owner):
            library = await self._library(owner)
            await asyncio.to_thread(library.records.drop_collection, name)
            self.changed.bump()

    async def delete(self, owner: str, document: int) -> None:
        """Delete a document: from now on nothing of it is found."""
        library = await self._library(owner)
        await asyncio.to_thread(library.delete, document)
        self.changed.bump()

    async def reindex(self, owner: str, document: int) -> None:
        """Read a document's file again; what is there is found until the new is whole."""
        library = await self._library(owner)
        if await asyncio.to_thread(library.records.document, document):
            await self._enqueue(owner, library, document)

    async def search(
        self, owner: str, question: str, collections: Collection[str] = (), count: int = 8
    ) -> Found | None:
        """The best passages of some collections, or of all; None where there is no document."""
        if not self.has_any(owner):
            return None
        library = await self._library(owner)
        return await asyncio.to_thread(_search, library, question, tuple(collections), count)

    async def library(self, owner: str) -> Library:
        """The owner's library itself, for what is looked at and not changed."""
        return await self._library(owner)

    async def idle(self) -> None:
        """Wait until nothing is waiting to be indexed."""
        await self._queue.join()

    async def shut_down(self) -> None:
        """Stop indexing, save all indexes; what was cut short goes on at the next start."""
        if self._worker:
            self._worker.cancel()
            await asyncio.wait([self._worker])
        for library in self._libraries.values():
            await asyncio.to_thread(library.close)
        self._libraries.clear()

    def _database(self, owner: str) -> Path:
        return self._folder / (owner or _ONE_PERSON) / "library.sqlite"

    def _unfinished(self) -> list[str]:
        return [
            "" if path.parent.name == _ONE_PERSON else path.parent.name
            for path in self._folder.glob("*/library.sqlite")
            if _has_unfinished(path)
        ]

    async def _library(self, owner: str) -> Library:
        async with self._opening:
            if owner not in self._libraries:
                opened = await asyncio.to_thread(
                    _open, self._database(owner).parent, self._embedder
                )
                self._libraries[owner] = opened
                for record in await asyncio.to_thread(opened.pending):
                    await self._enqueue(owner, opened, record.id)
            return self._libraries[owner]

    async def _enqueue(self, owner: str, library: Library, document: int) -> None:
        if (owner, document) in self._queued:
            return
        self._queued.add((owner, document))
        await asyncio.to_thread(library.records.set_state, document, "waiting")
        self._queue.put_nowait((owner, document))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="indexing documents")
        self.changed.bump()

    async def _work(self) -> None:
        """Index one document after another; what fails is told at the document."""
        while True:
            owner, document = await self._queue.get()
            self._queued.discard((owner, document))
            try:
                await self._index(owner, document)
            finally:
                self._progress.pop((owner, document), None)
                self._queue.task_done()
                self.changed.bump()

    async def _index(self, owner: str, document: int) -> None:
        library = self._libraries[owner]
        record = await asyncio.to_thread(library.records.document, document)
        if record is None:
            return
        loop = asyncio.get_running_loop()

        def told(share: float) -> None:
            self._progress[owner, document] = share
            loop.call_soon_threadsafe(self.changed.bump)

        try:
            await asyncio.to_thread(_index, library, record, told)
        except Exception as error:
            key, detail = _reason(error)
            if key == "unknown":
                log.exception("a document could not be indexed")
            await asyncio.to_thread(library.records.set_state, document, "failed", key, detail)

    def _shelved(self, owner: str, record: DocumentRecord) -> Shelved:
        progress = 1.0 if record.state == "ready" else self._progress.get((owner, record.id), 0.0)
        state = "working" if (owner, record.id) in self._progress else record.state
        return Shelved(
            id=record.id,
            collection=record.collection,
            name=record.name,
            bytes=record.bytes,
            added=record.added,
            state=state,
            pages=record.pages,
            characters=record.characters,
            chunks=record.chunks,
            progress=progress,
            error=record.error,
            detail=record.detail,
        )


def accept_collection(name: str) -> str:
    """The name as it is kept: one line of 1 to 80 characters. Raises RejectedInput."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not 1 <= len(shown) <= _LONGEST_NAME:
        raise RejectedInput("bad_collection", limit=str(_LONGEST_NAME))
    return shown


def _file_name(name: str) -> str:
    """The last part of a name, without what no file name should hold."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable()).strip() or "belge"
    return shown if len(shown) <= 200 else shown[:150] + Path(shown).suffix[:20]


def _has_unfinished(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(_UNFINISHED).fetchone() is not None
    except sqlite3.Error:
        log.warning("the documents in %s cannot be read", path, exc_info=True)
        return False


def _default_embedder() -> Any:
    from rag.embedders import open_embedder

    return open_embedder("use")


def _open(folder: Path, embedder: Callable[[], Any]) -> Library:
    from rag.library import Library

    return Library(folder, embedder)


def _search(
    library: Library, question: str, collections: Sequence[str], count: int
) -> Found | None:
    chosen = None
    if collections:
        records = library.records.documents()
        chosen = {one.id for one in records if one.collection in collections}
    return library.search(question, count, chosen)


def _index(library: Library, record: DocumentRecord, told: Callable[[float], None]) -> None:
    from rag.load import load

    from rag.chunk import chunks

    told(0.0)
    path = library.path(record.hash, record.name)
    loaded = load(path, record.name)
    library.index(record.id, chunks(loaded.parts), loaded.pages, told)


def _reason(error: Exception) -> tuple[str, str]:
    """The text key of a failure, and its detail."""
    from rag.load import LoadError

    if isinstance(error, LoadError):
        return error.key, error.detail
    if isinstance(error, FileNotFoundError):
        return "file_gone", ""
    return "unknown", type(error).__name__
