"""A comparison in a chat that one model has answered already: each answer has its own author."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.page.compare_tab import CompareTab, shows
from tests.page.divan_page import Divan
from tests.page.drawn_answers import drawn


@pytest.fixture
def tab(divan: Divan) -> CompareTab:
    """The comparison tab of a chat with an answer of "Zengin"."""
    divan.choose("Zengin")
    divan.write("Önce sorulan")
    divan.settled()
    divan.page.click("#tab-compare")
    return CompareTab(divan.page, divan.url).shown(2)


def test_it_begins_with_the_chats_own_model_and_what_was_said_has_its_name(
    tab: CompareTab,
) -> None:
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Zengin")
    expect(tab.answer(1)).to_contain_text("Başlık")
    expect(tab.answer(1).locator(".lane-measures")).to_be_visible()
    before = tab.lane(2).get_by_role("button", name="Önceki konuşma (2 ileti)")
    expect(tab.lane(2).locator(".lane-answer")).to_be_hidden()
    expect(tab.lane(2).get_by_text("Yanıtı burada akacak.")).to_be_visible()
    before.click()
    expect(tab.answer(2).locator(".lane-author")).to_have_text("Önceki konuşma · Zengin")
    expect(tab.answer(2)).to_contain_text("Başlık")
    expect(tab.answer(2).locator(".lane-measures, .lane-diff, .lane-again")).to_have_count(0)
    expect(tab.lane(2).locator(".lane-retry, .lane-continue")).to_have_count(2)
    expect(tab.lane(2).locator(".lane-retry:visible, .lane-continue:visible")).to_have_count(0)
    before.click()
    expect(tab.answer(2)).to_be_hidden()


def test_the_lane_of_another_model_has_its_own_answers_below_what_was_said_before(
    tab: CompareTab,
) -> None:
    tab.write("Şimdi ikisine")
    tab.settled(1, 2, answers=2)
    expect(tab.answer(2).locator(".lane-author")).to_be_hidden()
    expect(tab.lane(2).locator(".lane-answer:visible")).to_have_count(1)
    expect(tab.lane(1).locator(".lane-answer:visible")).to_have_count(2)
    expect(tab.lane(2).locator(".lane-retry")).to_be_visible()


def test_models_chosen_for_the_chat_stay_chosen_when_the_tab_is_opened_again(
    tab: CompareTab,
) -> None:
    other = tab.names()[1]
    tab.chip("Uzun").click()
    tab.shown(3)
    tab.page.click("#tab-chat")
    with drawn(tab.page, shows):
        tab.page.click("#tab-compare")
    assert sorted(tab.names()) == sorted(["Zengin", other, "Uzun"])


def test_it_cannot_be_compared_blindly(tab: CompareTab) -> None:
    tab.page.locator("#compare-blind input").click()
    expect(tab.page.locator(".divan-toast")).to_contain_text("yeni bir sohbette")
    expect(tab.page.locator("#compare-blind input")).not_to_be_checked()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Zengin")
