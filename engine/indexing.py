"""Documents waiting to be indexed, the smallest first; what fails is told at the document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from core.catalog import DocumentRules
from engine.embedder_trouble import Trouble, card_of_trouble, is_embedders
from engine.ocr import is_ocr_installed
from engine.shelf import card_as_detail

if TYPE_CHECKING:
    from engine.embedders import Embedders
    from rag.library import Library
    from rag.records import DocumentRecord

log = logging.getLogger(__name__)

_LONGEST_END_S = 5.0
EMBEDDER = "embedder"
"""The name under which a library notes what it was embedded with."""
_READING = 1 / 3
"""The share of the work that reading a file is taken for; the rest is embedding."""
_ALL = 0
"""In place of a document's id: all of them."""
_Key = tuple[str, int]
_Report = Callable[[float], None]


class _GoingDown(Exception):
    """The program ends: what is being indexed is left for the next start."""


class _Deleted(Exception):
    """The document at hand was deleted: nothing is left to do."""


@dataclass(frozen=True, order=True, slots=True)
class _Waiting:
    """A document in the queue: the smallest comes first, then the one that waits longest."""

    bytes: int
    place: int
    key: _Key = field(compare=False)
    library: Library = field(compare=False)


class Indexing:
    """One document at a time for the whole program, in a thread: the work is FAISS's and numpy's,
    which leave the event loop its turns. While a document is embedded, smaller ones that wait pass
    between its batches. `told` is called with the owner at every step."""

    def __init__(self, rules: DocumentRules, told: Callable[[str], None]) -> None:
        self._rules = rules
        self._told = told
        self._queue: asyncio.PriorityQueue[_Waiting] = asyncio.PriorityQueue()
        self._places = count()
        self._queued: set[_Key] = set()
        self._progress: dict[_Key, float] = {}
        self._changes: set[asyncio.Task[None]] = set()
        self.trouble: dict[str, Trouble] = {}
        """Why the embedder an owner's documents wait for, or rest on, cannot be used."""
        self._worker: asyncio.Task[None] | None = None
        self._passing: Future[None] | None = None
        self._going_down = False

    def progress(self, owner: str, document: int) -> float | None:
        """How far a document is, from 0 to 1; None while it is not being indexed."""
        return self._progress.get((owner, document))

    async def add(self, owner: str, library: Library, record: DocumentRecord) -> None:
        """Have a document indexed; one that waits already waits once."""
        key = (owner, record.id)
        if key in self._queued:
            return
        self._queued.add(key)
        if record.state != "waiting":
            await asyncio.to_thread(library.records.set_state, record.id, "waiting")
        self._queue.put_nowait(_Waiting(record.bytes, next(self._places), key, library))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="indexing documents")
        self._told(owner)

    def change(self, owner: str, library: Library, embedders: Embedders) -> None:
        """Embed a library anew with the wanted embedder, beside everything else. Where that fails
        the old one stays and `trouble` says why; the next start tries again."""
        if self.changing(owner) is not None:
            return
        self._progress[(owner, _ALL)] = 0.0
        self.trouble.pop(owner, None)
        task = asyncio.create_task(self._change(owner, library, embedders), name="embedding anew")
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)

    def changing(self, owner: str) -> float | None:
        """How far an owner's documents are embedded anew, from 0 to 1; None while they are not."""
        return self._progress.get((owner, _ALL))

    async def _change(self, owner: str, library: Library, embedders: Embedders) -> None:
        key = (owner, _ALL)
        report = self._reporter(key, library)

        def work() -> None:
            library.change_to(embedders.open(embedders.wanted), report)
            library.records.note(EMBEDDER, embedders.wanted)

        try:
            await asyncio.to_thread(work)
        except _GoingDown:
            log.info("embedding anew goes on at the next start")
        except Exception as error:
            self._note(owner, Trouble(card_of_trouble(error, embedders.wanted), True), error)
        finally:
            self._progress.pop(key, None)
            self._told(key[0])

    async def idle(self) -> None:
        """Wait until nothing waits to be indexed."""
        await self._queue.join()
        if self._changes:
            await asyncio.wait(list(self._changes))

    async def shut_down(self) -> None:
        """Stop after the batch at hand; what is cut short stays waiting."""
        self._going_down = True
        busy = [*self._changes, *([self._worker] if self._worker and self._progress else [])]
        if busy:
            await asyncio.wait(busy, timeout=_LONGEST_END_S)
        if self._passing:
            self._passing.cancel()  # a thread waits for it
        if self._worker:
            self._worker.cancel()
            await asyncio.wait([self._worker])

    async def _work(self) -> None:
        while not self._going_down:
            waiting = await self._queue.get()
            await self._work_on(waiting, self._passed_by_smaller(waiting.bytes))

    async def _work_on(self, waiting: _Waiting, between: Callable[[], None]) -> None:
        key, library = waiting.key, waiting.library
        self._queued.discard(key)
        self._progress[key] = 0.0
        try:
            await self._index(key, library, between)
            if self._queue.empty():
                await asyncio.to_thread(library.save_if_due)
        except Exception:
            log.exception("the state of a document could not be kept")
        finally:
            self._progress.pop(key, None)
            self._queue.task_done()
            self._told(key[0])

    def _passed_by_smaller(self, size: int) -> Callable[[], None]:
        """Called in the thread of a document of `size` bytes: index the smaller ones that wait."""
        loop = asyncio.get_running_loop()

        def wait() -> None:
            if not self._queue.empty() and not self._going_down:
                self._passing = asyncio.run_coroutine_threadsafe(self._pass(size), loop)
                self._passing.result()

        return wait

    async def _pass(self, size: int) -> None:
        while not self._queue.empty() and not self._going_down:
            waiting = self._queue.get_nowait()
            if waiting.bytes >= size:
                self._queue.put_nowait(waiting)
                self._queue.task_done()
                return
            # Nothing passes one that passes: each would hold one more thread.
            await self._work_on(waiting, _at_once)

    async def _index(self, key: _Key, library: Library, between: Callable[[], None]) -> None:
        document = key[1]
        record = await asyncio.to_thread(library.records.document, document)
        if record is None:
            return
        self._told(key[0])
        try:
            report = self._reporter(key, library)
            await asyncio.to_thread(_index, library, record, self._rules, report, between)
        except (_GoingDown, _Deleted):
            return
        except Exception as error:
            why, detail = reason_of(error)
            if why == "unknown":
                log.exception("a document could not be indexed")
            if why == "embedder":
                spec = await asyncio.to_thread(library.records.setting, EMBEDDER)
                card = card_of_trouble(error, spec)
                self._note(key[0], Trouble(card, False), error)
                detail = card_as_detail(card)
            await asyncio.to_thread(library.records.set_state, document, "failed", why, detail)

    def _note(self, owner: str, trouble: Trouble, error: Exception) -> None:
        """Keep in mind what is wrong with an embedder; logged once, however often it is met."""
        if self.trouble.get(owner) != trouble:
            log.error("the embedder cannot be used: %s", trouble.card.message("en"))
            log.info("how the embedder failed", exc_info=error)
        self.trouble[owner] = trouble

    def _reporter(self, key: _Key, library: Library) -> _Report:
        """Told in the thread how far it is; raises there once the program ends or the document is
        deleted, be it by another process."""
        loop = asyncio.get_running_loop()

        def report(share: float) -> None:
            if self._going_down:
                raise _GoingDown
            if key[1] != _ALL and library.records.document(key[1]) is None:
                raise _Deleted
            before, self._progress[key] = self._progress.get(key, 0.0), share
            if int(share * 100) != int(before * 100):
                loop.call_soon_threadsafe(self._told, key[0])

        return report


