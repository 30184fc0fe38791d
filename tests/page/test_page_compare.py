"""Models side by side on the real page, asked at a server that others wrote: what each is sent,
and what happens to the others when one fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import aimock, divan_app
from tests.support.divan_app import DivanApp

MODELS = ("model-a", "model-b", "model-c")
TURNS = ("Birinci soru", "İkinci soru", "Üçüncü soru")
CATALOG = """
providers:
  one: {{format: openai_compatible, base_url: "{openai}", label: Bir}}
  two: {{format: ollama, base_url: "{ollama}", label: İki}}
  three: {{format: gemini, base_url: "{gemini}", label: Üç, api_key_env: TEST_KEY}}
models:
  - {{id: a, label: Lale, provider: one, name: model-a, price: {{input: 1, output: 2}}}}
  - {{id: b, label: Sümbül, provider: two, name: model-b, max_retries: 0}}
  - {{id: c, label: Karanfil, provider: three, name: model-c}}
"""


def said(model: str, turn: str) -> str:
    return f"{model} der ki: {turn} için yanıtım budur, ve öbürleri konuşurken sürer gider"


def fixtures() -> list[dict[str, object]]:
    failing = {"model": "model-b", "userMessage": "Biri düşsün", "sequenceIndex": 0}
    error = {"error": {"message": "down", "type": "error"}, "status": 500}
    answers = [aimock.says_as(m, turn, said(m, turn)) for m in MODELS for turn in TURNS]
    falls = [{"match": failing, "response": error}]
    others = [
        aimock.says_as(model, question, text)
        for model in MODELS
        for question, text in (("Isınalım", "Hazır"), ("Biri düşsün", f"{model} ayakta"))
    ]
    return [*answers, *falls, *others]


@dataclass
class Served:
    """The program and the server its models are at."""

    app: DivanApp
    mock: str

    def sent_to(self, model: str, since: int) -> list[list[str]]:
        return [texts for name, texts in aimock.received(self.mock)[since:] if name == model]

    def overlap(self, chat: str, question: str) -> float:
        """For how many seconds all answers to a question were being made at the same time, by what
        the chat's file says: however late a slow machine paints them."""
        messages = json.loads((self.app.chats / f"{chat}.json").read_text("utf-8"))["messages"]
        asked = {one["id"] for one in messages if one["content"] == question}
        answers = [one["answer"] for one in messages if one.get("parent") in asked]
        begins = [datetime.fromisoformat(answer["started"]).timestamp() for answer in answers]
        first_words = [b + a["first_token_s"] for b, a in zip(begins, answers, strict=True)]
        ends = [b + a["duration_s"] for b, a in zip(begins, answers, strict=True)]
        return float(min(ends) - max(first_words))


@pytest.fixture(scope="module")
def served(desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with aimock.running(fixtures(), latency=80) as url:
        catalog = CATALOG.format(
            openai=aimock.base_url("openai", url),
            ollama=aimock.base_url("ollama", url),
            gemini=aimock.base_url("gemini", url),
        )
        folder = tmp_path_factory.mktemp("compare")
        with divan_app.running(folder, catalog, environ={"TEST_KEY": "sk-test"}) as app:
            yield Served(app, url)
            desktop.forget(app.url)


@pytest.fixture
def tab(pages: KeptPages, served: Served) -> CompareTab:
    divan = pages.open(served.app.url)
    return CompareTab(divan.page, divan.url).begin("a", "b", "c")


def test_three_models_stream_at_the_same_time_and_each_keeps_its_own_context(
    tab: CompareTab, served: Served
) -> None:
    # A format's library is imported at its first question, which may take as long as an answer.
    tab.write("Isınalım")
    tab.settled(1, 2, 3)
    tab.begin("a", "b", "c")
    since = len(aimock.received(served.mock))
    for count, turn in enumerate(TURNS, start=1):
        tab.write(turn)
        for number, model in enumerate(MODELS, start=1):
            expect(tab.answer(number)).to_contain_text(said(model, turn))
        tab.settled(1, 2, 3, answers=count)
        assert served.overlap(tab.chat, turn) > 0
    told = {m: [text for turn in TURNS for text in (turn, said(m, turn))] for m in MODELS}
    for model, texts in told.items():
        assert served.sent_to(model, since) == [texts[:1], texts[:3], texts[:5]]


def test_in_a_shared_context_all_go_on_from_the_primary(tab: CompareTab, served: Served) -> None:
    since = len(aimock.received(served.mock))
    tab.page.locator("#compare-context label", has_text="Ortak").click()
    expect(tab.page.locator("#compare-hint")).to_contain_text("birincil")
    tab.write(TURNS[0])
    tab.settled(1, 2, 3)
    tab.lane(2).locator(".lane-role").select_option("primary")
    expect(tab.lane(1).locator(".lane-role")).not_to_have_value("primary")
    tab.write(TURNS[1])
    tab.settled(1, 2, 3, answers=2)
    asked = [TURNS[0], said("model-b", TURNS[0]), TURNS[1]]
    assert [served.sent_to(model, since)[1] for model in MODELS] == [asked] * 3
    Divan(tab.page, tab.url).reopen()
    tab.shown(3)
    expect(tab.page.locator("#compare-context input").last).to_be_checked()


def test_one_lane_fails_alone_and_is_asked_again_alone(tab: CompareTab, served: Served) -> None:
    since = len(aimock.received(served.mock))
    tab.write("Biri düşsün")
    expect(tab.lane(2).locator(".divan-error")).to_contain_text("hata verdi")
    tab.settled(1, 3)
    expect(tab.answer(1)).to_contain_text("model-a ayakta")
    expect(tab.answer(3)).to_contain_text("model-c ayakta")
    tab.answer(2).get_by_role("button", name="Yeniden dene").click()
    expect(tab.answer(2)).to_contain_text("model-b ayakta")
    expect(tab.lane(2).locator(".divan-error")).to_have_count(0)
    tab.settled(1, 2, 3)
    assert [len(served.sent_to(model, since)) for model in MODELS] == [1, 2, 1]


def test_the_cost_is_told_before_and_compared_with_what_it_was(tab: CompareTab) -> None:
    tab.page.locator("#compare-prompt textarea").fill(TURNS[0])
    total = tab.page.locator("#compare-estimate")
    expect(total).to_contain_text("$0,001")
    expect(total).to_contain_text("kalanının ücreti bilinmiyor")
    expect(tab.lane(1).locator(".lane-estimate")).to_contain_text("$0,001")
    expect(tab.lane(2).locator(".lane-estimate")).to_contain_text("ücret bilinmiyor")
    tab.page.locator("#compare-send").click()
    tab.settled(1, 2, 3)
    expect(total).to_be_hidden()
    expect(tab.page.locator(".lane-estimate:visible")).to_have_count(0)
    expect(tab.answer(1).locator(".lane-foot")).to_contain_text("tahmin $0,001")
    expect(tab.answer(1).locator(".lane-foot")).to_contain_text("gerçek $0,0000")
    expect(tab.answer(1).locator('[data-measure="first"]')).to_contain_text("sn")
