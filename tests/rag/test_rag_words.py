"""Words, languages, sentences and chunks: what the search is made of."""

from __future__ import annotations

from itertools import pairwise

import pytest

from rag.chunk import Sizes, chunks, split
from rag.language import language_of
from rag.sentences import sentences
from rag.values import Part
from rag.words import terms, words


@pytest.mark.parametrize("spelling", ["İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "İSTANBUL"])
def test_every_spelling_of_a_turkish_name_is_the_same_word(spelling: str) -> None:
    assert words(spelling) == ["istanbul"]


@pytest.mark.parametrize("spelling", ["ISPARTA", "ısparta", "Isparta"])
def test_a_dotless_i_is_found_however_it_is_typed(spelling: str) -> None:
    assert words(spelling) == words("ısparta")


def test_words_typed_without_turkish_letters_are_the_same() -> None:
    assert words("Şöför çağrısı GÜZEL") == words("sofor cagrisi guzel")


def test_a_turkish_word_shares_terms_with_its_inflected_forms() -> None:
    assert set(terms("kitap")) & set(terms("kitaplarımızdan"))
    assert not set(terms("kitap")) & set(terms("defter"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wesley'in meşhur vaazının adı neydi?", "tr"),
        ("Melfi Kontu kimdi?", "tr"),
        ("Ankara'nın nüfusu kaçtır ve hangi bölgededir?", "tr"),
        ("What is the population of Ankara?", "en"),
        ("Şığ göl", "tr"),
        ("12345", ""),
        ("Ankara", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_sentences_are_parts_of_the_text_and_cover_it() -> None:
    text = (
        "Dr. Ayşe geldi. Toplantı 14.30'da başladı ve uzun sürdü! Peki neden? Çünkü gündem doluydu."
    )

    found = sentences(text)

    assert all(one in text for one in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_a_title_is_no_sentence_and_no_part_of_one() -> None:
    text = "Storm report\n\nDamage\n\nForty trees fell.\n\nTwo roofs flew away"
    assert sentences(text) == ["Forty trees fell.", "Two roofs flew away"]
    assert sentences("Storm report") == ["Storm report"]


def test_a_text_without_any_dot_is_cut_into_sentences_of_bounded_length() -> None:
    found = sentences("yağmur kar " * 300)
    assert max(map(len, found)) <= 600
    assert len(found) > 5
    assert {word for one in found for word in one.split()} == {"yağmur", "kar"}


def test_a_lists_number_stays_with_what_it_counts() -> None:
    """As many sentences as ever: vectors on disk are kept by their place."""
    clauses = (
        "1. Kiracı her ayın beşine kadar kirayı öder ve dekontu saklar.",
        "2. Bu madde ise daha kısadır.",
        "3. Depozito iki aylık kiradır, hasar yoksa çıkarken geri verilir.",
        "4. Aidat kiraya dâhil değildir ve her üç ayda bir yeniden belirlenir.",
    )
    found = sentences("\n".join(clauses))
    assert found == [clauses[0], "\n".join(clauses[1:3]), clauses[3]]


def test_chunks_are_no_longer_than_the_size_and_lose_no_word() -> None:
    text = "\n\n".join(f"Paragraf {n}. " + f"Cümle {n} burada. " * 20 for n in range(30))

    pieces = split(text)

    assert max(map(len, pieces)) <= 1200
    assert {word for piece in pieces for word in piece.split()} == set(text.split())


def test_each_chunk_repeats_the_end_of_the_one_before() -> None:
    pieces = split("Bir cümle daha var burada. " * 200, sizes=Sizes(400, 100))

    assert all(b[:20] in a for a, b in pairwise(pieces))


def test_a_chunk_never_goes_over_a_page_or_a_heading() -> None:
    parts = [
        Part("bir", 1, ("A",)),
        Part("iki", 1, ("A",)),
        Part("üç", 2, ("A",)),
        Part("dört", 2, ("A", "B")),
    ]

    assert [(c.text, c.page, c.heading) for c in chunks(parts)] == [
        ("bir\n\niki", 1, ("A",)),
        ("üç", 2, ("A",)),
        ("dört", 2, ("A", "B")),
    ]


def test_a_short_table_stands_with_the_text_around_it_and_code_does_not() -> None:
    parts = [
        Part("İzindeyken yerine bakacak olan:", 1),
        Part("Vekil | Uğur", 1, kind="table"),
        Part("x = 1", 1, kind="code"),
    ]

    assert [one.text for one in chunks(parts)] == [
        "İzindeyken yerine bakacak olan:\n\nVekil | Uğur",
        "x = 1",
    ]


def test_code_is_cut_before_its_functions() -> None:
    code = "\n".join(f"def f{n}(a):\n    x = a + {n}\n    return x\n" for n in range(200))

    pieces = split(code, is_code=True, sizes=Sizes(600, 0))

    assert all(piece.startswith("def f") for piece in pieces)


def test_one_endless_word_is_cut_and_kept_whole() -> None:
    pieces = split("x" * 5000, sizes=Sizes(1000, 0))

    assert "".join(pieces) == "x" * 5000
    assert max(map(len, pieces)) <= 1000
