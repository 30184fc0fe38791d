"""A library of documents: found at once, gone at once, and whole after a crash."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from rag.embedders import Embedder
from rag.fusion import SETTINGS
from rag.library import Library
from rag.loaders.values import Unread
from rag.relevance import is_weak
from rag.values import Chunk

TEXTS = {
    "cay.txt": [
        "Çay, Rize'nin yağmurlu yamaçlarında yetişir.",
        "Demlik yirmi dakika dinlenmelidir.",
    ],
    "bridge.txt": ["The bridge over the Bosphorus was opened in 1973.", "Tolls are paid by card."],
    "kod.txt": ["def topla(a, b): return a + b", "Hata kodu E4711 diskin dolu olduğunu söyler."],
}


def fill(library: Library, collection: str = "c") -> dict[str, int]:
    ids = {}
    for name, texts in TEXTS.items():
        document = library.take(name, "\n".join(texts).encode(), collection)
        library.index(document.id, [Chunk(text, page) for page, text in enumerate(texts, 1)])
        ids[name] = document.id
    return ids


def names(library: Library, question: str, **more: object) -> list[str]:
    return [hit.passage.name for hit in library.search(question, 3, **more)]  # type: ignore[arg-type]


def test_a_question_finds_its_passage_with_page_and_sentence(library: Library) -> None:
    fill(library)

    best = library.search("Çay nerede yetişir?")[0]

    assert (best.passage.name, best.passage.page) == ("cay.txt", 1)
    assert best.sentence == "Çay, Rize'nin yağmurlu yamaçlarında yetişir."


def test_a_turkish_question_finds_an_english_passage(library: Library) -> None:
    fill(library)

    assert names(library, "Boğaz köprüsü ne zaman açıldı?")[0] == "bridge.txt"


def test_a_number_or_code_is_found_word_for_word(library: Library) -> None:
    fill(library)

    assert names(library, "E4711")[0] == "kod.txt"


def test_a_deleted_document_is_found_no_more_and_its_file_is_gone(library: Library) -> None:
    ids = fill(library)
    record = library.records.document(ids["cay.txt"])
    assert record is not None

    library.delete(ids["cay.txt"])

    assert "cay.txt" not in names(library, "Çay nerede yetişir?")
    assert not library.path(record.hash, record.name).exists()


def test_a_search_can_be_kept_to_some_documents(library: Library) -> None:
    ids = fill(library)

    found = names(library, "Çay nerede yetişir?", documents={ids["kod.txt"]})

    assert set(found) == {"kod.txt"}


def test_a_library_of_an_earlier_version_is_read(tmp_path: Path, embedder: Embedder) -> None:
    with closing(Library(tmp_path, lambda: embedder)) as library:
        document = library.take("cay.txt", b"cay", "c").id
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as database:
        database.execute("ALTER TABLE documents DROP COLUMN unread")
    unread = (Unread(2, 3, "scanned"), Unread(5, 5, "damaged"))

    with closing(Library(tmp_path, lambda: embedder)) as library:
        library.index(document, [Chunk("Çay", 1)], 5, unread=unread)
        record = library.records.document(document)

    assert record is not None
    assert (record.pages, record.unread) == (5, unread)


def test_the_same_content_twice_is_one_document(library: Library) -> None:
    first = library.take("a.txt", b"bir", "c")
    again = library.take("b.txt", b"bir", "c")
    elsewhere = library.take("a.txt", b"bir", "other")

    assert again.id == first.id
    assert elsewhere.id != first.id


def test_indexing_again_makes_no_doubles(library: Library) -> None:
    ids = fill(library)

    library.index(ids["cay.txt"], [Chunk("Çay, Rize'de yetişir.")])

    found = library.search("Çay nerede yetişir?", 9)
    assert [hit.passage.text for hit in found if hit.passage.name == "cay.txt"] == [
        "Çay, Rize'de yetişir."
    ]


def test_a_second_look_decides_the_order(tmp_path: Path, embedder: Embedder) -> None:
    def reranker(_question: str, texts: Sequence[str]) -> list[float]:
        return [float("E4711" in text) for text in texts]

    library = Library(tmp_path, lambda: embedder, reranker=lambda: reranker)
    fill(library)

    found = library.search("Çay nerede yetişir?", 2)

    assert found[0].passage.name == "kod.txt"
    assert len(found) == 2
    library.close()


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.search("Çay?") == ()


def test_opened_again_it_finds_the_same_with_and_without_its_snapshot(
    tmp_path: Path, embedder: Embedder
) -> None:
    first = Library(tmp_path, lambda: embedder)
    ids = fill(first)
    first.delete(ids["bridge.txt"])
    wanted = [(h.passage, round(h.score, 4)) for h in first.search("Çay nerede yetişir?")]
    first.close()

    saved = Library(tmp_path, lambda: embedder)
    assert [(h.passage, round(h.score, 4)) for h in saved.search("Çay nerede yetişir?")] == (wanted)
    saved.records.close()
    (tmp_path / "index" / "current").write_text("damaged", encoding="utf-8")
    anew = Library(tmp_path, lambda: embedder)
    found = {hit.passage.name for hit in anew.search("Çay nerede yetişir?")}
    assert found == {"cay.txt", "kod.txt"}
    anew.close()


def test_what_came_after_the_snapshot_is_found_after_a_crash(
    tmp_path: Path, embedder: Embedder
) -> None:
    crashed = Library(tmp_path, lambda: embedder)
    fill(crashed)
    crashed.save()
    late = crashed.take("gec.txt", b"x", "c")
    crashed.index(late.id, [Chunk("Ihlara Vadisi Aksaray'dadır.")])
    crashed.take("waits.txt", b"y", "c")
    crashed.records.close()  # no save: as a kill would leave it

    opened = Library(tmp_path, lambda: embedder)

    assert names(opened, "Ihlara Vadisi nerede?")[0] == "gec.txt"
    assert [one.name for one in opened.pending()] == ["waits.txt"]
    opened.close()


def test_the_heading_of_a_passage_counts_for_what_it_is_about(library: Library) -> None:
    document = library.take("a.txt", b"a", "c")
    rest = [Chunk(f"Madde {n}: Evraklar {n} gün içinde teslim edilir.") for n in range(20)]
    said = "Yılda yirmi gündür, devredilmez."
    library.index(document.id, [*rest, Chunk(said, None, ("Yıllık ücretli izin",))])
    found = library.search("Yıllık ücretli izin kaç gün?")
    assert found[0].passage.text == said


def test_a_question_about_something_else_matches_weakly(library: Library) -> None:
    fill(library)

    assert not is_weak(library.search("Çay nerede yetişir?"))
    assert not is_weak(library.search("Boğaz köprüsü ne zaman açıldı?"))
    assert is_weak(library.search("Kuantum bilgisayarlar hata düzeltmeyi nasıl yapar?"))


@pytest.mark.parametrize(
    ("question", "name"),
    [("kira sozlesmesi", "KiraSözleşmesi.pdf"), ("fiyat listesi", "fiyat_listesi-2024.xlsx")],
)
def test_a_document_is_found_by_the_words_of_its_name(
    library: Library, question: str, name: str
) -> None:
    for number, one in enumerate((name, "tutanak.docx", "notlar.txt")):
        document = library.take(one, one.encode(), "c")
        library.index(document.id, [Chunk(f"Sayfa {number}: imza yeri.")])
    assert names(library, question)[0] == name


def test_words_of_programmers_and_of_scripts_without_spaces_are_found(library: Library) -> None:
    texts = {"c++": "C++ ile yazılır.", "c#": "C# ile yazılır.", "c": "C ile yazılır."}
    texts |= {
        "node": "node.js ile yazılır.",
        "tokyo": "私は東京都に住んでいます",
        "thai": "ภาษาไทยง่าย",
    }
    for name, text in texts.items():
        document = library.take(name, name.encode(), "c")
        library.index(document.id, [Chunk(text)])
    words = SETTINGS["words"]
    for question, name in (("C++", "c++"), ("C#", "c#"), ("東京", "tokyo"), ("ไทย", "thai")):
        assert library.search(question, 1, None, words)[0].passage.text == texts[name]
