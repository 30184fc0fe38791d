"""A blind comparison on the real page: nobody is named before the vote."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

LABELS = ("Kelimeler", "Zengin")
IDS = ("words", "rich")


@pytest.fixture
def tab(divan: Divan) -> CompareTab:
    return CompareTab(divan.page, divan.url)


def blind(tab: CompareTab, *models: str) -> CompareTab:
    tab.begin(*models)
    tab.page.locator("#compare-blind input").check()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    return tab.shown(2)


def named_in(page: Page) -> list[str]:
    """The names on the page, outside of the chips, which show everything there is to choose from,
    of other chats in the list, and of the ranking by earlier votes."""
    text: str = page.evaluate("""() => {
      const chat = new URLSearchParams(location.search).get('chat');
      const page = document.body.cloneNode(true);
      const others = '#compare-models, #model, #panel-leaderboard, script';
      page.querySelectorAll(others).forEach((part) => part.remove());
      page.querySelectorAll('[data-chat-id]').forEach((row) => {
        if (row.dataset.chatId !== chat) row.remove();
      });
      return page.outerHTML;
    }""")
    return [name for name in (*LABELS, *IDS, "Deneme") if name in text]


def told_to(page: Page, heard: list[str]) -> Callable[[], list[str]]:
    """Watches what Python tells the comparison tab; the result lists the ids in it."""
    page.on(
        "response",
        lambda answer: heard.append(answer.text()) if "/predict" in answer.url else None,
    )
    return lambda: [name for name in IDS if any(f'\\"key\\": \\"{name}' in one for one in heard)]


def test_nobody_is_named_before_the_vote_and_the_vote_is_kept(
    tab: CompareTab, app: DivanApp
) -> None:
    blind(tab, *IDS)
    heard: list[str] = []
    keys = told_to(tab.page, heard)
    tab.write("Kör soru")
    left, right = tab.answer(1), tab.answer(2)
    vote = tab.page.locator("#compare-vote")
    expect(vote.get_by_role("button")).to_have_count(4)
    expect(left).to_contain_text("kelime20" if "kelime" in left.inner_text() else "Başlık")
    assert named_in(tab.page) == []
    assert keys() == []
    expect(left.locator(".lane-measures")).to_have_count(0)
    tab.page.locator("#tab-chat").click()
    expect(tab.page.locator("#chatbot")).to_contain_text("Kör soru")
    assert named_in(tab.page) == []
    tab.page.locator("#tab-compare").click()
    tab.shown(2)
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    winner = "words" if "kelime" in right.inner_text() else "rich"
    vote.get_by_role("button", name="B daha iyi").click()
    expect(vote).to_contain_text("B dediniz")
    assert sorted(tab.names()) == sorted(LABELS)
    tab.settled(1, 2)
    lines = (app.data / "votes.jsonl").read_text("utf-8").splitlines()
    line = json.loads(lines[-1])
    assert (line["chat"], line["vote"]) == (tab.chat, "right")
    assert line["right"] == winner
    assert {line["left"], line["right"]} == set(IDS)


def test_the_same_two_are_asked_until_the_vote_and_a_new_round_is_another_chat(
    tab: CompareTab, provider: PacedProvider
) -> None:
    blind(tab, *IDS).write("Birinci kör")
    vote = tab.page.locator("#compare-vote")
    expect(vote.get_by_role("button")).to_have_count(4)
    first = tab.chat
    before = len(provider.requests)
    tab.write("İkinci kör")
    expect(tab.lane(2).locator(".lane-answer")).to_have_count(2)
    expect(vote.get_by_role("button")).to_have_count(4)
    asked = provider.requests[before:]
    assert sorted(one["model"] for one in asked) == ["rich", "words-20"]
    assert [len(one["messages"]) for one in asked] == [3, 3]
    vote.get_by_role("button", name="Berabere").click()
    expect(vote).to_contain_text("Berabere dediniz")
    vote.get_by_role("button", name="Yeni tur").click()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    expect(tab.page.locator(".lane-answer")).to_have_count(0)
    tab.write("Üçüncü kör")
    expect(vote.get_by_role("button")).to_have_count(4)
    assert tab.chat != first


def chosen(tab: CompareTab) -> Locator:
    """The chips that are chosen."""
    return tab.page.locator("#compare-models label:has(input:checked)")


def draw_anew(tab: CompareTab) -> None:
    """Begin another round, and wait until it is planned."""
    tab.page.locator("#compare-vote").get_by_role("button", name="Yeni tur").click()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    expect(tab.page.locator(".lane-answer")).to_have_count(0)


def pool_of(app: DivanApp, chat: str) -> set[str]:
    """The models a round was drawn from, by what the chat's file says."""
    kept = json.loads((app.chats / f"{chat}.json").read_text("utf-8"))
    return {lane["model"] for lane in kept["comparison"]["lanes"]}


