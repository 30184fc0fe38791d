"""What a question is given from real documents, by the real embedder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.documents import ChosenDocument
from engine.documents import Documents
from engine.retrieval import LookedUp
from rag.context import WEAK, context

LEASE = """Kira Sözleşmesi
1. Aylık kira bedeli 18.500 TL'dir ve her ayın beşine kadar ödenir.
2. Geç ödenen kiraya günlük yüzde 0,1 gecikme faizi uygulanır.
3. Depozito iki aylık kira bedelidir; daire boşaltıldıktan sonra 30 gün içinde geri verilir.
4. Kiracı süresinden önce çıkarsa iki aylık kira tutarında cayma bedeli öder.
5. Dairede evcil hayvan beslemek yazılı izne bağlıdır."""
SEA = "Kaptan {0}. gün denize açıldı; rüzgâr sert, deniz kabarıktı. Tayfa yelkenleri topladı. "
FILES = {
    "kira.txt": LEASE,
    "not.txt": "Bahçedeki ağaçların budanması mart ayında.",
    "storm-report.txt": "The storm report. The wind came from the south and lasted the whole "
    "night.\n\nForty plane trees fell in one night. The roofs of twelve houses were torn off.",
    "cay.txt": "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Hasat mayısta başlar.",
    "bridge.txt": "The bridge over the Bosphorus was opened in 1973. Tolls are paid by card.",
    "deniz-seferi.md": "\n\n".join(f"# Bölüm {n}\n\n{SEA.format(n) * 6}" for n in range(1, 21)),
}
LARGE = "deniz-seferi.md"
SMALL = 4096
"""Tokens of a window a quarter of which does not hold all of FILES."""


async def shelf(folder: Path, files: dict[str, str]) -> Documents:
    made = Documents(folder / "documents")
    for name, text in files.items():
        await made.take("", name, text.encode(), "Belgeler")
    await made.indexing.idle()
    return made


@pytest.fixture
async def lease(tmp_path: Path) -> AsyncIterator[Documents]:
    """A lease of five clauses and nothing else."""
    made = await shelf(tmp_path, {"kira.txt": LEASE})
    yield made
    await made.shut_down()


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Documents]:
    """Some short documents and a long one: more than is given whole."""
    made = await shelf(tmp_path, FILES)
    yield made
    await made.shut_down()


def names(found: LookedUp) -> set[str]:
    return {one.name for one in found.passages}


def keys(found: LookedUp) -> list[str]:
    return [notice.key for notice in found.notices()]


@pytest.mark.parametrize(
    "question",
    ["Belgeyi özetle", "Ne kadar ödüyorum?", "depozitomu ne zaman alırım", "Kaç para?", "Sanat?"],
)
async def test_where_there_is_little_everything_is_given(lease: Documents, question: str) -> None:
    found = await lease.look_up("", question)
    assert [one.text for one in found.passages] == [LEASE]
    assert keys(found) == []


async def test_what_is_given_whole_is_in_reading_order(tmp_path: Path) -> None:
    story = "\n\n".join(f"# Bölüm {n}\n\n{n}. günün hikâyesi burada." for n in range(1, 5))
    documents = await shelf(tmp_path, {"once.md": story, "sonra.txt": FILES["cay.txt"]})
    found = await documents.look_up("", "Çay nerede yetişir?")
    assert [one.number for one in found.passages] == [1, 2, 3, 4, 5]
    assert [one.heading for one in found.passages][:2] == [("Bölüm 1",), ("Bölüm 2",)]
    assert found.passages[-1].name == "sonra.txt"
    assert found.passages[-1].sentence
    await documents.shut_down()


async def test_how_much_is_given_whole_depends_on_the_models_window(library: Documents) -> None:
    small = await library.look_up("", "Depozito kaç aylık kira?", window=4096)
    large = await library.look_up("", "Depozito kaç aylık kira?", window=128_000)
    assert LARGE not in {one.name for one in small.passages[:1]}
    assert len(small.passages) < len(large.passages)
    assert names(large) == set(FILES)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("kira.txt dosyasını özetle", "kira.txt"),
        ("KIRA.TXT'de ne yazıyor?", "kira.txt"),
        ("storm report özeti", "storm-report.txt"),
        ("Deniz seferi ne anlatıyor?", LARGE),
        ("Depozito kaç aylık kira?", "kira.txt"),
        ("Fırtınada kaç ağaç devrildi?", "storm-report.txt"),
        ("When was the bridge opened?", "bridge.txt"),
    ],
)
async def test_a_question_finds_its_document_by_what_it_says_or_is_called(
    library: Documents, question: str, name: str
) -> None:
    found = await library.look_up("", question, window=SMALL)
    assert found.passages[0].name == name


async def test_a_question_without_an_answer_is_given_the_nearest_with_a_hint(
    library: Documents,
) -> None:
    found = await library.look_up("", "Kuantum dolanıklığı nasıl ölçülür?", window=SMALL)
    assert found.passages
    assert keys(found) == ["weak_match"]
    assert WEAK in context(found.context)
    good = await library.look_up("", "Depozito kaç aylık kira?", window=SMALL)
    assert keys(good) == []
    assert WEAK not in context(good.context)


async def test_the_documents_are_listed_with_pages_and_first_heading(library: Documents) -> None:
    found = await library.look_up("", "Hangi belgelerim var?", window=SMALL)
    told = context(found.context)
    for name in FILES:
        assert name in told
    assert f"{LARGE}, Bölüm 1" in found.context.listed
    assert "kira.txt, Kira Sözleşmesi" in found.context.listed


async def test_of_very_many_documents_the_list_stays_short(tmp_path: Path) -> None:
    many = {f"not-{n}.txt": f"{n}. günün notu: {SEA.format(n) * 4}" for n in range(60)}
    documents = await shelf(tmp_path, many)
    listed = (await documents.look_up("", "7. günün notu", window=SMALL)).context.listed
    assert len(listed) == 30
    assert listed[0].startswith("not-")
    assert listed[-1].startswith("and 31 more: not-")
    await documents.shut_down()


async def test_of_a_single_long_document_that_no_passage_fits_passages_from_all_over_are_given(
    library: Documents,
) -> None:
    shelved = {one.name: one for one in await library.documents("")}
    only = [ChosenDocument(shelved[LARGE].id, LARGE).place]
    found = await library.look_up("", "Belgeyi özetle", collections=only, window=SMALL)
    headings = [one.heading[0] for one in found.passages[:8]]
    assert headings[0] == "Bölüm 1"
    assert len(set(headings)) == 8
    assert int(headings[-1].split()[1]) > 15


async def test_without_a_document_or_before_one_is_read_that_is_what_is_told(
    tmp_path: Path,
) -> None:
    documents = Documents(tmp_path)
    assert keys(await documents.look_up("", "Kira ne kadar?")) == ["no_documents"]
    library = await documents.library("")
    library.take("kira.txt", LEASE.encode(), "Belgeler")
    found = await documents.look_up("", "Kira ne kadar?")
    assert [(n.key, n.params) for n in found.notices()] == [("still_reading", {"count": "1"})]
    await documents.shut_down()


async def test_a_chat_kept_to_what_was_deleted_says_so_and_finds_nothing_elsewhere(
    library: Documents,
) -> None:
    tea = next(one for one in await library.documents("") if one.name == "cay.txt")
    only = ChosenDocument(tea.id, tea.name).place
    await library.delete("", tea.id)
    await library.take("", "zeytin.txt", "Zeytin Ayvalık'ta yetişir.".encode(), "Zeytin")
    await library.indexing.idle()
    await library.drop_collection("", "Zeytin")
    for place, name in ((only, "cay.txt"), ("Zeytin", "Zeytin")):
        for question in ("Depozito kaç aylık kira?", "Belgeyi özetle", "kira.txt ne anlatıyor?"):
            found = await library.look_up("", question, collections=[place])
            assert found.passages == ()
            (notice,) = found.notices()
            assert (notice.key, notice.params) == ("all_chosen_gone", {"names": name})
