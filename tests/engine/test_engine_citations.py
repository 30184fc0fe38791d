"""What an answer cites is checked against what it was given."""

from __future__ import annotations

import pytest

from core.documents import UsedPassage
from engine.citations import citations

TEA = UsedPassage(
    1, "7", "cay.txt", "Çay, Rize'nin yağmurlu\nyamaçlarında yetişir. IĞDIR'da yetişmez."
)
BRIDGE = UsedPassage(
    2, "8", "bridge.txt", "The bridge was opened in 1973 – tolls are paid by card."
)
STORM = UsedPassage(
    3,
    "9",
    "storm.pdf",
    "During that single night forty old plane trees fell across the roads of the munici-\n"
    "pality. Damage came to 1.5 million; nobody was hurt, the mayor’s office said. The frost was "
    "-5 degrees, and 15 boats sank.",
)
GIVEN = (TEA, BRIDGE, STORM)


@pytest.mark.parametrize(
    ("text", "cited", "unknown"),
    [
        ("Rize'de [1]. 1973'te [2][1].", (1, 2), ()),
        ("İkisi de [1, 2].", (1, 2), ()),
        ("Uydurma [4] ve [1].", (1,), (4,)),
        ("Kod: `a[1]` ve\n```\nb[2]\n```", (), ()),
        (r"Formül $a_{[1]}$, $x[1]$, \(y_{[2]}\), $$z[1]$$", (), ()),
        ("Fiyatı $5 [1], öbürü $10 [2]", (1, 2), ()),
        ("[Bağlantı](https://x.y) [1](https://x.y) [1a] [ ]", (), ()),
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
        ("“During that single night **forty** old _plane_ trees fell”", 3),
        ("“during that single night forty <b>old</b> plane trees fell [3].”", 3),
        ("“… trees fell across the roads of the municipality...”", 3),
        ("“Forty old plane trees fell [...] nobody was hurt, [he] said”", 3),
        ("“[F]orty old plane trees fell [...] nobody was hurt”", 3),
        ('"the mayor\'s office said."', 3),
        ("„tolls are paid by card“", 2),
        ("‘the mayor’s office said’", 3),
        ("'the mayor's office said'", 3),
        ("“opened in 1973—tolls are `paid` by card”", 2),
        ("“forty old plane\ntrees fell across”", 3),
        ("“The frost was −5 degrees”", 3),
        ("“nobody was hurt … forty old plane trees”", None),
        ("“The frost was 5 degrees”", None),
        ("“Damage came to 15 million”", None),
        ("“forty old plane tree”", None),
        ("‘elli yaşlı çınar devrildi’", None),
        ("'elli yaşlı çınar devrildi'", None),
        ("„elli yaşlı\nçınar devrildi“", None),
        ("“Iğdır'da yetişmez. Çay, Rize'nin”", None),
        ("“Çay, Artvin'in yağmurlu yamaçlarında yetişir”", None),
    ],
)
def test_a_quotation_must_stand_in_a_passage_word_for_word(quoted: str, number: int | None) -> None:
    (quote,) = citations(f"Metne göre {quoted} [1].", GIVEN).quotes
    assert (quote.text, quote.number) == (quoted[1:-1], number)


@pytest.mark.parametrize(
    ("block", "numbers"),
    [
        ("> forty old plane trees\n> fell across the roads [3]", [3]),
        ("> Çay Artvin'in yamaçlarında yetişir [1]", [None]),
        ("> Çay, Rize'nin yağmurlu yamaçlarında yetişir.\n>\n> — cay.txt [1]", [1]),
        ("> IĞDIR'da yetişmez. [1] The bridge was opened in 1973 [2]", [1]),
        ("> IĞDIR'da yetişmez. [1] The bridge was opened in 1974 [2]", [None]),
        ("Raporda [3]:\n\n> on beş tekne battı, kimse ölmedi", [None]),
        ("> on beş tekne battı, kimse ölmedi\n\n— storm.pdf [3]", [None]),
        ("> Rapora göre “tolls are paid by card” [2] denir", [2]),
        ("Fırtına çıktı [3].\n\n> Bunu ben kendi sözlerimle söylüyorum.", []),
        ("> **Not:** Bunu ben kendi sözlerimle söylüyorum [3].", []),
    ],
)
def test_a_block_quotation_with_a_source_is_checked(block: str, numbers: list[int | None]) -> None:
    found = citations(f"Giriş.\n\n{block}\n\nSonuç.", GIVEN).quotes
    assert [one.number for one in found] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "İstanbul'da kırk ağaç devrildi, Ankara'da on ağaç devrildi [1].",
        "İstanbul’da kırk ağaç devrildi, Ankara’da on ağaç devrildi [1].",
        "They don't know what it was and they can't say it [1].",
        "'tis true what the trees' leaves and the '90s were like, the '80s' end [1].",
        'Boyu 5\' 10" ve eni 6" olan iki boru vardı, 7" olan yoktu [1].',
        "Buna “çay” ya da “siyah çay” denir [1].",
        "- İlk “maddede açılan tırnak\n- kapanmadan ikinciye geçmez” [1]",
    ],
)
def test_apostrophes_and_words_in_marks_are_no_quotations(text: str) -> None:
    assert citations(text, GIVEN).quotes == ()


def test_what_the_passage_says_is_told_in_its_own_words() -> None:
    (quote,) = citations("“**Forty** old … of the municipality” [3]", GIVEN).quotes
    assert quote.held == ("forty old", "of the munici-\npality")


def test_the_passage_cited_behind_a_quotation_comes_first() -> None:
    same = UsedPassage(2, "8", "b.txt", TEA.text)
    (quote,) = citations("“yağmurlu yamaçlarında yetişir” [2]", (TEA, same)).quotes
    assert quote.number == 2


def test_an_answer_that_was_given_nothing_cites_nothing() -> None:
    assert citations("“Bunu kimse böyle söylemedi” [1]", ()) == citations("", ())