def test_another_round_is_drawn_from_the_same_pool_also_after_a_reload(
    tab: CompareTab, app: DivanApp
) -> None:
    three = ["Kelimeler", "Uzun", "Zengin"]
    blind(tab, "words", "rich", "long").write("Üçten ikisi")
    vote = tab.page.locator("#compare-vote")
    vote.get_by_role("button", name="Berabere").click()
    expect(chosen(tab)).to_have_count(2)
    expect(tab.page.locator(".lane-folded")).to_have_count(0)
    first = tab.chat
    draw_anew(tab)
    expect(chosen(tab)).to_have_text(three)
    tab.write("Yine üçten ikisi")
    expect(vote.get_by_role("button")).to_have_count(4)
    second = tab.chat
    assert second != first
    assert pool_of(app, second) == {"words", "rich", "long"}
    vote.get_by_role("button", name="Berabere").click()
    expect(vote).to_contain_text("Berabere dediniz")
    tab.page.reload()
    tab.shown(2)
    draw_anew(tab)
    expect(chosen(tab)).to_have_text(three)
    tab.page.reload()
    tab.page.locator("#tab-compare").click()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    expect(chosen(tab)).to_have_text(three)


def test_a_round_may_be_drawn_from_any_number_and_what_fits_stays_when_it_is_not_blind(
    tab: CompareTab,
) -> None:
    blind(tab, *IDS)
    tab.page.get_by_role("button", name="Hazır olanların hepsi").click()
    ready = tab.page.locator('#compare-models label[data-state="ready"]')
    expect(ready).to_have_count(6)
    expect(chosen(tab)).to_have_count(6)
    expect(tab.page.locator("#compare-models input:disabled")).to_have_count(0)
    expect(tab.page.locator("#compare-hint")).to_contain_text("Seçili 6 modelden ikisi çekilir")
    tab.page.locator("#compare-prompt textarea").fill("Kaça olur")
    expect(tab.page.locator("#compare-estimate")).to_contain_text("bilinen ≈ $0,0010")
    tab.page.locator("#compare-blind input").uncheck()
    expect(chosen(tab)).to_have_count(4)
    toast = tab.page.locator(".divan-toast")
    expect(toast).to_contain_text("en çok 4 model durabilir; seçili kalanlar: Kelimeler, Uzun")
    expect(tab.page.locator("#compare-models input:disabled")).not_to_have_count(0)
    expect(tab.page.locator("#compare-all")).to_be_hidden()


def test_a_side_that_fails_tells_nothing_but_that_and_can_be_asked_again(
    tab: CompareTab,
) -> None:
    blind(tab, "busy", "words").write("Biri düşer")
    error = tab.page.locator(".divan-error")
    expect(error).to_contain_text("Bu taraf yanıt veremedi")
    expect(tab.page.locator("#compare-vote")).to_contain_text("iki tarafın da yanıt")
    assert "Deneme" not in named_in(tab.page)
    expect(tab.page.locator(".lane-again")).to_be_visible()


def test_an_open_comparison_cannot_turn_blind_halfway(tab: CompareTab) -> None:
    tab.begin(*IDS).write("Açık soru")
    tab.settled(1, 2)
    tab.page.locator("#compare-blind input").click()
    expect(tab.page.locator(".divan-toast")).to_be_visible()
    expect(tab.page.locator("#compare-blind input")).not_to_be_checked()
    expect(tab.lanes).to_have_text(list(LABELS))
    assert Divan(tab.page, tab.url).rows.count() > 0
