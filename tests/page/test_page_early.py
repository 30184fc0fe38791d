"""What a person clicks while the page is drawn but its scripts are not there yet is done once they
are."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.page.divan_page import Divan

SCRIPTS = "**/static-*/page.js"


def drawn_only(divan: Divan, question: str) -> Route:
    """A chat on a page that was loaded anew and has no scripts yet; letting the route go on brings
    them."""
    divan.write(question)
    divan.settled()
    held: list[Route] = []
    divan.page.route(SCRIPTS, lambda route: held.append(route))
    with divan.page.expect_request(SCRIPTS):
        divan.page.reload(wait_until="commit")
    expect(divan.page.locator('#chatbot [data-testid="user"]')).to_contain_text(question)
    assert divan.page.evaluate("() => window.divan === undefined")
    return held[0]


def test_new_chat_is_not_lost(divan: Divan) -> None:
    scripts = drawn_only(divan, "Önceki sohbet")
    divan.page.click("#new-chat")
    scripts.continue_()
    expect(divan.page).to_have_title("Divan")
    expect(divan.page.locator('#chatbot [data-testid="user"]')).to_have_count(0)


def test_what_is_typed_is_not_lost(divan: Divan) -> None:
    scripts = drawn_only(divan, "Yazılan sohbet")
    divan.page.keyboard.type("hemenn")
    divan.page.keyboard.press("Backspace")
    scripts.continue_()
    expect(divan.page.locator("#prompt textarea")).to_have_value("hemen")
    expect(divan.page.locator("#prompt textarea")).to_be_focused()