def _index(
    library: Library,
    record: DocumentRecord,
    rules: DocumentRules,
    report: _Report,
    between: Callable[[], None],
) -> None:
    from rag.chunk import Sizes, chunks
    from rag.loaders.values import LoadError
    from rag.read import read

    path = library.path(record.hash, record.name)
    if not path.exists():
        raise FileNotFoundError(path.name)
    ocr = rules.ocr and is_ocr_installed()
    loaded = read(path, record.name, _stretch(report, 0.0, _READING), ocr)
    report(_READING)
    sizes = Sizes(rules.chunk_characters, rules.chunk_overlap)
    made = list(chunks(loaded.parts, sizes))
    if not made:
        raise LoadError("empty")
    embedded = _stretch(report, _READING, 1.0)

    def after_batch(share: float) -> None:
        between()
        embedded(share)

    library.index(record.id, made, loaded.pages, after_batch, unread=loaded.unread)


def _at_once() -> None:
    """Between the batches of a document that nothing passes."""


def _stretch(report: _Report, start: float, end: float) -> _Report:
    """A report of one step of the work, which takes it from one share to another."""
    return lambda share: report(start + share * (end - start))


def reason_of(error: Exception) -> tuple[str, str]:
    """The text key of a failure under `document_error.`, and its detail."""
    from rag.load import LoadError

    if isinstance(error, LoadError):
        return error.key, error.detail
    if is_embedders(error):
        return "embedder", ""
    if isinstance(error, FileNotFoundError):
        return "file_gone", ""
    return "unknown", type(error).__name__
