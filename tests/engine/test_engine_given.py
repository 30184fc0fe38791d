"""What a question is given from real documents, by the real embedder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.documents import ChosenDocument
from engine.documents import Documents
from engine.retrieval import LookedUp

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


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("kira.txt dosyasını özetle", "kira.txt"),
        ("KIRA.TXT'de ne yazıyor?", "kira.txt"),
        ("kira sözleşmesinde erken çıkarsam ne olur?", "kira.txt"),
        ("kira belgesinde köpek konusu", "kira.txt"),
        ("Summarize the storm report", "storm-report.txt"),
        ("storm-report.txt: any quantum physics?", "storm-report.txt"),
        ("Deniz seferi ne anlatıyor?", LARGE),
        ("deniz-seferi.md: depozito var mı?", LARGE),
    ],
)
async def test_a_question_that_names_a_document_is_answered_from_it(
    library: Documents, question: str, name: str
) -> None:
    found = await library.look_up("", question)
    assert names(found) == {name}
    assert "nothing_found" not in keys(found)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Kuantum dolanıklığı nasıl ölçülür?", ""),
        ("Sefere çıkan ordunun komutanı kimdi?", ""),
        ("Depozito kaç aylık kira?", "kira.txt"),
        ("Fırtınada kaç ağaç devrildi?", "storm-report.txt"),
        ("When was the bridge opened?", "bridge.txt"),
    ],
)
async def test_an_ordinary_question_is_searched_in_all_and_may_find_nothing(
    library: Documents, question: str, expected: str
) -> None:
    found = await library.look_up("", question)
    assert (found.passages[0].name if found.passages else "") == expected
    assert keys(found) == ([] if expected else ["nothing_found"])


@pytest.mark.parametrize(
    "question",
    ["Belgeyi özetle", "Bu belgeler ne hakkında?", "bunu özetle", "What are these files about?"],
)
async def test_a_question_about_the_documents_is_given_how_each_begins(
    library: Documents, question: str
) -> None:
    found = await library.look_up("", question)
    assert names(found) == set(FILES)
    (notice,) = found.notices()
    assert (notice.key, notice.params) == ("documents_begun", {"count": "6", "all": "6"})


async def test_of_a_single_long_document_passages_from_all_over_it_are_given(
    library: Documents,
) -> None:
    shelved = {one.name: one for one in await library.documents("")}
    only = [ChosenDocument(shelved[LARGE].id, LARGE).place]
    for question in ("Bu ne hakkında?", "Summarize the document"):
        found = await library.look_up("", question, collections=only)
        headings = [one.heading[0] for one in found.passages]
        assert headings[0] == "Bölüm 1"
        assert len(set(headings)) == 8
        assert int(headings[-1].split()[1]) > 15
        assert keys(found) == ["document_begun"]


async def test_what_was_asked_of_a_named_document_goes_on_being_asked_of_it(
    library: Documents,
) -> None:
    found = await library.look_up("", "Peki kedime karışırlar mı?", ["kira.txt dosyasını özetle"])
    assert names(found) == {"kira.txt"}
    assert keys(found) == ["searched_with"]


async def test_a_follow_up_finds_its_clause_and_one_about_something_else_finds_nothing(
    library: Documents,
) -> None:
    rent = ["Depozito kaç aylık kira?"]
    found = await library.look_up("", "Süresi dolmadan taşınmak istersem ceza var mı?", rent)
    assert found.passages[0].name == "kira.txt"
    assert keys(found) == ["searched_with"]
    other = "Osmanlı donanması hangi savaşta ağır yenilgiye uğradı?"
    found = await library.look_up("", other, rent)
    assert (found.passages, keys(found)) == ((), ["nothing_found"])


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
