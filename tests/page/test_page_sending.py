"""What is sent is asked once, where the person is, whatever else is on its way at that moment."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.held_answers import EVENTS, Gate, opens, sends, settles, turns_path
from tests.support.data import CASES
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider


def box(divan: Divan) -> Locator:
    return divan.page.locator("#prompt textarea")


def users(divan: Divan) -> Locator:
    return divan.page.locator('#chatbot [data-testid="user"]')


def a_chat(divan: Divan, question: str) -> None:
    divan.write(question)
    expect(divan.page).to_have_title(f"{question} – Divan")
    divan.settled()
    expect(divan.rows.first).to_contain_text(question)


def questions(app: DivanApp, title: str) -> list[str]:
    """The questions in the file of the chat with this title; there is one such chat."""
    chats = [json.loads(file.read_text(encoding="utf-8")) for file in app.chats.glob("*.json")]
    (chat,) = [chat for chat in chats if chat["title"] == title]
    return [one["content"] for one in chat["messages"] if one["role"] == "user"]


def asked(provider: PacedProvider, question: str) -> int:
    """How often a provider was asked a question."""
    return sum(sent["messages"][-1]["content"] == question for sent in provider.requests)


def test_what_is_sent_while_a_new_chat_is_on_its_way_is_asked_there(
    divan: Divan, app: DivanApp, provider: PacedProvider
) -> None:
    a_chat(divan, "Eski sohbetim")
    gate = Gate(divan.page, opens)
    with gate.holding():
        divan.page.click("#new-chat")
    divan.write("Yeni sohbetin sorusu")
    expect(box(divan)).to_have_value("Yeni sohbetin sorusu")
    gate.let_through()
    expect(divan.page).to_have_title("Yeni sohbetin sorusu – Divan")
    expect(users(divan)).to_contain_text(["Yeni sohbetin sorusu"])
    divan.settled()
    expect(box(divan)).to_have_value("")
    assert asked(provider, "Yeni sohbetin sorusu") == 1
    assert questions(app, "Eski sohbetim") == ["Eski sohbetim"]
    assert questions(app, "Yeni sohbetin sorusu") == ["Yeni sohbetin sorusu"]


def test_a_model_is_not_chosen_for_an_empty_chat_that_is_about_to_be_another(
    divan: Divan, provider: PacedProvider
) -> None:
    gate = Gate(divan.page, opens)
    with gate.holding():
        divan.page.click("#new-chat")
    expect(divan.page.locator("#model")).to_have_attribute("inert", "")
    gate.let_through()
    divan.choose("Bekleyen")
    divan.write("Bekleyene")
    expect(divan.answer).to_contain_text("bir iki üç")
    assert provider.requests[-1]["model"] == "hold"


def test_what_is_sent_while_another_chat_is_on_its_way_is_asked_there(
    divan: Divan, app: DivanApp, provider: PacedProvider
) -> None:
    a_chat(divan, "Gidilen sohbet")
    divan.page.click("#new-chat")
    a_chat(divan, "Terk edilen sohbet")
    gate = Gate(divan.page, opens)
    with gate.holding():
        divan.press("Gidilen sohbet")
    divan.write("Gidilene soru")
    gate.let_through()
    expect(users(divan)).to_contain_text(["Gidilen sohbet", "Gidilene soru"])
    divan.settled()
    assert asked(provider, "Gidilene soru") == 1
    assert questions(app, "Terk edilen sohbet") == ["Terk edilen sohbet"]


def test_what_is_written_stays_with_its_chat_while_the_page_turns(divan: Divan) -> None:
    a_chat(divan, "Taslaklı sohbet")
    box(divan).fill("eski taslak")
    gate = Gate(divan.page, opens)
    with gate.holding():
        divan.page.click("#new-chat")
    expect(box(divan)).to_have_value("")
    box(divan).fill("yeni taslak")
    gate.let_through()
    expect(users(divan)).to_have_count(0)
    expect(box(divan)).to_have_value("yeni taslak")
    divan.press("Taslaklı sohbet")
    expect(users(divan)).to_have_count(1)
    expect(box(divan)).to_have_value("eski taslak")


def test_what_was_sent_to_a_chat_that_is_gone_stays_in_the_box(
    divan: Divan, app: DivanApp, provider: PacedProvider
) -> None:
    a_chat(divan, "Silinecek sohbet")
    chat = divan.page.evaluate("new URLSearchParams(location.search).get('chat')")
    divan.page.click("#new-chat")
    a_chat(divan, "Kalacak sohbet")
    gate = Gate(divan.page, opens)
    row = divan.rows.filter(has_text="Silinecek sohbet").first.element_handle()
    (app.chats / f"{chat}.json").unlink()
    with gate.holding():
        row.evaluate("row => row.click()")
    divan.write("Kime sorulur")
    gate.let_through()
    expect(divan.page.get_by_text("Bu sohbet artık yerinde değil.").first).to_be_visible()
    expect(users(divan)).to_have_count(0)
    expect(box(divan)).to_have_value("Kime sorulur")
    divan.write("Buraya sorulan")  # asked after all that was on its way
    expect(users(divan)).to_contain_text(["Buraya sorulan"])
    assert asked(provider, "Kime sorulur") == 0


def test_a_question_stays_when_the_view_of_the_answer_before_it_comes_late(
    divan: Divan, provider: PacedProvider
) -> None:
    gate = Gate(divan.page, settles)
    with gate.holding():
        divan.write("Önceki soru")
    expect(divan.page.locator("#stop")).to_be_hidden()
    divan.choose("Bekleyen")
    early: list[Request] = []
    divan.page.on("request", lambda one: early.append(one) if sends(one) else None)
    divan.write("Hemen ardından")
    divan.page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(box(divan)).to_have_value("Hemen ardından")
    assert early == []
    gate.let_through()
    expect(users(divan)).to_contain_text(["Önceki soru", "Hemen ardından"])
    expect(divan.answer).to_contain_text("bir iki üç")
    provider.release()
    divan.settled()
    expect(users(divan)).to_contain_text(["Önceki soru", "Hemen ardından"])
    assert asked(provider, "Hemen ardından") == 1


def test_enter_pressed_again_asks_once_and_what_is_written_after_it_stays(
    divan: Divan, provider: PacedProvider
) -> None:
    gate = Gate(divan.page, sends)
    with gate.holding():
        divan.write("Bir kez sor")
    box(divan).press("Enter")
    box(divan).press_sequentially(" ve sonrası")
    gate.let_through()
    divan.settled()
    expect(users(divan)).to_contain_text(["Bir kez sor"])
    expect(box(divan)).to_have_value(" ve sonrası")
    assert asked(provider, "Bir kez sor") == 1


def test_a_question_on_its_way_is_asked_though_the_page_turns_to_a_new_chat(
    divan: Divan, app: DivanApp, provider: PacedProvider
) -> None:
    a_chat(divan, "Sorulan sohbet")
    gate = Gate(divan.page, sends)
    with gate.holding():
        divan.write("Yola çıkan soru")
    divan.page.click("#new-chat")
    expect(box(divan)).to_have_value("")
    gate.let_through()
    expect(divan.page).to_have_title("Divan")
    expect(users(divan)).to_have_count(0)
    expect(box(divan)).to_have_value("")
    divan.press("Sorulan sohbet")
    expect(users(divan)).to_contain_text(["Sorulan sohbet", "Yola çıkan soru"])
    divan.settled()
    expect(box(divan)).to_have_value("")
    assert asked(provider, "Yola çıkan soru") == 1


def test_a_question_sent_while_a_branch_opens_follows_the_branch(
    divan: Divan, provider: PacedProvider
) -> None:
    a_chat(divan, "Çatal")
    divan.write("Birinci yol")
    expect(users(divan)).to_have_count(2)
    divan.settled()
    gate = Gate(divan.page, turns_path)
    divan.page.locator('#chatbot [data-testid="bot"]').first.locator(".divan-branch").click()
    with gate.holding():
        divan.page.locator("dialog input").press("Enter")
    divan.page.keyboard.press("Escape")
    expect(divan.page.locator("dialog")).to_have_count(0)
    divan.write("İkinci yol")
    gate.let_through()
    expect(users(divan)).to_contain_text(["Çatal", "İkinci yol"])
    divan.settled()
    sent = [one["content"] for one in provider.requests[-1]["messages"] if one["role"] == "user"]
    assert sent == ["Çatal", "İkinci yol"]


def test_a_question_on_its_way_is_asked_once_though_the_language_is_changed(
    divan: Divan, provider: PacedProvider
) -> None:
    gate = Gate(divan.page, sends)
    with gate.holding():
        divan.write("Dil değişirken")
    divan.page.click("#language")
    with divan.page.expect_navigation():
        gate.let_through()
    expect(divan.page.locator("#new-chat")).to_have_text("New chat")
    expect(users(divan)).to_contain_text(["Dil değişirken"])
    divan.page.wait_for_function("() => window.divan && document.body.dataset.ready")
    expect(box(divan)).to_have_value("")
    assert asked(provider, "Dil değişirken") == 1


def test_a_question_that_does_not_get_through_stays_and_can_be_sent_again(
    divan: Divan, provider: PacedProvider
) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=500, json={"error": "broken"})

    divan.page.route(EVENTS, fail)
    divan.write("Kaybolma")
    expect(divan.page.locator(".divan-toast")).to_contain_text("Sunucudan yanıt gelmedi")
    expect(box(divan)).to_have_value("Kaybolma")
    divan.page.unroute(EVENTS, fail)
    box(divan).press("Enter")
    expect(users(divan)).to_contain_text(["Kaybolma"])
    divan.settled()
    assert asked(provider, "Kaybolma") == 1


def test_a_question_cut_off_on_its_way_is_in_the_box_when_the_page_has_found_the_server_again(
    divan: Divan, provider: PacedProvider
) -> None:
    def cut(route: Route) -> None:
        route.abort()

    divan.page.route(EVENTS, cut)
    with divan.page.expect_event("load"):  # Gradio loads the page anew, once it can
        with divan.page.expect_event("requestfailed"):
            divan.write("Yolda kaldı")
        divan.page.unroute(EVENTS, cut)
    divan.page.wait_for_function("() => window.divan && document.body.dataset.ready")
    expect(box(divan)).to_have_value("Yolda kaldı")
    box(divan).press("Enter")
    expect(users(divan)).to_contain_text(["Yolda kaldı"])
    divan.settled()
    assert asked(provider, "Yolda kaldı") == 1


@pytest.mark.parametrize("tab", ["chat", "compare"])
def test_keys_of_an_input_method_neither_send_nor_stop(divan: Divan, tab: str) -> None:
    prompt = "#prompt" if tab == "chat" else "#compare-prompt"
    place = divan.page.locator(f"{prompt} textarea")
    if tab == "chat":
        divan.choose("Bekleyen")
    else:
        CompareTab(divan.page, divan.url).begin("hold", "words")
    place.fill("yarım")
    press_as_input_method(divan.page, prompt)
    expect(place).to_have_value("yarım")
    assert "chat=" not in divan.page.url

    place.press("Enter")
    stop = divan.page.locator("#stop" if tab == "chat" else "#compare-stop")
    stop.wait_for()
    press_as_input_method(divan.page, prompt)
    expect(stop).to_be_visible()


def press_as_input_method(page: Page, prompt: str) -> None:
    """Press the keys of the case, and wait for all they may have begun."""
    keys = (CASES / "ime.js").read_text(encoding="utf-8").replace("#prompt", prompt, 1)
    page.evaluate(f"() => {{ {keys} }}")
    page.evaluate("async () => { await fetch('/api/models'); await new Promise(setTimeout); }")


def test_a_model_chosen_while_the_view_of_a_question_is_on_its_way_stays_chosen(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.write("Önceki model")
    divan.settled()
    gate = Gate(divan.page, sends)
    with gate.holding():
        divan.write("Yola çıkan")
    divan.choose("Zengin")
    gate.let_through()
    divan.settled()
    expect(divan.page.locator("#model label.selected")).to_have_text("Zengin")
    divan.reopen()
    expect(divan.page.locator("#model label.selected")).to_have_text("Zengin")
