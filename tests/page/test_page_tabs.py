"""The three tabs and the address: what a reload, Back and a link bring back, also on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message, Outcome
from engine.identity import now
from storage.codec import encode
from tests.page.divan_page import Divan
from tests.page.test_page_search import conversation, put, texts
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

_AT_END = """() => {
  const scroller = document.querySelector('#chatbot .bubble-wrap');
  const { scrollHeight, scrollTop, clientHeight } = scroller ?? {};
  return scrollHeight > clientHeight && scrollHeight - scrollTop - clientHeight < 2;
}"""


def compared(app: DivanApp, chat_id: str, title: str) -> None:
    """Put a chat that compares two models onto the disk, as the newest one."""
    time = now()
    made = Answer("words", "paced", time, Outcome.COMPLETE)
    question = Message("q1", None, "user", title, time)
    answers = (
        Message("a1", "q1", "assistant", "Birinci", time, answer=made),
        Message("a2", "q1", "assistant", "İkinci", time, answer=made),
    )
    chat = Conversation(
        id=chat_id,
        title=title,
        created=time,
        updated=time,
        model="words",
        comparison=Comparison((Lane("words", "primary", "a1"), Lane("rich", leaf="a2"))),
        leaf="a1",
        messages=(question, *answers),
    )
    (app.chats / f"{chat_id}.json").write_bytes(encode(chat))


def expect_tab(divan: Divan, tab: str) -> None:
    """The tab is chosen, its panel is seen, and no other one's."""
    expect(divan.page.locator("body")).to_have_attribute("data-tab", tab)
    expect(divan.page.locator(f"#panel-{tab}")).to_be_visible()
    expect(divan.page.locator(f"#tab-{tab}")).to_have_attribute("aria-selected", "true")
    expect(divan.page.locator('#tabs [aria-selected="true"]')).to_have_count(1)


def test_a_tab_stays_over_a_reload_and_back_leaves_it(divan: Divan) -> None:
    divan.write("Sekmeli")
    divan.settled()
    divan.page.click("#tab-leaderboard")
    expect_tab(divan, "leaderboard")
    divan.page.reload()
    expect_tab(divan, "leaderboard")
    expect(divan.page).to_have_title("Sekmeli – Divan")
    divan.page.go_back()
    expect_tab(divan, "chat")
    expect(divan.answer).to_contain_text("kelime20")
    assert "tab=" not in divan.page.url


def test_a_comparison_opens_in_its_tab_and_any_other_chat_in_the_chats(
    divan: Divan, app: DivanApp
) -> None:
    compared(app, "20261001-100000-aaaaaa", "Karşılaştırılan")
    divan.write("Karşılaştırılmayan")
    divan.settled()
    divan.press("Karşılaştırılan")
    expect_tab(divan, "compare")
    divan.press("Karşılaştırılmayan")
    expect_tab(divan, "chat")
    divan.page.go_back()
    expect_tab(divan, "compare")
    divan.page.click("#tab-chat")
    expect_tab(divan, "chat")
    divan.page.reload()
    expect_tab(divan, "chat")
    expect(divan.answer).to_contain_text("Birinci")


def test_a_link_to_models_opens_the_comparison(divan: Divan) -> None:
    divan.page.goto(divan.url + "/?compare=words,rich")
    expect_tab(divan, "compare")
    expect(divan.page.locator(".lane-name")).to_have_text(["Kelimeler", "Zengin"])
    divan.page.reload()
    expect_tab(divan, "compare")
    expect(divan.page.locator(".lane-name")).to_have_text(["Kelimeler", "Zengin"])


@pytest.mark.parametrize("away", ["compare", "documents"])
def test_an_answer_that_ended_out_of_sight_is_read_at_its_end(
    divan: Divan, app: DivanApp, held: PacedProvider, away: str
) -> None:
    held.hold(("satır\n\n",) * 60)
    put(app, conversation(f"Uzaktan {away}", texts(20)))
    divan.show(f"Uzaktan {away}")
    divan.choose("Bekleyen")
    divan.write("Nasıl biter?")
    expect(divan.answer).to_contain_text("üç")
    divan.page.click(f"#tab-{away}")
    held.release()
    expect(divan.answer.locator(".divan-meta")).to_have_count(1)
    divan.page.click("#tab-chat")
    expect(divan.answer).to_contain_text("satır")
    divan.page.wait_for_function(_AT_END, polling=30)


def test_an_address_with_a_tab_nobody_knows_opens_the_chat(divan: Divan) -> None:
    divan.open("/?tab=kahve")
    expect_tab(divan, "chat")
    expect(divan.page.locator("#prompt textarea")).to_be_editable()


def test_a_new_chat_begins_where_one_can_write(divan: Divan) -> None:
    divan.page.click("#tab-leaderboard")
    divan.page.click("#new-chat")
    expect_tab(divan, "chat")
    expect(divan.page.locator("#prompt textarea")).to_be_editable()
    divan.page.click("#tab-compare")
    divan.page.click("#new-chat")
    expect_tab(divan, "compare")
    expect(divan.page.locator("#compare-prompt textarea")).to_be_editable()


def test_on_a_phone_nothing_in_the_top_bar_covers_anything_else(phone: Divan) -> None:
    divan = phone
    divan.page.locator("#sidebar:not(.open)").wait_for(state="attached")
    divan.write("Dar ekranda çok uzun bir başlık: çekoslovakyalılaştıramadıklarımızdan mısınız")
    divan.settled()
    divan.page.wait_for_function(
        "() => document.getAnimations().every((one) => one.playState !== 'running')"
    )
    parts = "#tabs button, #branches > button, #theme, #language, .toggle-button, #chat-title"
    boxes = divan.page.evaluate(
        """(parts) => [...document.querySelectorAll(parts)]
            .map((one) => [one.id || one.className, one.getBoundingClientRect().toJSON()])
            .filter(([, box]) => box.width)""",
        parts,
    )
    assert len(boxes) >= 9, json.dumps(boxes)
    for place, (name, a) in enumerate(boxes):
        assert a["left"] >= 0, name
        assert a["right"] <= 390, name
        for other, b in boxes[place + 1 :]:
            apart = a["right"] <= b["left"] or b["right"] <= a["left"]
            apart = apart or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]
            assert apart, (name, other)
    divan.page.click("#tab-leaderboard")
    expect_tab(divan, "leaderboard")
