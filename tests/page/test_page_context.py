"""The gauge beside the message box, and the summaries of a chat that fills its model's window."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import divan_app
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

SMALL = """
language: tr
default_model: small
summary: {{model: words}}
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - {{id: small, label: "Küçük", provider: paced, name: uncounted-200, context_window: 2048}}
  - {{id: endless, label: "Sınırsız", provider: paced, name: uncounted-20}}
  - {{id: words, label: "Özetçi", provider: paced, name: words-20, price: {{input: 1, output: 2}}}}
"""


@pytest.fixture(scope="module")
def small(
    provider: PacedProvider, desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DivanApp]:
    folder = tmp_path_factory.mktemp("small")
    with divan_app.running(folder, SMALL.format(url=provider.url)) as running:
        yield running
        desktop.forget(running.url)


@pytest.fixture
def page(pages: KeptPages, small: DivanApp) -> Divan:
    return pages.open(small.url)


def talk(divan: Divan, questions: int) -> None:
    for number in range(1, questions + 1):
        divan.write(f"Soru {number}")
        expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(number)
        divan.settled()


def gauge(divan: Divan) -> Locator:
    return divan.page.locator("#context-gauge > button")


def percent(divan: Divan) -> int:
    """How full the gauge says the window is."""
    label = gauge(divan).get_attribute("aria-label") or ""
    return int(label.split("%")[1].split()[0])


def summarised(divan: Divan) -> Locator:
    """The card of the summary in effect, in a chat long enough to have one."""
    talk(divan, 3)
    card = divan.page.locator(".divan-summary-used")
    expect(card).to_be_visible()
    return card


def sent_for(provider: PacedProvider, question: str) -> str:
    """All that a model was sent with a question."""
    asked: list[dict[str, Any]] = [
        one for one in provider.requests if one["messages"][-1]["content"] == question
    ]
    return json.dumps(asked[-1], ensure_ascii=False)


def test_the_gauge_grows_with_the_chat_and_says_what_fills_the_window(page: Divan) -> None:
    expect(gauge(page)).to_be_hidden()
    talk(page, 1)
    expect(gauge(page)).to_have_attribute("title", re.compile("pencerenin %3. kadarı dolu"))
    page.write("Bir soru daha")
    expect(page.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
    page.settled()
    expect(gauge(page)).to_have_attribute("title", re.compile("pencerenin %6. kadarı dolu"))
    gauge(page).click()
    panel = page.page.locator(".divan-gauge")
    expect(panel).to_contain_text("Küçük modelinin penceresi: 2.048 belirteç")
    assert panel.locator("dt").all_text_contents() == ["Konuşma", "Yanıta ayrılan", "Boş"]
    parts = [int(part.replace(".", "")) for part in panel.locator("dd").all_text_contents()]
    assert sum(parts) == 2048
    page.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_gauge_follows_the_chosen_model_and_the_system_prompt(page: Divan) -> None:
    talk(page, 1)
    page.choose("Sınırsız")
    expect(gauge(page)).to_have_class("unknown")
    gauge(page).click()
    panel = page.page.locator(".divan-gauge")
    expect(panel).to_contain_text("Sınırsız modelinin penceresi bilinmiyor")
    page.page.keyboard.press("Escape")
    page.choose("Küçük")
    page.page.locator("#settings .toggle-button").click()
    page.page.get_by_label("Sistem istemi").fill("Çok kısa yaz. " * 40)
    page.page.get_by_label("Sistem istemi").blur()
    expect(gauge(page)).to_have_attribute("title", re.compile("pencerenin %4. kadarı dolu"))
    gauge(page).click()
    expect(panel.locator("dt").first).to_have_text("Sistem istemi")


def test_a_tab_goes_on_to_another_divan(divan: Divan, small: DivanApp) -> None:
    there = Divan(divan.page, small.url).open()
    there.write("Soru 1")
    expect(there.answer).to_contain_text("kelime200")


def test_a_summary_appears_by_itself_and_says_who_wrote_it_and_what_it_cost(page: Divan) -> None:
    card = summarised(page)
    expect(card.locator("summary")).to_contain_text("iletinin özeti")
    expect(card.locator(".divan-facts")).to_contain_text("Özetçi")
    expect(card.locator(".divan-facts")).to_contain_text("$0,000055")
    expect(card.get_by_text("kelime20")).to_be_hidden()
    card.locator("summary").click()
    expect(card.get_by_text("kelime20")).to_be_visible()
    page.reopen()
    expect(page.page.locator(".divan-summary-used")).to_be_visible()


def test_an_edited_summary_is_what_the_model_gets(page: Divan, provider: PacedProvider) -> None:
    card = summarised(page)
    card.locator("summary").click()
    card.get_by_role("button", name="Özeti düzenle").click()
    box = page.page.get_by_label("Özet metni")
    expect(box).to_have_value("".join(f"kelime{n} " for n in range(1, 21)).strip())
    box.fill("")
    page.page.get_by_role("button", name="Kaydet").click()
    expect(page.page.locator("dialog")).to_contain_text("İleti boş.")
    box.fill("Benim **özetim** <b>\n\n- birinci madde")
    page.page.get_by_role("button", name="Kaydet").click()
    expect(page.page.locator("dialog")).to_have_count(0)
    expect(card.locator("strong", has_text="özetim")).to_be_visible()
    expect(card.locator("li")).to_have_text("birinci madde")
    expect(card).to_contain_text("<b>")
    expect(card.locator(".divan-facts")).to_contain_text("siz düzenlediniz")
    page.write("Özetle sor")
    expect(page.page.locator('#chatbot [data-testid="bot"]')).to_have_count(4)
    page.settled()
    assert "Benim **özetim**" in sent_for(provider, "Özetle sor")
    assert "Soru 1" not in sent_for(provider, "Özetle sor")


def test_an_undone_summary_is_not_sent_and_can_be_used_again(
    page: Divan, provider: PacedProvider
) -> None:
    summarised(page).locator("summary").click()
    before = percent(page)
    page.page.get_by_role("button", name="Geri al").click()
    undone = page.page.locator(".divan-summary-off")
    expect(undone).to_contain_text("Geri alındı")
    expect(gauge(page)).to_have_class("high")
    assert percent(page) > before
    undone.get_by_role("button", name="Yeniden kullan").click()
    expect(page.page.locator(".divan-summary-used")).to_be_visible()
    page.page.get_by_role("button", name="Geri al").click()
    expect(undone).to_be_visible()
    page.write("Özetsiz sor")
    expect(page.page.locator('#chatbot [data-testid="bot"]')).to_have_count(4)
    page.settled()
    assert "Summary of the earlier part" not in sent_for(provider, "Özetsiz sor")


def test_what_does_not_fit_is_told_and_stays_in_the_chat(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    catalog = SMALL.format(url=provider.url).replace("model: words", "enabled: false")
    with divan_app.running(tmp_path, catalog) as app:
        page = Divan(context.new_page(), app.url).open()
        talk(page, 4)
        expect(gauge(page)).to_have_class("high over")
        gauge(page).click()
        panel = page.page.locator(".divan-gauge")
        expect(panel).to_contain_text("hepsi sığmıyor")
        expect(panel).to_contain_text("En eski 2 ileti sığmıyor")
        questions = page.page.locator('#chatbot [data-testid="user"]')
        expect(questions.first).to_contain_text("Soru 1")
        talk_on = "Sığmasa da yanıtla"
        page.write(talk_on)
        expect(questions).to_have_count(5)
        page.settled()
        assert "Soru 1" not in sent_for(provider, talk_on)
