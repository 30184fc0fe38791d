"""A comparison when something else has changed: its catalog, another page, the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, WebSocketRoute, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.paced_catalog import CATALOG
from tests.page.test_page_gone import without
from tests.support import divan_app
from tests.support.paced_provider import PacedProvider

OUTSIDE = """() => [...document.querySelectorAll('.lane :is(dd, .lane-foot span)')].filter((one) =>
{
  const said = document.createRange();
  said.selectNodeContents(one);
  const end = one.closest('.lane-end').getBoundingClientRect();
  const next = one.parentElement.nextElementSibling?.getBoundingClientRect();
  const { left, right, top } = said.getBoundingClientRect();
  const beside = next && one.tagName === 'DD' && next.top <= top && next.left > left;
  return right > (beside ? next.left : end.right) + 1;
}).map((one) => one.textContent)"""
"""What measures reach out of their lane, or into the next measure."""


@pytest.fixture
def tab(divan: Divan) -> CompareTab:
    return CompareTab(divan.page, divan.url)


def deaf(context: BrowserContext, url: str) -> CompareTab:
    """A page that never hears how the lanes of another page stand, and has no cause to ask."""
    page, causes = context.new_page(), ("comparison", "models")

    def pass_on(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(
            lambda text: None if json.loads(text)["type"] in causes else route.send(text)
        )

    page.route_web_socket("**/ws*", pass_on)
    return CompareTab(page, url)


def test_a_comparison_one_of_whose_models_is_gone_is_read_and_goes_on_with_the_others(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(tmp_path, catalog) as app:
        tab = CompareTab(context.new_page(), app.url).open("words", "rich", "long")
        tab.write("Biri gidecek")
        tab.settled(1, 2, 3)
        address = tab.page.url.removeprefix(app.url)
    with divan_app.running(tmp_path, without(catalog, "rich")) as app:
        tab = CompareTab(context.new_page(), app.url).visit(address, 3)
        expect(tab.answer(2)).to_contain_text("Başlık")
        expect(tab.lane(2).locator(".lane-reason")).to_contain_text("katalogda yok")
        tab.page.locator("#compare-prompt textarea").fill("Ne tutar")
        expect(tab.page.locator("#compare-estimate")).to_be_visible()
        tab.page.locator("#compare-models label", has_text="Meşgul").click()
        tab.shown(4)
        tab.lane(4).get_by_role("button", name="Gizle").click()
        tab.shown(3)
        tab.write("Öbürleriyle sürsün")
        tab.shown(2)
        tab.settled(1, 2, answers=2)
        expect(tab.lanes).to_have_text(["Kelimeler", "Uzun"])
        tab.page.get_by_role("button", name="rich geri gelsin").click()
        tab.shown(3)
        expect(tab.answer(2)).to_contain_text("Başlık")
        tab.lane(3).get_by_role("button", name="Sohbete bununla devam et").click()
        expect(tab.page.locator("#chatbot")).to_contain_text("kelime200")


def test_an_event_that_fails_is_told_and_can_be_tried_again(tab: CompareTab) -> None:
    tab.begin("words", "rich").write("Düşecek")
    tab.settled(1, 2)
    tab.page.route("**/predict*", lambda route: route.fulfill(status=500, body="{}"))
    tab.lane(1).get_by_role("button", name="Genişlet").click()
    expect(tab.page.locator(".divan-toast")).to_contain_text("Sunucudan yanıt gelmedi")
    tab.page.unroute("**/predict*")
    tab.lane(1).get_by_role("button", name="Genişlet").click()
    expect(tab.page.locator("#lane-1.wide")).to_have_count(1)


def test_a_page_that_missed_that_a_lane_was_hidden_does_not_ask_it(
    tab: CompareTab, provider: PacedProvider
) -> None:
    tab.begin("words", "rich", "long").write("İki sayfa")
    tab.settled(1, 2, 3)
    other = deaf(tab.page.context, tab.url)
    other.visit(f"/?chat={tab.chat}&tab=compare", 3)
    tab.lane(3).get_by_role("button", name="Gizle").click()
    tab.shown(2)
    before = len(provider.requests)
    other.write("Üçü de sanıyor")
    expect(other.page.locator(".divan-toast")).to_contain_text("başka bir sayfada değişti")
    other.shown(2)
    expect(other.page.locator("#compare-prompt textarea")).to_have_value("Üçü de sanıyor")
    assert len(provider.requests) == before
    other.page.locator("#compare-send").click()
    other.settled(1, 2, answers=2)
    assert [one["model"] for one in provider.requests[before:]].count("words-200") == 0


def test_a_vote_reaches_a_second_page_and_names_the_sides_wherever_they_are_moved(
    tab: CompareTab, other: Divan
) -> None:
    tab.begin("words", "rich")
    tab.page.locator("#compare-blind input").check()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    tab.write("Kör ve iki sayfa")
    vote = tab.page.locator("#compare-vote")
    expect(vote.get_by_role("button")).to_have_count(4)
    there = tab.on(other, 2)
    expect(there.page.locator("#compare-vote").get_by_role("button")).to_have_count(4)
    vote.get_by_role("button", name="A daha iyi").click()
    expect(there.page.locator("#compare-vote")).to_contain_text("A dediniz")
    left, right = tab.names()
    expect(there.lanes).to_have_text([left, right])
    tab.lane(1).get_by_role("button", name="Sağa taşı").click()
    expect(tab.lane(1).locator(".lane-name")).to_have_text(right)
    expect(vote).to_contain_text(f"A: {left}, B: {right}")
    tab.lane(1).get_by_role("button", name="Gizle").click()
    tab.shown(1)
    expect(vote).to_contain_text(f"A: {left}, B: {right}")


def test_a_stopped_lane_is_continued_beside_what_it_had_said(
    tab: CompareTab, provider: PacedProvider
) -> None:
    tab.begin("hold", "words").write("Yarım kalsın")
    expect(tab.answer(1)).to_contain_text("bir iki üç")
    tab.lane(1).locator(".lane-stop").click()
    expect(tab.answer(1).locator(".divan-note")).to_contain_text("Siz durdurdunuz")
    provider.release()
    tab.answer(1).get_by_role("button", name="Sürdür").click()
    expect(tab.answer(1)).to_contain_text("dört beş")
    expect(tab.answer(1)).to_contain_text("bir iki üç")
    expect(tab.versions(1)).to_contain_text("2/2")
    tab.settled(1, 2)


def test_measures_stay_inside_of_lanes_of_any_width(tab: CompareTab) -> None:
    tab.begin("words", "rich", "long").write("Dar şeritler")
    tab.settled(1, 2, 3)
    for width in (900, 1180, 1280, 1440):
        tab.page.set_viewport_size({"width": width, "height": 900})
        assert tab.page.evaluate(OUTSIDE) == [], width
