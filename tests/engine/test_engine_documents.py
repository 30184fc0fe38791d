"""Documents of several owners over real files, the real loader and the real embedder."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.catalog import DocumentRules
from core.documents import ChosenDocument
from core.errors import RejectedInput, StorageError
from engine.documents import Documents
from engine.embedders import Embedders
from engine.refusals import refusals
from engine.shelf import Shelved
from tests.support.documents import pdf

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Demlik yirmi dakika dinlenmelidir."
SEARCHED = DocumentRules(whole_characters=0)
"""No library is so small that it is given whole."""
BRIDGE = "The bridge over the Bosphorus was opened in 1973. Tolls are paid by card."


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    made = Documents(tmp_path / "documents")
    yield made
    await made.shut_down()


async def take(documents: Documents, name: str, text: str, owner: str = "") -> Shelved:
    return await documents.take(owner, name, text.encode(), "Belgeler")


async def one(documents: Documents, owner: str = "") -> Shelved:
    await documents.indexing.idle()
    (found,) = await documents.documents(owner)
    return found


async def names(documents: Documents, question: str, owner: str = "") -> list[str]:
    return [one.name for one in (await documents.look_up(owner, question)).passages]


async def test_a_taken_file_is_indexed_and_answers_its_question(documents: Documents) -> None:
    taken = await take(documents, "cay.txt", TEA)
    assert taken.state in ("waiting", "working")
    ready = await one(documents)
    assert (ready.state, ready.progress, ready.chunks, ready.error) == ("ready", 1.0, 1, "")
    (passage,) = (await documents.look_up("", "Çay nerede yetişir?")).passages
    assert (passage.number, passage.name, passage.text) == (1, "cay.txt", TEA)


async def test_a_small_document_is_given_whole_and_in_order(tmp_path: Path) -> None:
    rules = DocumentRules(passages=1, whole_characters=3000)
    documents = Documents(tmp_path, rules)
    story = "\n\n".join(f"# Bölüm {n}\n\n{n}. günün hikâyesi burada." for n in range(1, 5))
    await take(documents, "hikaye.md", f"{story}\n\n# Son\n\n{TEA}")
    await take(documents, "uzun.md", "\n\n".join(f"# {n}\n\nKahve {n}. " * 30 for n in range(9)))
    await documents.indexing.idle()
    whole = (await documents.look_up("", "Çay nerede yetişir?")).passages
    assert [one.number for one in whole] == [1, 2, 3, 4, 5]
    assert [one.heading[-1] for one in whole][:2] == ["Bölüm 1", "Bölüm 2"]
    assert TEA in whole[-1].text
    assert whole[-1].sentence
    assert len(await names(documents, "Kahve nerede?")) == 1
    await documents.shut_down()


async def test_it_is_seen_how_far_a_file_is_read(documents: Documents) -> None:
    await documents.take("", "uzun.pdf", pdf([f"Sayfa {n}" for n in range(200)]), "Belgeler")
    shares: list[float] = []
    while 1.0 not in shares:
        version = documents.changed("").version
        (now,) = await documents.documents("")
        shares.append(now.progress)
        if now.state != "ready":
            await documents.changed("").after(version)

    assert any(0 < share < 1 / 3 for share in shares)
    assert shares == sorted(shares)


async def test_an_end_while_a_file_is_read_leaves_it_for_the_next_start(
    documents: Documents, tmp_path: Path
) -> None:
    data = pdf([f"Sayfa {n}" for n in range(200)])
    await documents.take("", "uzun.pdf", data, "Belgeler")
    version = documents.changed("").version
    while not (await documents.documents(""))[0].progress:
        version = await documents.changed("").after(version)

    await documents.shut_down()

    again = Documents(tmp_path / "documents")
    assert (await again.documents(""))[0].state in ("waiting", "working")
    assert (await one(again)).state == "ready"
    await again.shut_down()


async def test_the_same_file_twice_is_one_document(documents: Documents) -> None:
    first = await take(documents, "cay.txt", TEA)
    again = await take(documents, "cay (1).txt", TEA)
    assert again.id == first.id
    assert (await one(documents)).name == "cay.txt"


async def test_a_broken_file_says_why_and_the_next_one_goes_on(documents: Documents) -> None:
    await take(documents, "bad.pdf", "%PDF-1.4 broken")
    await take(documents, "cay.txt", TEA)
    await documents.indexing.idle()
    good, bad = await documents.documents("")
    assert (bad.name, bad.state, bad.error) == ("bad.pdf", "failed", "damaged")
    assert good.state == "ready"


async def test_a_failed_document_is_tried_again_when_it_comes_again(documents: Documents) -> None:
    taken = await take(documents, "cay.txt", TEA)
    await documents.indexing.idle()
    library = await documents.library("")
    library.records.set_state(taken.id, "failed", "too_long")
    await take(documents, "cay.txt", TEA)
    assert (await one(documents)).state == "ready"


async def test_nobody_finds_the_documents_of_another(documents: Documents) -> None:
    mine = await take(documents, "cay.txt", TEA, "ayse")
    await documents.indexing.idle()
    assert await documents.documents("mehmet") == ()
    assert await documents.search("mehmet", "Çay nerede yetişir?") == ()
    for refused in (documents.delete, documents.reindex):
        with pytest.raises(RejectedInput):
            await refused("mehmet", mine.id)
    await take(documents, "bridge.txt", BRIDGE, "mehmet")
    await documents.indexing.idle()
    assert await names(documents, "Çay nerede yetişir?", "mehmet") != ["cay.txt"]
    assert await names(documents, "Çay nerede yetişir?", "ayse") == ["cay.txt"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("arşiv.rar", b"Rar!\x1a\x07" + bytes(64)),
        ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 8),
        ("arşiv", b"7z\xbc\xaf\x27\x1c" + bytes(64)),
    ],
)
async def test_a_kind_of_file_that_is_never_read_is_refused_and_not_kept(
    documents: Documents, name: str, data: bytes
) -> None:
    with pytest.raises(RejectedInput) as refused:
        await documents.take("", name, data, "Belgeler")
    assert refused.value.card.kind == "unreadable_file"
    assert await documents.documents("") == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("kod.ts", b"export const x = 1;"),
        ("cizim.svg", b"<svg><text>Rize</text></svg>"),
        ("bozuk.pdf", b"no PDF at all"),
        ("eski.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("uzantisiz", "Çay, Rize'de yetişir.".encode("utf-16")),
    ],
)
async def test_what_may_be_readable_is_taken(documents: Documents, name: str, data: bytes) -> None:
    taken = await documents.take("", name, data, "Belgeler")
    assert (taken.name, taken.error) == (name, "")


async def test_a_deleted_document_is_found_no_more(documents: Documents) -> None:
    taken = await take(documents, "cay.txt", TEA)
    await documents.indexing.idle()
    await documents.delete("", taken.id)
    assert await names(documents, "Çay nerede yetişir?") == []
    assert await documents.documents("") == ()


async def test_deleting_one_document_leaves_the_vectors_of_one_being_indexed(
    documents: Documents,
) -> None:
    """Both hold the same text; the second is half indexed when the first goes."""
    from rag.values import Chunk

    first = await take(documents, "cay.txt", TEA)
    await documents.indexing.idle()
    library = await documents.library("")
    second = library.take("cay-2.txt", TEA.encode() + b" ", "Belgeler")

    def delete_first(_: float) -> None:
        library.delete(first.id)

    library.index(second.id, [Chunk(TEA), Chunk(BRIDGE)], told=delete_first)
    with library.reading() as indexes:
        rows = np.flatnonzero(indexes.allowed({second.id}))
        lengths = np.linalg.norm(indexes.vectors.vectors(rows), axis=1)
    assert lengths == pytest.approx([1, 1], abs=0.01)


async def test_collections_hold_their_documents_and_take_them_along(documents: Documents) -> None:
    await documents.take("", "cay.txt", TEA.encode(), "Çay")
    await documents.take("", "bridge.txt", BRIDGE.encode(), "Köprü")
    await documents.indexing.idle()
    assert await documents.collections("") == ("Belgeler", "Köprü", "Çay")
    bridges = await documents.scope("", ["Köprü"])
    found = await documents.search("", "Çay nerede yetişir?", bridges)
    assert {hit.passage.name for hit in found} == {"bridge.txt"}
    await documents.drop_collection("", "Çay")
    assert [one.name for one in await documents.documents("")] == ["bridge.txt"]
    assert await documents.collections("") == ("Belgeler", "Köprü")


async def test_a_single_document_is_searched_alone_or_beside_a_collection(
    documents: Documents,
) -> None:
    tea = await documents.take("", "cay.txt", TEA.encode(), "Belgeler")
    await documents.take("", "kahve.txt", TEA.replace("Çay", "Kahve").encode(), "Belgeler")
    await documents.take("", "bridge.txt", BRIDGE.encode(), "Köprü")
    await documents.indexing.idle()
    only = ChosenDocument(tea.id, tea.name).place
    for places, expected in (
        ([only], {"cay.txt"}),
        ([only, "Köprü"], {"cay.txt", "bridge.txt"}),
    ):
        found = await documents.search("", "Nerede?", await documents.scope("", places))
        assert {hit.passage.name for hit in found} == expected


async def test_what_is_gone_is_told_and_never_widens_a_search(documents: Documents) -> None:
    tea = await documents.take("", "cay.txt", TEA.encode(), "Çay")
    await documents.take("", "bridge.txt", BRIDGE.encode(), "Köprü")
    await documents.indexing.idle()
    only = ChosenDocument(tea.id, tea.name).place
    await documents.delete("", tea.id)
    nothing = await documents.look_up("", "Bosphorus bridge tolls", collections=[only])
    assert (nothing.passages, nothing.gone, nothing.nothing_left) == ((), ("cay.txt",), True)
    rest = await documents.look_up("", "Bosphorus bridge tolls", collections=[only, "Köprü"])
    assert [one.name for one in rest.passages] == ["bridge.txt"]
    assert (rest.gone, rest.nothing_left) == (("cay.txt",), False)
    await documents.drop_collection("", "Köprü")
    assert (await documents.scope("", ["Köprü"])).gone == ("Köprü",)


async def test_what_an_end_cut_short_goes_on_at_the_next_start(tmp_path: Path) -> None:
    first = Documents(tmp_path)
    (await first.library("")).take("cay.txt", TEA.encode(), "Belgeler")
    await first.shut_down()
    second = Documents(tmp_path)
    await second.resume()
    assert (await one(second)).state == "ready"
    assert await names(second, "Çay nerede yetişir?") == ["cay.txt"]
    await second.shut_down()


async def test_what_another_process_changes_is_seen_without_a_new_start(tmp_path: Path) -> None:
    here, there = Documents(tmp_path, SEARCHED), Documents(tmp_path, SEARCHED)
    await take(here, "bridge.txt", BRIDGE)
    await here.indexing.idle()
    assert await names(here, "Çay nerede yetişir?") != ["cay.txt"]
    taken = await take(there, "cay.txt", TEA)
    await there.indexing.idle()
    assert (await names(here, "Çay nerede yetişir?"))[0] == "cay.txt"
    await take(here, "kahve.txt", "Kahve Yemen'den gelir ve cezvede pişer.")
    await here.indexing.idle()
    assert (await names(there, "Kahve nereden gelir?"))[0] == "kahve.txt"
    await here.delete("", taken.id)
    assert "cay.txt" not in await names(there, "Çay nerede yetişir?")
    with (await there.library("")).reading() as indexes:
        assert indexes.allowed(None).sum() == 2
    await here.shut_down()
    await there.shut_down()


async def test_a_full_disk_takes_nothing_and_says_so(tmp_path: Path) -> None:
    documents = Documents(tmp_path, DocumentRules(free_megabytes=10_000_000))
    with pytest.raises(StorageError) as error:
        await take(documents, "cay.txt", TEA)
    assert error.value.card.kind == "no_room"
    assert await documents.documents("") == ()
    await documents.shut_down()


def test_a_database_without_room_is_a_full_disk(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as database:
        database.execute("CREATE TABLE files (data)")
        database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(StorageError) as error, refusals():
            database.execute("INSERT INTO files VALUES (zeroblob(100000))")
    assert error.value.card.kind == "documents_full"


async def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    (tmp_path / "_").mkdir()
    (tmp_path / "_" / "library.sqlite").write_bytes(b"no database" * 1000)
    await documents.resume()
    with pytest.raises(StorageError) as error:
        await documents.documents("")
    assert error.value.card.kind == "documents_refused"
    await documents.shut_down()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\rapor.pdf", "rapor.pdf"),
        ("a\x00b\n\u202egnp.txt", "abgnp.txt"),
        ("", "belge"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
async def test_no_name_leaves_its_folder(documents: Documents, given: str, kept: str) -> None:
    taken = await take(documents, given, TEA)
    await documents.indexing.idle()
    assert taken.name == kept
    library = await documents.library("")
    record = library.records.document(taken.id)
    assert record is not None
    path = library.path(record.hash, record.name)
    assert path.exists()
    assert path.parent.name == "files"
    assert path.name.removesuffix(path.suffix).isalnum()


async def test_a_document_whose_file_is_gone_says_so(documents: Documents) -> None:
    taken = await take(documents, "cay.txt", TEA)
    await documents.indexing.idle()
    library = await documents.library("")
    record = library.records.document(taken.id)
    assert record is not None
    library.path(record.hash, record.name).unlink()
    await documents.reindex("", taken.id)
    assert (await one(documents)).error == "file_gone"
    assert await names(documents, "Çay nerede yetişir?") == ["cay.txt"]


class Plain:
    """An embedder by letters: quick, and of another dimension than the default one."""

    dimension = 32
    pools = False
    floor = 0.1
    languages = None

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked = 0

    def passages(self, texts: Any) -> Any:
        self.asked += len(texts)
        found = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                found[row, ord(letter) % self.dimension] += 1
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)

    questions = passages


async def test_another_embedder_takes_over_once_everything_is_embedded(tmp_path: Path) -> None:
    made: dict[str, Plain] = {}

    def make(spec: str) -> Any:
        return made.setdefault(spec, Plain(spec))

    old_rules, new_rules = DocumentRules(), DocumentRules(embedder="ollama", model="yeni")
    first = Documents(tmp_path, old_rules, embedders=Embedders(old_rules, make=make))
    await take(first, "cay.txt", TEA)
    await first.indexing.idle()
    await first.shut_down()
    second = Documents(tmp_path, new_rules, embedders=Embedders(new_rules, make=make))
    assert await names(second, "Çay nerede yetişir?") == ["cay.txt"]
    await second.indexing.idle()
    library = await second.library("")
    assert library.embedder is made[Embedders(new_rules).wanted]
    assert await names(second, "Çay nerede yetişir?") == ["cay.txt"]
    assert second.embedding("") is None
    with library.reading() as indexes:
        assert np.linalg.norm(indexes.vectors.vectors(np.array([0]))) == pytest.approx(1, abs=0.01)
    await second.shut_down()


async def test_an_embedder_that_cannot_be_had_leaves_the_old_one(tmp_path: Path) -> None:
    def make(spec: str) -> Any:
        if "ollama" in spec:
            raise ImportError("gone")
        return Plain(spec)

    old_rules, new_rules = DocumentRules(), DocumentRules(embedder="ollama", model="yeni")
    first = Documents(tmp_path, old_rules, embedders=Embedders(old_rules, make=make))
    await take(first, "cay.txt", TEA)
    await first.indexing.idle()
    await first.shut_down()
    second = Documents(tmp_path, new_rules, embedders=Embedders(new_rules, make=make))
    await second.library("")
    await second.indexing.idle()
    assert await names(second, "Çay nerede yetişir?") == ["cay.txt"]
    await second.shut_down()


async def test_no_key_is_written_beside_the_documents(tmp_path: Path) -> None:
    rules = DocumentRules(embedder="gemini", api_key_env="GEMINI_API_KEY")
    documents = Documents(tmp_path, rules, embedders=Embedders(rules, make=lambda s: Plain(s)))
    await documents.library("")
    await documents.shut_down()
    with sqlite3.connect(tmp_path / "_" / "library.sqlite") as database:
        held = database.execute("SELECT value FROM settings").fetchall()
    assert held == [('{"embedder": "gemini", "api_key_env": "GEMINI_API_KEY"}',)]
