"""From the search to the hit in a comparison: all lanes are marked, and the bar steps through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Locator, expect

from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message, Outcome
from tests.page.divan_page import Divan
from tests.page.test_page_search import FILLING, conversation, count, marks, put, search
from tests.support.divan_app import DivanApp

_MOMENT = "2026-11-20T12:00:00.000Z"
_IS_SEEN = """(lane) => {
  const [hit] = CSS.highlights.get('divan-found-now') ?? [];
  const frame = hit?.startContainer.parentElement.closest(`#lane-${lane} .lane-scroll`);
  if (!frame) return false;
  const range = document.createRange();
  range.setStart(hit.startContainer, hit.startOffset);
  range.setEnd(hit.endContainer, hit.endOffset);
  const [box, seen] = [range, frame].map((one) => one.getBoundingClientRect());
  return box.height > 0 && box.top >= seen.top && box.bottom <= seen.bottom
    && box.left >= 0 && box.right <= innerWidth
    && document.elementFromPoint(box.left + 1, box.top + 1)?.closest('#lanes') !== null;
}"""


def lane_path(model: str, length: int, **texts: str) -> tuple[Message, ...]:
    """What one model was asked and answered, below the common question `q`: filling, but for the
    answers that are named by their number."""
    path = [Message("q", None, "user", "Ortak soru", _MOMENT)]
    for number in range(1, length):
        is_answer = number % 2 == 1
        path.append(
            Message(
                f"{model}{number}",
                path[-1].id,
                "assistant" if is_answer else "user",
                texts.get(f"a{number}", FILLING),
                _MOMENT,
                answer=Answer(model, "paced", _MOMENT, Outcome.COMPLETE) if is_answer else None,
            )
        )
    return tuple(path)


def comparison(title: str, *paths: tuple[Message, ...]) -> Conversation:
    """A chat that compares the models of these paths; the first is the chosen one."""
    answered = [path[1].answer for path in paths]
    models = [answer.model for answer in answered if answer]
    lanes = tuple(
        Lane(model, "comparison", path[-1].id) for model, path in zip(models, paths, strict=True)
    )
    rest = [message for path in paths[1:] for message in path[1:]]
    return replace(
        conversation(title, ["-"]),
        leaf=paths[0][-1].id,
        messages=(*paths[0], *rest),
        comparison=Comparison(lanes),
    )


def seen(divan: Divan, lane: int) -> None:
    """Wait until the hit that is looked at is in view in a lane."""
    divan.page.wait_for_function(_IS_SEEN, arg=lane, polling=30)


def button(divan: Divan, name: str) -> Locator:
    return divan.page.locator("#found").get_by_role("button", name=name)


@pytest.fixture
def mulberries(app: DivanApp) -> str:
    """A comparison with one hit far up in the first lane and two in the second; its title."""
    first = lane_path("words", 30, a3="Bahçede **karadut** var.")
    second = lane_path("rich", 30, a15="karadut reçeli", a29="KARADUT şerbeti")
    return put(app, comparison("Meyveler yan yana", first, second))


@pytest.mark.usefixtures("mulberries")
def test_a_comparison_opens_at_the_first_hit_and_the_bar_steps_through_all_lanes(
    divan: Divan,
) -> None:
    search(divan, "karadut", "Meyveler yan yana")
    expect(divan.page.locator("#lane-2")).to_be_visible()
    expect(count(divan)).to_have_text("1 / 3")
    seen(divan, 1)
    assert marks(divan) == ["karadut", "KARADUT", "karadut"]
    for name, says, lane in (
        ("Sonraki", "2", 2),
        ("Sonraki", "3", 2),
        ("Sonraki", "1", 1),
        ("Önceki", "3", 2),
    ):
        button(divan, name).click()
        expect(count(divan)).to_have_text(f"{says} / 3")
        seen(divan, lane)


@pytest.mark.usefixtures("mulberries")
def test_the_marks_follow_to_the_chat_tab_and_back_and_go_with_escape(divan: Divan) -> None:
    search(divan, "karadut", "Meyveler yan yana")
    expect(count(divan)).to_have_text("1 / 3")
    divan.page.click("#tab-chat")
    expect(count(divan)).to_have_text("1 / 1")
    expect(button(divan, "Diğer sürümlerde")).to_be_visible()
    divan.page.click("#tab-compare")
    expect(count(divan)).to_have_text("1 / 3")
    seen(divan, 1)
    expect(button(divan, "Diğer sürümlerde")).to_be_hidden()
    divan.page.keyboard.press("Escape")
    expect(divan.page.locator("#found")).to_be_hidden()
    assert marks(divan) == []


def test_a_hit_of_another_lane_alone_and_one_further_up_than_the_lanes_show(
    divan: Divan, app: DivanApp
) -> None:
    second = lane_path("rich", 120, a5="burada kocayemiş")
    put(app, comparison("Yalnız ikincide", lane_path("words", 4), second))
    search(divan, "kocayemiş", "Yalnız ikincide")
    expect(count(divan)).to_have_text("1 / 1")
    seen(divan, 2)


def test_a_hit_in_a_lane_that_is_hidden_is_shown_in_the_chat_tab(
    divan: Divan, app: DivanApp
) -> None:
    chat = comparison(
        "Gizli şerit",
        lane_path("words", 4),
        lane_path("rich", 4),
        lane_path("long", 4, a3="yalnız burada ahlat"),
    )
    assert chat.comparison
    first, second, third = chat.comparison.lanes
    hidden = Comparison((first, second, replace(third, shown=False)))
    put(app, replace(chat, comparison=hidden))
    search(divan, "ahlat", "Gizli şerit")
    expect(count(divan)).to_have_text("Görünen şeritlerde geçmiyor")
    button(divan, "Sohbette göster").click()
    expect(divan.answer).to_contain_text("yalnız burada ahlat")
    expect(divan.answer).to_be_visible()
    expect(count(divan)).to_have_text("1 / 1")
    divan.page.click("#tab-compare")
    expect(count(divan)).to_have_text("Görünen şeritlerde geçmiyor")
    button(divan, "Sohbette göster").click()
    expect(divan.answer).to_be_visible()
    expect(count(divan)).to_have_text("1 / 1")


def test_a_comparison_found_by_its_title_says_so(divan: Divan, app: DivanApp) -> None:
    put(app, comparison("Başlıkta muşmula", lane_path("words", 4), lane_path("rich", 4)))
    search(divan, "muşmula", "Başlıkta muşmula")
    expect(divan.page.locator("#lane-2")).to_be_visible()
    expect(count(divan)).to_have_text("Yalnızca başlıkta geçiyor")


def test_a_folded_question_and_what_was_said_before_are_unfolded_for_their_hit(
    divan: Divan, app: DivanApp
) -> None:
    long = "bir satır " * 60 + "sonunda kuşburnu"
    first = lane_path("words", 4, a2=long)
    late = Lane("rich", "comparison", first[-1].id)
    chat = comparison("Katlananlar", first)
    assert chat.comparison
    put(app, replace(chat, comparison=Comparison((*chat.comparison.lanes, late))))
    search(divan, "kuşburnu", "Katlananlar")
    expect(count(divan)).to_have_text("1 / 2")
    seen(divan, 1)
    button(divan, "Sonraki").click()
    expect(count(divan)).to_have_text("2 / 2")
    seen(divan, 2)


@pytest.mark.usefixtures("mulberries")
def test_on_a_phone_the_lane_of_the_hit_comes_into_sight(phone: Divan) -> None:
    phone.page.locator("#sidebar .toggle-button").click()
    search(phone, "karadut", "Meyveler yan yana")
    expect(count(phone)).to_have_text("1 / 3")
    seen(phone, 1)
    button(phone, "Sonraki").click()
    seen(phone, 2)
