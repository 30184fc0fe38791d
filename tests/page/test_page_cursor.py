"""Whatever a person types next goes into the message box, and what they read stays in view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.page.divan_page import Divan
from tests.support.paced_provider import PacedProvider


def box(divan: Divan) -> Locator:
    return divan.page.locator("#prompt textarea")


def typed(divan: Divan, where: Locator, text: str) -> None:
    """Type as a person does who has not looked where the cursor is."""
    expect(where).to_be_focused()
    where.fill("")
    divan.page.keyboard.type(text)
    expect(where).to_have_value(text)
    where.fill("")


def test_the_cursor_is_in_the_box_after_every_step(divan: Divan) -> None:
    divan.page.reload()
    divan.ready()
    typed(divan, box(divan), "yüklenince")
    divan.write("Bir sohbet")
    divan.settled()
    typed(divan, box(divan), "yanıttan sonra")
    divan.page.click("#new-chat")
    typed(divan, box(divan), "yeni sohbette")
    divan.rows.first.click()
    typed(divan, box(divan), "seçilen sohbette")
    divan.choose("Uzun")
    typed(divan, box(divan), "model seçilince")
    divan.page.click("#tab-compare")
    typed(divan, divan.page.locator("#compare-prompt textarea"), "karşılaştırırken")
    divan.page.click("#tab-chat")
    typed(divan, box(divan), "dönünce")


@pytest.mark.parametrize("focus", ["#theme", "#chatbot", ".divan-copy"])
def test_letters_typed_elsewhere_go_into_the_box(divan: Divan, focus: str) -> None:
    divan.write("Soru")
    divan.settled()
    divan.page.evaluate("() => document.activeElement.blur()")
    if focus != "#chatbot":
        divan.page.locator(focus).first.focus()
    divan.page.keyboard.type("hemen")
    expect(box(divan)).to_have_value("hemen")


def test_letters_of_a_field_stay_in_it(divan: Divan) -> None:
    search = divan.page.locator("#chat-search :is(input, textarea)")
    search.click()
    divan.page.keyboard.type("aranan")
    expect(search).to_have_value("aranan")
    expect(box(divan)).to_have_value("")


def test_the_menu_of_a_chat_stays_open_while_an_answer_scrolls(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("satır\n" * 60)
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.page.locator(".divan-unfold").last.click()
    row = divan.rows.first
    row.hover()
    row.locator("button").last.click()
    menu = divan.page.locator(".divan-menu")
    expect(menu).to_be_visible()
    messages = divan.page.locator("#chatbot .bubble-wrap")
    messages.evaluate("(one) => { one.scrollTop = 0; one.scrollTop = one.scrollHeight; }")
    provider.release()
    divan.settled()
    expect(menu).to_be_visible()
