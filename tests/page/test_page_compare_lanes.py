"""What can be done with a lane on the real page, and what of it a reload brings back."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.support.paced_provider import PacedProvider


@pytest.fixture
def tab(divan: Divan) -> CompareTab:
    return CompareTab(divan.page, divan.url)


def test_one_lane_is_stopped_and_the_other_goes_on(
    tab: CompareTab, provider: PacedProvider
) -> None:
    tab.begin("hold", "silent").write("Biri dursun")
    expect(tab.answer(1)).to_contain_text("bir iki üç")
    tab.lane(1).locator(".lane-stop").click()
    expect(tab.answer(1).locator(".divan-note")).to_contain_text("Siz durdurdunuz")
    expect(tab.lane(2).locator(".lane-stop")).to_be_visible()
    provider.release()
    tab.settled(2)
    expect(tab.answer(2)).to_contain_text("dört beş")
    expect(tab.answer(1)).not_to_contain_text("dört")


def test_an_answer_is_joined_again_after_a_reload_in_its_middle(
    tab: CompareTab, provider: PacedProvider
) -> None:
    tab.begin("hold", "words").write("Yarıda yenile")
    expect(tab.answer(1)).to_contain_text("bir iki üç")
    tab.settled(2)
    tab.page.reload()
    tab.shown(2)
    expect(tab.answer(1)).to_contain_text("bir iki üç")
    expect(tab.lane(1).locator(".lane-stop")).to_be_visible()
    provider.release()
    tab.settled(1, 2)
    expect(tab.answer(1)).to_contain_text("bir iki üç dört beş")
    expect(tab.lane(1).locator(".lane-stop")).to_be_hidden()


def test_the_chat_goes_on_from_one_lane_in_its_own_tab(
    tab: CompareTab, provider: PacedProvider
) -> None:
    tab.begin("words", "rich").write("Hangisiyle sürsün")
    tab.settled(1, 2)
    tab.lane(2).get_by_role("button", name="Sohbete bununla devam et").click()
    divan = Divan(tab.page, tab.url)
    expect(divan.page.locator("#panel-chat")).to_be_visible()
    expect(divan.answer).to_contain_text("Başlık")
    expect(divan.page.locator("#model label.selected")).to_contain_text("Zengin")
    divan.write("Buradan sürer")
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
    divan.settled()
    sent = provider.requests[-1]
    assert sent["model"] == "rich"
    assert [m["content"] for m in sent["messages"]][::2] == ["Hangisiyle sürsün", "Buradan sürer"]
    assert "Başlık" in sent["messages"][1]["content"]


def test_one_model_fuses_the_answers_and_names_its_sources(
    tab: CompareTab, other: Divan, provider: PacedProvider
) -> None:
    tab.begin("words", "rich").write("Birleştirilecek")
    tab.settled(1, 2)
    tab.page.locator("#compare-fuse").click()
    tab.page.locator('.compare-menu [data-model="long"]').click()
    fused = tab.page.locator("#lane-fused")
    expect(fused.locator(".lane-name")).to_contain_text("Uzun")
    expect(fused).to_contain_text("Kaynakları: Kelimeler, Zengin")
    expect(fused).to_contain_text("kelime200")
    expect(fused.locator(".lane-measures")).to_be_visible()
    sent = json.dumps(provider.requests[-1]["messages"], ensure_ascii=False)
    assert "Birleştirilecek" in sent
    assert "kelime20" in sent
    assert "Başlık" in sent
    assert "Kelimeler" not in sent
    there = tab.on(other, 2)
    expect(there.page.locator("#lane-fused")).to_contain_text("kelime200")


def test_lanes_are_moved_widened_hidden_and_brought_back_and_stay_so(
    tab: CompareTab, other: Divan
) -> None:
    tab.begin("words", "rich", "long").write("Düzen")
    tab.settled(1, 2, 3)
    tab.lane(1).get_by_role("button", name="Sağa taşı").click()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Zengin")
    assert tab.names() == ["Zengin", "Kelimeler", "Uzun"]  # from left to right, at once
    tab.lane(2).get_by_role("button", name="Genişlet").click()
    expect(tab.page.locator("#lane-2.wide")).to_have_count(1)
    tab.lane(3).get_by_role("button", name="Gizle").click()
    tab.shown(2)
    tab = tab.on(other, 2)
    expect(tab.lanes).to_have_text(["Zengin", "Kelimeler"])
    expect(tab.page.locator("#lane-2.wide")).to_have_count(1)
    expect(tab.answer(2)).to_contain_text("kelime20")
    tab.page.get_by_role("button", name="Uzun geri gelsin").click()
    tab.shown(3)
    expect(tab.lanes).to_have_text(["Zengin", "Kelimeler", "Uzun"])
    expect(tab.answer(3)).to_contain_text("kelime200")


def test_models_are_saved_as_a_set_and_opened_by_its_link(tab: CompareTab) -> None:
    tab.begin("rich", "words")
    tab.page.locator("#compare-sets").click()
    menu = tab.page.locator(".compare-menu")
    menu.get_by_label("Setin adı").fill("Günlük ikili")
    menu.get_by_role("button", name="Seçilileri sakla").click()
    expect(menu.locator(".compare-set")).to_contain_text("Zengin · Kelimeler")
    menu.get_by_role("button", name="Günlük ikili setinin bağlantısını kopyala").click()
    link = tab.page.evaluate("() => navigator.clipboard.readText()")
    tab.begin("long", "hold", "silent")
    tab.visit(link.removeprefix(tab.url), 2)
    expect(tab.lanes).to_have_text(["Zengin", "Kelimeler"])
    tab.page.locator("#compare-sets").click()
    menu.get_by_role("button", name="Günlük ikili setini unut").click()
    expect(menu.locator(".compare-set")).to_have_count(0)


def test_a_link_to_models_that_are_gone_says_which(tab: CompareTab) -> None:
    tab.visit("/?compare=words,nobody,rich", 2)
    expect(tab.lanes).to_have_text(["Kelimeler", "Zengin"])
    expect(tab.page.locator(".divan-toast")).to_contain_text("nobody")


def test_a_comparison_in_the_list_opens_in_its_tab(tab: CompareTab) -> None:
    tab.begin("words", "rich").write("Listeden açılacak")
    tab.settled(1, 2)
    chat = tab.chat
    divan = Divan(tab.page, tab.url).new_chat()
    divan.press("Listeden açılacak")
    tab.shown(2)
    expect(tab.answer(1)).to_contain_text("kelime20")
    expect(tab.answer(2).locator(".lane-measures")).to_be_visible()
    assert tab.chat == chat


def test_without_a_websocket_the_lanes_are_asked_for_again_and_again(
    unloaded: Divan, provider: PacedProvider
) -> None:
    tab = CompareTab(unloaded.page, unloaded.url)
    tab.page.route_web_socket("**/ws*", lambda ws: ws.close())
    tab.open("hold", "words").write("Soketsiz")
    expect(tab.answer(1)).to_contain_text("bir iki üç")
    provider.release()
    tab.settled(1, 2)
    expect(tab.answer(1)).to_contain_text("bir iki üç dört beş")
    expect(tab.answer(2)).to_contain_text("kelime20")


def test_only_the_newest_messages_of_a_lane_are_mounted(tab: CompareTab, other: Divan) -> None:
    tab.begin("words", "rich")
    for number in range(1, 5):
        tab.write(f"Soru {number}")
        expect(tab.lane(1).locator(".lane-question").last).to_contain_text(f"Soru {number}")
        expect(tab.page.locator("#compare-send")).to_be_visible()
    tab = tab.on(other, 2)
    messages = tab.lane(1).locator("[data-message]")
    expect(messages).to_have_count(6)
    tab.lane(1).get_by_role("button", name="Daha eski").click()
    expect(messages).to_have_count(8)
    expect(tab.lane(2).locator("[data-message]")).to_have_count(8)
