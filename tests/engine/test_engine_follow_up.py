"""Follow-up questions over real documents and the real embedder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.catalog import DocumentRules
from engine.documents import Documents

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


async def first(documents: Documents, question: str, *earlier: str) -> str:
    return (await documents.look_up("", question, earlier)).passages[0].name


async def test_a_question_that_points_back_finds_what_the_one_before_is_about(
    documents: Documents,
) -> None:
    olives, tea = "Zeytin nerede yetişir?", "Çay nerede yetişir?"
    harvest = "Peki orada hasat ne zaman başlar?"
    assert await first(documents, harvest, olives) == "zeytin.txt"
    assert await first(documents, harvest, tea) == "cay.txt"
    bridge = "When was the Bosphorus bridge opened?"
    assert await first(documents, "How are they paid?", bridge) == "bridge.txt"


async def test_behind_a_request_about_the_answer_before_its_passages_stay(tmp_path: Path) -> None:
    rules = DocumentRules(whole_characters=0, passages=2)
    documents = Documents(tmp_path / "documents", rules)
    for name, text in FILES.items():
        await documents.take("", name, text.encode(), "Belgeler")
    await documents.indexing.idle()
    for request in ("daha kısa yaz", "translate that into English", "daha basit anlat"):
        found = await documents.look_up("", request, ["Zeytin nerede yetişir?"])
        assert "zeytin.txt" in {one.name for one in found.passages}
    await documents.shut_down()


async def test_a_question_that_stands_alone_finds_its_own_passage_behind_another(
    documents: Documents,
) -> None:
    question = "How many plane trees did the storm fell?"
    assert await first(documents, question, "Çay nerede yetişir?") == "storm.txt"
