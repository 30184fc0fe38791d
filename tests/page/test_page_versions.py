"""Versions on the real page: regenerate, edit a question, walk between them, come back."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Locator, expect

from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider


def chat_of(divan: Divan) -> Any:
    """The chat the page shows, as it is on disk."""
    return divan.page.evaluate(
        """() => fetch('/api/chats/' + new URLSearchParams(location.search).get('chat'))
            .then((answer) => answer.json())"""
    )


def outcomes(divan: Divan) -> list[str]:
    """How the answers of the shown chat ended, oldest first."""
    return [m["answer"]["outcome"] for m in chat_of(divan)["messages"] if "answer" in m]


def until_one_is(divan: Divan, outcome: str) -> None:
    """Wait until an answer of the shown chat has ended so."""
    divan.page.evaluate(
        """async (outcome) => {
            const id = new URLSearchParams(location.search).get('chat');
            const limit = performance.now() + 15_000;
            while (performance.now() < limit) {
                const { messages } = await (await fetch('/api/chats/' + id)).json();
                if (messages.some((one) => one.answer?.outcome === outcome)) return;
            }
            throw new Error(`no answer is ${outcome}`);
        }""",
        outcome,
    )


def edit(question: Locator) -> None:
    """Press the pencil of a question."""
    question.hover()
    question.get_by_role("button", name="Düzenle").click()


def test_an_answer_is_made_again_by_another_model_and_both_are_kept(divan: Divan) -> None:
    divan.write("Bir daha")
    divan.settled()
    divan.choose("Zengin")
    divan.answer.locator(".divan-again").click()
    expect(divan.answer).to_contain_text("Başlık")
    divan.settled()
    expect(divan.page.locator("#versions")).to_contain_text("2/2")
    divan.answer.get_by_role("button", name="Önceki sürüm").click()
    expect(divan.answer).to_contain_text("kelime20")
    expect(divan.answer.locator(".divan-versions")).to_contain_text("1/2")
    divan.reopen()
    expect(divan.answer).to_contain_text("kelime20")
    divan.answer.get_by_role("button", name="Sonraki sürüm").click()
    expect(divan.answer).to_contain_text("Başlık")


def test_an_edited_question_opens_a_version_with_its_own_future(
    divan: Divan, provider: PacedProvider
) -> None:
    users = divan.page.locator('#chatbot [data-testid="user"]')
    divan.write("İlk hâli")
    divan.settled()
    divan.write("Devamı")
    expect(users).to_have_count(2)
    divan.settled()
    users.first.hover()
    users.first.get_by_role("button", name="Düzenle").click()
    expect(divan.page.locator("#prompt textarea")).to_have_value("İlk hâli")
    expect(divan.page.locator("#notices")).to_contain_text("Soruyu düzenliyorsunuz")
    divan.write("Yeni hâli")
    expect(users).to_have_count(1)
    expect(users.first).to_contain_text("Yeni hâli")
    divan.settled()
    expect(divan.page.locator("#notices")).not_to_contain_text("Soruyu düzenliyorsunuz")
    assert [m["content"] for m in provider.requests[-1]["messages"]] == ["Yeni hâli"]
    users.first.get_by_role("button", name="Önceki sürüm").click()
    expect(users).to_have_count(2)
    expect(users.last).to_contain_text("Devamı")


def test_escape_gives_an_edit_up_and_brings_the_draft_back(divan: Divan) -> None:
    divan.write("Dokunma")
    divan.settled()
    divan.page.locator("#prompt textarea").fill("yarım taslak")
    question = divan.page.locator('#chatbot [data-testid="user"]').first
    edit(question)
    expect(divan.page.locator("#prompt textarea")).to_have_value("Dokunma")
    divan.page.keyboard.press("Escape")
    expect(divan.page.locator("#prompt textarea")).to_have_value("yarım taslak")
    divan.write("Yeni soru")
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
    divan.settled()


def test_a_draft_waits_while_a_question_is_edited_and_sent(divan: Divan) -> None:
    divan.write("Eski hâli")
    divan.settled()
    divan.page.locator("#prompt textarea").fill("bekleyen taslak")
    question = divan.page.locator('#chatbot [data-testid="user"]').first
    edit(question)
    expect(divan.page.locator("#prompt textarea")).to_have_value("Eski hâli")
    divan.write("Daha yeni hâli")
    expect(question).to_contain_text("Daha yeni hâli")
    expect(divan.page.locator("#prompt textarea")).to_have_value("bekleyen taslak")
    divan.settled()


def test_escape_during_an_answer_leaves_the_edit_and_then_stops(divan: Divan) -> None:
    divan.choose("Bekleyen")
    divan.write("Uzun sürecek")
    expect(divan.answer).to_contain_text("bir iki üç")
    question = divan.page.locator('#chatbot [data-testid="user"]').first
    edit(question)
    expect(divan.page.locator("#prompt textarea")).to_have_value("Uzun sürecek")
    divan.page.keyboard.press("Escape")
    expect(divan.page.locator("#prompt textarea")).to_have_value("")
    expect(divan.page.locator("#stop")).to_be_visible()
    divan.page.keyboard.press("Escape")
    divan.settled()
    expect(divan.answer).to_contain_text("durdurdunuz")


def test_a_stopped_answer_is_continued_as_a_version_that_begins_with_it(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("Yarıda kalacak")
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.page.click("#stop")
    divan.settled()
    divan.choose("Kelimeler")
    divan.answer.get_by_role("button", name="Sürdür").click()
    expect(divan.answer).to_contain_text("kelime20")
    divan.settled()
    expect(divan.answer).to_contain_text("bir iki üç kelime1")
    expect(divan.answer.get_by_role("button", name="Sürdür")).to_have_count(0)
    sent = provider.requests[-1]["messages"]
    assert [m["content"].strip() for m in sent[:2]] == ["Yarıda kalacak", "bir iki üç"]
    divan.page.locator("#versions").get_by_role("button", name="Önceki sürüm").click()
    expect(divan.answer).to_contain_text("Siz durdurdunuz")
    expect(divan.answer).not_to_contain_text("kelime1")


def test_a_version_is_compared_with_the_one_beside_it(divan: Divan) -> None:
    divan.write("Farkı göster")
    divan.settled()
    expect(divan.answer.locator(".divan-diff")).to_have_count(0)
    divan.choose("Zengin")
    divan.answer.locator(".divan-again").click()
    expect(divan.answer).to_contain_text("Başlık")
    divan.settled()
    divan.answer.get_by_role("button", name="Öbür sürümle farkı").click()
    dialog = divan.page.locator("dialog")
    expect(dialog).to_contain_text("kelime20")
    expect(dialog).to_contain_text("Başlık")


def test_a_branch_begins_at_an_answer(divan: Divan) -> None:
    divan.write("Buradan ayrıl")
    divan.settled()
    answer = chat_of(divan)["leaf"]
    divan.answer.get_by_role("button", name="Buradan dal aç").click()
    dialog = divan.page.locator("dialog")
    expect(dialog).to_be_visible()
    dialog.locator("input").fill("Yan yol")
    dialog.locator("input").press("Enter")
    expect(dialog).to_have_count(0)
    branches = [(b["name"], b["leaf"]) for b in chat_of(divan)["branches"]]
    assert branches == [("Yan yol", answer)]


def test_two_tabs_that_regenerate_at_once_keep_both_answers(
    divan: Divan, other: Divan, provider: PacedProvider
) -> None:
    divan.write("İkisi birden")
    divan.settled()
    tabs = (divan, other.join(divan))
    for tab in tabs:
        tab.choose("Bekleyen")
    buttons = [tab.answer.locator(".divan-again").element_handle() for tab in tabs]
    for button in buttons:
        button.evaluate("button => button.click()")
    expect(divan.answer).to_contain_text("bir iki üç")
    provider.release()
    for tab in tabs:
        tab.settled()
        expect(tab.page.locator("#versions")).to_contain_text("3/3")
        expect(tab.answer).to_contain_text("dört beş")
    chat = chat_of(divan)
    assert outcomes(divan) == ["complete"] * 3
    assert len({m["parent"] for m in chat["messages"] if "answer" in m}) == 1


def test_stop_ends_the_shown_answer_and_no_other_of_the_chat(
    divan: Divan, context: BrowserContext, app: DivanApp, provider: PacedProvider
) -> None:
    divan.write("Biri dursun")
    divan.settled()
    page = context.new_page()
    page.route_web_socket("**/ws*", lambda ws: ws.close())  # so that it does not join the first
    other = Divan(page, app.url).open(divan.page.url.removeprefix(app.url))
    for tab in (divan, other):
        tab.choose("Bekleyen")
        tab.answer.locator(".divan-again").click()
        expect(tab.answer).to_contain_text("bir iki üç")
    divan.page.click("#stop")
    until_one_is(divan, "stopped")
    assert outcomes(divan) == ["complete", "stopped", "streaming"]
    provider.release()
    other.settled()
    expect(other.answer).to_contain_text("dört beş")
    assert outcomes(divan) == ["complete", "stopped", "complete"]


def test_a_question_follows_the_version_its_page_shows(
    divan: Divan, other: Divan, provider: PacedProvider
) -> None:
    divan.write("Hangisinin ardından")
    divan.settled()
    divan.choose("Zengin")
    divan.answer.locator(".divan-again").click()
    expect(divan.answer).to_contain_text("Başlık")
    divan.settled()
    other.join(divan)
    other.page.locator("#versions").get_by_role("button", name="Önceki sürüm").click()
    expect(other.answer).to_contain_text("kelime20")
    expect(divan.answer).to_contain_text("Başlık")
    divan.write("Bunun ardından")
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
    divan.settled()
    assert provider.requests[-1]["messages"][1]["content"].startswith("# Başlık")


def test_a_new_version_of_an_old_answer_says_where_the_conversation_goes_on(divan: Divan) -> None:
    users = divan.page.locator('#chatbot [data-testid="user"]')
    for number, question in enumerate(("Birinci", "İkinci", "Üçüncü"), start=1):
        divan.write(question)
        expect(users).to_have_count(number)
        divan.settled()
    divan.choose("Bekleyen")
    divan.page.locator("#chatbot .divan-again").first.click()
    expect(users).to_have_count(1)
    expect(divan.answer).to_contain_text("bir iki üç")
    elsewhere = divan.page.locator(".divan-elsewhere")
    expect(elsewhere).to_contain_text("Konuşmanın devamı 1. sürümde (4 ileti).")
    divan.page.click("#stop")
    divan.settled()
    elsewhere.get_by_role("button", name="O sürüme dön").click()
    expect(users).to_have_count(3)
    expect(elsewhere).to_have_count(0)


def test_an_edited_question_says_where_the_conversation_goes_on(divan: Divan) -> None:
    users = divan.page.locator('#chatbot [data-testid="user"]')
    for number, question in enumerate(("Eski soru", "Onun devamı"), start=1):
        divan.write(question)
        expect(users).to_have_count(number)
        divan.settled()
    edit(users.first)
    divan.write("Yeni soru")
    expect(users).to_have_count(1)
    divan.settled()
    elsewhere = divan.page.locator(".divan-elsewhere")
    expect(elsewhere).to_contain_text("Konuşmanın devamı 1. sürümde (2 ileti).")
    divan.write("Onun da devamı")
    expect(users).to_have_count(2)
    divan.settled()
    expect(elsewhere).to_have_count(0)
