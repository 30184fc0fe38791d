"""The speed of a hidden model does not reveal which one it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from statistics import median
from time import monotonic

import pytest
from playwright.sync_api import Page, Response, WebSocketRoute, expect

from tests.page.compare_tab import CompareTab, shows
from tests.page.divan_page import Divan
from tests.page.drawn_answers import A_FRAME, drawn
from tests.page.kept_pages import KeptPages
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.paced_provider import PacedProvider

SPEEDS = """
  - {id: fast, label: "Hızlı", provider: paced, name: words-60}
  - {id: slow, label: "Ağır", provider: paced, name: words-60-every-30}
"""
WATCH = """() => {
  window.lengths = [];
  const look = () => {
    const sides = [1, 2].map((number) =>
      document.querySelector(`#lane-${number} .lane-answer:last-child .divan-answer`));
    if (sides.every(Boolean)) window.lengths.push(sides.map((side) => side.textContent.length));
    requestAnimationFrame(look);
  };
  look();
}"""
"""Notes at every frame how much text each side shows."""
AS_MUCH = re.compile(f"^.{{{len('bir iki üç') - 1},{len('bir iki üç ')}}}$")
A_WORD = len("kelime60 ") + 1
"""What the end of a growing Markdown may keep back."""


@pytest.fixture(scope="module")
def url(
    desktop: KeptPages, provider: PacedProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    catalog = CATALOG.format(url=provider.url) + SPEEDS
    with divan_app.running(tmp_path_factory.mktemp("pace"), catalog) as app:
        yield app.url
        desktop.forget(app.url)


@pytest.fixture
def tab(pages: KeptPages, url: str, held: PacedProvider) -> CompareTab:
    return CompareTab(pages.open(url).page, url)


def blind(tab: CompareTab, *models: str) -> CompareTab:
    tab.begin(*models)
    tab.page.locator("#compare-blind input").check()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    return tab


def said(page: Page) -> list[str]:
    """What each side shows of its newest answer, once what has come is painted."""
    page.evaluate(A_FRAME)
    texts = page.locator(".lane-answer:last-child .divan-answer").all_text_contents()
    return sorted((text.strip() for text in texts), key=len)


def ask(tab: CompareTab, text: str) -> None:
    """Ask, and wait until the page has heard that one side ended: with the question's own answer,
    or with a later one."""
    came: list[Response] = []

    def note(answer: Response) -> None:
        came.append(answer)

    tab.page.on("response", note)
    tab.write(text)
    deadline = monotonic() + 15
    while not (came and tells_an_end(came.pop(0))):
        assert monotonic() < deadline
        if not came:
            tab.page.wait_for_event("response", timeout=15_000)
    tab.page.remove_listener("response", note)
    tab.page.evaluate(A_FRAME)


def tells_an_end(answer: Response) -> bool:
    """Whether the program tells the page of a side whose newest answer has ended."""
    if "/gradio_api/run/" not in answer.url:
        return False
    values = [one for one in answer.json()["data"] if isinstance(one, str) and one[:1] == "{"]
    sheets = [json.loads(one).get("compare", {}).get("sheet", {}) for one in values]
    newest = [lane["messages"][-1:] for sheet in sheets for lane in sheet.get("lanes", ())]
    return any(not message["open"] for (message,) in filter(None, newest))


def both_held(tab: CompareTab) -> None:
    """Wait until both sides show as much as the one that was held has said."""
    for number in (1, 2):
        expect(tab.answer(number).locator(".divan-answer")).to_have_text(AS_MUCH)


def votable(tab: CompareTab) -> None:
    expect(tab.page.locator("#compare-vote").get_by_role("button")).to_have_count(4)
    expect(tab.page.locator(".lane.running")).to_have_count(0)
    expect(tab.page.locator(".lane-stop:visible")).to_have_count(0)


def test_both_sides_show_as_much_as_each_other_at_any_time(tab: CompareTab) -> None:
    blind(tab, "fast", "slow")
    tab.page.evaluate(WATCH)
    tab.write("Kim hızlı?")
    votable(tab)
    for number in (1, 2):
        expect(tab.answer(number)).to_contain_text("kelime60")
    lengths = tab.page.evaluate("window.lengths")
    # Each side paints in its own frames, so one may be behind for a moment on a busy machine.
    assert median(abs(left - right) for left, right in lengths) <= A_WORD
    assert len({left for left, _ in lengths}) > 10


def test_a_side_that_has_ended_looks_as_if_it_ran_until_the_other_has_come_as_far(
    tab: CompareTab, held: PacedProvider
) -> None:
    blind(tab, "words", "hold")
    ask(tab, "Biri bekler")
    both_held(tab)
    expect(tab.page.locator(".lane.running")).to_have_count(2)
    expect(tab.page.locator(".lane-stop:visible")).to_have_count(2)
    expect(tab.page.locator(".lane .divan-painter[aria-busy=true]")).to_have_count(2)
    expect(tab.page.locator("#compare-stop")).to_be_visible()
    held.release()
    votable(tab)
    assert [one.split()[-1] for one in said(tab.page)] == ["beş", "kelime20"]


def test_nothing_is_shown_before_both_have_begun_and_no_failure_either(
    tab: CompareTab, held: PacedProvider
) -> None:
    blind(tab, "words", "silent")
    ask(tab, "Biri susar")
    assert said(tab.page) == ["", ""]
    held.release()
    votable(tab)
    held.hold()
    blind(tab, "busy", "silent")
    ask(tab, "Biri düşer")
    tab.page.evaluate(A_FRAME)
    expect(tab.page.locator(".divan-error")).to_have_count(0)
    expect(tab.page.locator(".lane.running")).to_have_count(2)
    held.release()
    expect(tab.page.locator(".divan-error")).to_have_count(1)
    expect(tab.page.locator(".lane.running")).to_have_count(0)


def test_a_page_loaded_in_the_middle_of_a_round_keeps_the_pace(
    tab: CompareTab, held: PacedProvider
) -> None:
    blind(tab, "words", "hold")
    ask(tab, "Yarıda yüklenir")
    chat = tab.chat
    tab.visit(f"/?chat={chat}&tab=compare", 2)
    both_held(tab)
    expect(tab.page.locator(".lane.running")).to_have_count(2)
    held.release()
    votable(tab)
    assert [one.split()[-1] for one in said(tab.page)] == ["beş", "kelime20"]


def test_a_side_that_is_stopped_goes_on_at_the_pace_and_all_stopped_show_what_came(
    tab: CompareTab,
) -> None:
    blind(tab, "words", "hold")
    ask(tab, "Durdurulur")
    both_held(tab)
    tab.page.locator(".lane", has_text="kelime1").locator(".lane-stop").click()
    tab.page.locator("#compare-stop").click()
    votable(tab)
    assert [one.split()[-1] for one in said(tab.page)] == ["üç", "kelime20"]


@pytest.mark.parametrize("mode", ["Sırayla", "Aynı anda"])
def test_one_after_the_other_nothing_waits_for_a_side_that_has_not_had_its_turn(
    tab: CompareTab, held: PacedProvider, mode: str
) -> None:
    blind(tab, "words", "hold")
    tab.page.locator("#compare-mode label", has_text=mode).click()
    tab.write("Sıra kimde?")
    expect(tab.page.locator(".lane-answer").first).to_contain_text("i")
    held.release()
    votable(tab)
    assert [one.split()[-1] for one in said(tab.page)] == ["beş", "kelime20"]


def test_without_the_websocket_the_sides_keep_the_pace_as_well(
    unloaded: Divan, url: str, held: PacedProvider
) -> None:
    unloaded.page.route_web_socket("**/ws*", lambda ws: ws.close())
    tab = CompareTab(Divan(unloaded.page, url).open().page, url)
    blind(tab, "words", "hold")
    tab.write("Köprüsüz")
    next_sheet(tab)
    expect(tab.page.locator(".lane-answer").last).to_contain_text("i")
    next_sheet(tab)
    both_held(tab)
    held.release()
    votable(tab)
    assert [one.split()[-1] for one in said(tab.page)] == ["beş", "kelime20"]


def test_a_side_that_had_ended_before_the_page_followed_it_is_held_as_well(
    unloaded: Divan, url: str, held: PacedProvider
) -> None:
    unloaded.page.route_web_socket("**/ws*", follow_late)
    tab = CompareTab(Divan(unloaded.page, url).open().page, url)
    blind(tab, "words", "hold")
    ask(tab, "Geç kalan")
    both_held(tab)
    expect(tab.page.locator(".lane.running")).to_have_count(2)
    held.release()
    votable(tab)
    assert [one.split()[-1] for one in said(tab.page)] == ["beş", "kelime20"]


def follow_late(ws: WebSocketRoute) -> None:
    """Lets the page follow turns only once one of two has ended."""
    server, waiting, lengths = ws.connect_to_server(), [], [0]

    def ask(text: str | bytes) -> None:
        late = json.loads(text)["type"] == "follow" and lengths[-2:] != [2, 1]
        if late:
            waiting.append(text)
        else:
            server.send(text)

    def tell(text: str | bytes) -> None:
        said = json.loads(text)
        ws.send(text)
        if said["type"] != "running":
            return
        lengths.append(len(said["turns"]))
        if lengths[-2:] == [2, 1]:
            for follow in waiting:
                server.send(follow)

    ws.on_message(ask)
    server.on_message(tell)


def next_sheet(tab: CompareTab) -> None:
    """Wait until the page has asked once more."""
    with drawn(tab.page, shows):
        pass
