"""The order in which documents are indexed, and the end of the work on deleted ones."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import numpy as np
import pytest

from core.catalog import DocumentRules
from engine.documents import Documents
from engine.embedders import Embedders

BIG = "\n\n".join(f"# Bölüm {n}\n\n{n}. günün hikâyesi burada anlatılır." for n in range(200))
LONGEST_S = 20.0
MANY = 1000


class Held:
    """An embedder that stops in each batch until `go` is released, and notes what it is asked."""

    name = "held"
    dimension = 8
    pools = True
    floor = 0.1
    languages = None

    def __init__(self) -> None:
        self.begun, self.go = Event(), Semaphore(0)
        self.batches: list[str] = []

    def passages(self, texts: Any) -> Any:
        self.batches.append(" ".join(texts))
        self.begun.set()
        assert self.go.acquire(timeout=LONGEST_S)
        return np.full((len(texts), self.dimension), self.dimension**-0.5, np.float32)

    questions = passages

    async def until_begun(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, LONGEST_S)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
async def documents(tmp_path: Path, held: Held) -> AsyncIterator[Documents]:
    rules = DocumentRules()
    made = Documents(tmp_path, rules, embedders=Embedders(rules, make=lambda _: held))
    yield made
    held.go.release(MANY)
    await made.shut_down()


async def take(documents: Documents, name: str, text: str, collection: str = "Belgeler") -> int:
    return (await documents.take("", name, text.encode(), collection)).id


async def finish(documents: Documents, held: Held) -> None:
    held.go.release(MANY)
    async with asyncio.timeout(LONGEST_S):
        await documents.indexing.idle()


def vectors(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "_" / "library.sqlite")) as database:
        return int(database.execute("SELECT COUNT(*) FROM vectors").fetchone()[0])


async def test_of_those_that_wait_the_smallest_comes_first(
    documents: Documents, held: Held
) -> None:
    await take(documents, "ilk.md", "İlk.")
    await held.until_begun()
    for name, words in (("orta", 40), ("büyük", 80), ("küçük", 1), ("küçük-iki", 1)):
        await take(documents, f"{name}.md", f"{name} " + "x " * words)

    await finish(documents, held)

    begun = [batch.split()[0] for batch in held.batches]
    assert begun == ["İlk.", "küçük", "küçük-iki", "orta", "büyük"]


async def test_small_documents_pass_while_a_big_one_is_embedded(
    documents: Documents, held: Held
) -> None:
    await take(documents, "büyük.md", BIG)
    await held.until_begun()
    await take(documents, "çay.md", "Çay Rize'de yetişir.")
    await take(documents, "daha-büyük.md", BIG + "\n\n# Son\n\nSon.")

    await finish(documents, held)

    assert "Bölüm 0" in held.batches[0]
    assert held.batches[1] == "Çay Rize'de yetişir."
    assert "Bölüm 199" in held.batches[-2]
    assert "Son." in held.batches[-1]
    assert {one.state for one in await documents.documents("")} == {"ready"}


@pytest.mark.parametrize("whole_collection", [False, True])
async def test_the_work_on_a_deleted_document_ends_at_once_and_leaves_nothing(
    documents: Documents, held: Held, tmp_path: Path, whole_collection: bool
) -> None:
    big = await take(documents, "büyük.md", BIG, "Büyük")
    await held.until_begun()
    waiting = await take(documents, "bekleyen.md", "Bekleyen.", "Büyük")
    if whole_collection:
        await documents.drop_collection("", "Büyük")
    else:
        await documents.delete("", big)
        await documents.delete("", waiting)

    await finish(documents, held)

    assert len(held.batches) == 1
    assert vectors(tmp_path) == 0
    assert await documents.documents("") == ()


async def test_deleting_a_half_embedded_document_leaves_the_vectors_of_others(
    documents: Documents, held: Held, tmp_path: Path
) -> None:
    await take(documents, "kısa.md", "# Bölüm 0\n\n0. günün hikâyesi burada anlatılır.")
    held.go.release()
    await documents.indexing.idle()
    held.begun.clear()
    big = await take(documents, "büyük.md", BIG)
    await held.until_begun()
    await documents.delete("", big)

    await finish(documents, held)

    assert vectors(tmp_path) == 1


async def test_an_end_while_a_small_document_passes_leaves_both_for_the_next_start(
    documents: Documents, held: Held
) -> None:
    await take(documents, "büyük.md", BIG)
    await held.until_begun()
    await take(documents, "çay.md", "Çay Rize'de yetişir.")
    held.begun.clear()
    held.go.release()
    await held.until_begun()
    ended = asyncio.create_task(documents.indexing.shut_down())
    await asyncio.sleep(0)
    held.go.release(MANY)

    async with asyncio.timeout(LONGEST_S):
        await ended

    library = await documents.library("")
    assert [one.name for one in library.pending()] == ["büyük.md", "çay.md"]
