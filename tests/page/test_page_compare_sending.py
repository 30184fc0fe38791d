"""What is sent to several models is asked where the person is, also while the page is on its way
there."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.page.compare_tab import CompareTab, shows
from tests.page.divan_page import Divan
from tests.page.held_answers import EVENTS, Gate, opens, told
from tests.support.divan_app import DivanApp


@pytest.fixture
def tab(divan: Divan) -> CompareTab:
    tab = CompareTab(divan.page, divan.url).begin("words", "rich")
    tab.write("Eski karşılaştırma")
    tab.settled(1, 2)
    return tab


def questions(app: DivanApp, chat: str) -> list[str]:
    held = json.loads((app.chats / f"{chat}.json").read_text(encoding="utf-8"))
    return [one["content"] for one in held["messages"] if one["role"] == "user"]


def ask(tab: CompareTab, text: str, by: str) -> Locator:
    """Write a question and send it by `enter` or `button`; the message box."""
    box = tab.page.locator("#compare-prompt textarea")
    box.fill(text)
    if by == "enter":
        box.press("Enter")
    else:
        tab.page.click("#compare-send")
    return box


@pytest.mark.parametrize("by", ["enter", "button"])
def test_what_is_sent_while_a_new_chat_is_on_its_way_is_asked_there(
    tab: CompareTab, app: DivanApp, by: str
) -> None:
    old = tab.chat
    gate = Gate(tab.page, opens)
    with gate.holding():
        tab.page.click("#new-chat")
    box = ask(tab, "Yeni karşılaştırma", by)
    expect(box).to_have_value("Yeni karşılaştırma")
    gate.let_through()
    expect(tab.page).to_have_title("Yeni karşılaştırma – Divan")
    tab.settled(1, 2)
    assert tab.chat != old
    assert questions(app, old) == ["Eski karşılaştırma"]
    assert questions(app, tab.chat) == ["Yeni karşılaştırma"]
    expect(box).to_have_value("")


@pytest.mark.parametrize("by", ["enter", "button"])
def test_what_is_sent_before_the_lanes_of_another_chat_are_there_is_asked_in_them(
    tab: CompareTab, app: DivanApp, by: str
) -> None:
    old = tab.chat
    chat = Divan(tab.page, tab.url).new_chat()
    chat.write("Yalnız sorulan")
    chat.settled()
    gate = Gate(tab.page, shows)
    with gate.holding():
        tab.page.click("#tab-compare")
    box = ask(tab, "Yan yana sorulan", by)
    gate.let_through()
    tab.settled(1, answers=2)
    assert tab.chat != old
    assert questions(app, old) == ["Eski karşılaştırma"]
    assert questions(app, tab.chat) == ["Yalnız sorulan", "Yan yana sorulan"]
    expect(box).to_have_value("")


def test_what_is_written_before_the_lanes_are_there_stays_in_the_box(tab: CompareTab) -> None:
    chat = Divan(tab.page, tab.url).new_chat()
    chat.write("Yalnız sorulan")
    chat.settled()
    gate = Gate(tab.page, shows)
    with gate.holding():
        tab.page.click("#tab-compare")
    box = tab.page.locator("#compare-prompt textarea")
    box.fill("Daha bitmedi")
    gate.let_through()
    expect(tab.page.locator("#lanes")).to_have_attribute("data-chat", tab.chat)
    expect(box).to_have_value("Daha bitmedi")
    box.fill("")


def test_what_is_written_stays_in_the_box_where_the_lanes_could_not_be_fetched(
    tab: CompareTab, app: DivanApp
) -> None:
    chat = Divan(tab.page, tab.url).new_chat()
    chat.write("Yalnız sorulan")
    chat.settled()
    tab.page.route(EVENTS, _broken_where_it_shows)
    tab.page.click("#tab-compare")
    expect(tab.page.locator(".divan-toast")).to_be_visible()
    box = tab.page.locator("#compare-prompt textarea")
    box.fill("Sonra sorulan")
    tab.page.unroute(EVENTS)
    tab.page.click("#tab-chat")
    tab.page.click("#tab-compare")
    expect(tab.page.locator("#lanes")).to_have_attribute("data-chat", tab.chat)
    expect(box).to_have_value("Sonra sorulan")
    box.press("Enter")
    tab.settled(1, answers=2)
    assert questions(app, tab.chat) == ["Yalnız sorulan", "Sonra sorulan"]


def _broken_where_it_shows(route: Route) -> None:
    if shows(route.request):
        route.fulfill(status=500, json={"error": "broken"})
    else:
        route.fallback()


def _broken_where_it_opens(route: Route) -> None:
    if opens(route.request):
        route.fulfill(status=500, json={"error": "broken"})
    else:
        route.fallback()


def test_where_the_way_to_a_new_chat_breaks_off_what_was_written_is_kept(
    tab: CompareTab, app: DivanApp
) -> None:
    old = tab.chat
    tab.page.route(EVENTS, _broken_where_it_opens)
    tab.page.click("#new-chat")
    box = tab.page.locator("#compare-prompt textarea")
    expect(tab.page.locator(".divan-toast")).to_be_visible()
    box.fill("Eskisinde sürer")
    box.press("Enter")
    tab.settled(1, 2, answers=2)
    assert questions(app, old)[-1] == "Eskisinde sürer"


def test_a_chip_pressed_while_another_is_on_its_way_is_kept(divan: Divan) -> None:
    tab = CompareTab(divan.page, divan.url).begin("words", "rich")
    gate = Gate(tab.page, lambda request: not told(request))
    with gate.holding():
        tab.chip("Uzun").click()
    tab.chip("Bekleyen").click()
    gate.let_through()
    expect(tab.lanes).to_have_text(["Kelimeler", "Zengin", "Uzun", "Bekleyen"])
