"""Follow-up questions over real documents and the real embedder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.catalog import DocumentRules
from engine.documents import Documents
from engine.follow_up import points_back

FILES = {
    "cay.txt": "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Yapraklar elle toplanır; hasat "
    "mayısta başlar ve sonbahara dek üç kez yapılır.",
    "zeytin.txt": "Zeytin, Ayvalık'ın taşlı bahçelerinde yetişir. Taneler silkelenir; "
    "hasat kasımda başlar ve aralık sonunda biter.",
    "bridge.txt": "The bridge over the Bosphorus was opened in 1973. Tolls are paid by card.",
    "storm.txt": "The storm felled forty plane trees. Electricity returned by the evening.",
}


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    made = Documents(tmp_path / "documents", DocumentRules(whole_characters=0))
    for name, text in FILES.items():
        await made.take("", name, text.encode(), "Belgeler")
    await made.indexing.idle()
    yield made
    await made.shut_down()


async def first(documents: Documents, question: str, *earlier: str) -> tuple[str, str]:
    found = await documents.look_up("", question, earlier)
    return found.passages[0].name if found.passages else "", found.with_question


async def test_a_question_that_points_back_is_searched_with_the_one_before(
    documents: Documents,
) -> None:
    olives, tea = "Zeytin nerede yetişir?", "Çay nerede yetişir?"
    harvest = "Peki orada hasat ne zaman başlar?"
    assert await first(documents, harvest, olives) == ("zeytin.txt", olives)
    assert await first(documents, harvest, tea) == ("cay.txt", tea)
    bridge = "When was the Bosphorus bridge opened?"
    assert await first(documents, "How are they paid?", bridge) == ("bridge.txt", bridge)


async def test_what_a_follow_up_points_to_through_another_is_searched_along(
    documents: Documents,
) -> None:
    chain = ("Çay nerede yetişir?", "Peki nasıl toplanır onlar?")
    assert await first(documents, "Ya onların hasadı?", *chain) == ("cay.txt", " ".join(chain))


async def test_a_question_that_stands_alone_is_searched_alone(documents: Documents) -> None:
    question = "How many plane trees did the storm fell?"
    assert await first(documents, question, "Çay nerede yetişir?") == ("storm.txt", "")


async def test_a_follow_up_of_many_words_that_alone_finds_nothing_is_searched_with_the_one_before(
    documents: Documents,
) -> None:
    storm = "How many plane trees did the storm fell?"
    question = "Did power come back before people went to bed?"
    assert await first(documents, question) == ("", "")
    assert await first(documents, question, storm) == ("storm.txt", storm)


@pytest.mark.parametrize(
    ("question", "best", "expected"),
    [
        ("Peki ya ikincisi?", "", True),
        ("And why did they refuse?", "", True),
        ("Neden?", "", True),
        ("Su kaç derecede kaynar?", "Su yüz derecede kaynar.", False),
        ("NASUWT nedir?", "NASUWT bir sendikadır.", False),
        ("Which river runs through the centre of Warsaw?", "", False),
    ],
)
def test_few_words_or_a_word_for_something_said_point_back(
    question: str, best: str, expected: bool
) -> None:
    assert points_back(question, best) is expected
