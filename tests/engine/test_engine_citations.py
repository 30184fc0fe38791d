"""What an answer cites is checked against what it was given."""

from __future__ import annotations

import pytest

from core.documents import UsedPassage
from engine.citations import Quote, citations

TEA = UsedPassage(
    1, "7", "cay.txt", "Çay, Rize'nin yağmurlu\nyamaçlarında yetişir. IĞDIR'da yetişmez."
)
BRIDGE = UsedPassage(
    2, "8", "bridge.txt", "The bridge was opened in 1973 – tolls are paid by card."
)
GIVEN = (TEA, BRIDGE)


@pytest.mark.parametrize(
    ("text", "cited", "unknown"),
    [
        ("Rize'de [1]. 1973'te [2][1].", (1, 2), ()),
        ("İkisi de [1, 2].", (1, 2), ()),
        ("Uydurma [3] ve [1].", (1,), (3,)),
        ("Kod: `a[1]` ve\n```\nb[2]\n```", (), ()),
        ("[Bağlantı](https://x.y) [1a] [ ]", (), ()),
    ],
)
def test_marks_name_passages_that_were_given(
    text: str, cited: tuple[int, ...], unknown: tuple[int, ...]
) -> None:
    found = citations(text, GIVEN)
    assert (found.cited, found.unknown) == (cited, unknown)


@pytest.mark.parametrize(
    ("quoted", "number"),
    [
        ("“Rize'nin yağmurlu yamaçlarında yetişir”", 1),
        ('"rize’nin YAĞMURLU yamaçlarında yetişir."', 1),
        ("«bridge was opened in 1973 - tolls are paid»", 2),
        ("“Çay, Rize'nin … yamaçlarında yetişir”", 1),
        ("“Iğdır'da yetişmez. Çay, Rize'nin”", None),
        ("“Çay, Artvin'in yağmurlu yamaçlarında yetişir”", None),
    ],
)
def test_a_quotation_must_stand_in_a_passage_word_for_word(quoted: str, number: int | None) -> None:
    (quote,) = citations(f"Metne göre {quoted} [1].", GIVEN).quotes
    assert quote == Quote(quoted[1:-1], number)


def test_the_passage_cited_behind_a_quotation_comes_first() -> None:
    same = UsedPassage(2, "8", "b.txt", TEA.text)
    (quote,) = citations("“yağmurlu yamaçlarında yetişir” [2]", (TEA, same)).quotes
    assert quote.number == 2


def test_a_word_in_quotation_marks_is_no_quotation() -> None:
    assert citations("Buna “çay” ya da “siyah çay” denir [1].", GIVEN).quotes == ()


def test_an_answer_that_was_given_nothing_cites_nothing() -> None:
    assert citations("“Bunu kimse böyle söylemedi” [1]", ()) == citations("", ())
