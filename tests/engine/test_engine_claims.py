"""The sentence of a passage that a claim of an answer rests on."""

from __future__ import annotations

import pytest

from core.documents import UsedPassage
from engine.claims import sentence_behind

FALLEN = "During that single night forty old plane trees fell across the roads of the town."
HURT = "Two roofs were carried away on 14 March, but nobody was hurt near Galata."
STORM = UsedPassage(
    2,
    "7",
    "storm.docx",
    "The municipality counted the losses on the following day and published a short list. "
    f"{FALLEN} {HURT} Electricity returned to the town by the evening of the same day.",
    FALLEN,
)
LEASE = UsedPassage(
    1,
    "8",
    "kira.txt",
    "1. Kiracı kirayı ayın beşinde öder.\n2. Aidat kiraya dâhildir.\n3. Depozito iki aylıktır ve "
    "ev hasarsız bırakılırsa on gün içinde geri ödenir.",
    "",
)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Fırtınada kırk yaşlı çınar devrildi", FALLEN),
        ("Fırtınada 14 Mart'ta iki çatı uçmuş", HURT),
        ("Çınarlar devrilmiş. Galata'da ise kimse yaralanmamış, Galata", HURT),
        ("Forty trees fell. Fortunately nobody was hurt.", HURT),
        ("The losses were counted and published:", STORM.text.partition(". ")[0] + "."),
        ("Orada, Galata'da yaralanan yok\n, ayrıca", HURT),
        ("The and of", FALLEN),
        ("", FALLEN),
    ],
)
def test_the_claims_own_words_decide_and_else_the_question(claim: str, sentence: str) -> None:
    assert sentence_behind(claim, STORM) == sentence


def test_one_clause_of_a_list_is_enough() -> None:
    assert sentence_behind("Aidat kiraya dâhil", LEASE) == "2. Aidat kiraya dâhildir."
