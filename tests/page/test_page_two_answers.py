"""Answers that stream at the same moment: each stays where it belongs, page and file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.support import divan_app
from tests.support.paced_provider import PacedProvider

CATALOG = """
language: tr
default_model: elma
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - {{id: elma, label: "Elma", provider: paced, name: elma-200-every-20}}
  - {{id: armut, label: "Armut", provider: paced, name: armut-500-every-20}}
  - {{id: kiraz, label: "Kiraz", provider: paced, name: kiraz-300-every-20}}
"""
_WATCH = r"""(fruits) => {
  window.mixed = [];
  const look = () => {
    for (const place of document.querySelectorAll('#chatbot [data-testid=bot], .lane')) {
      const words = fruits.filter((one) => new RegExp(one + '\\d').test(place.textContent));
      if (words.length > 1) window.mixed.push(words.join(' '));
    }
    window.watching = requestAnimationFrame(look);
  };
  look();
}"""
"""Notes every frame in which one answer holds words of two models."""
FRUITS = ["elma", "armut", "kiraz"]


@pytest.fixture(scope="module")
def app(
    provider: PacedProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[divan_app.DivanApp]:
    folder = tmp_path_factory.mktemp("two-answers")
    with divan_app.running(folder, CATALOG.format(url=provider.url)) as running:
        yield running


@pytest.fixture
def watched(unloaded: Divan) -> Divan:
    divan = unloaded.open()
    divan.page.evaluate(_WATCH, FRUITS)
    return divan


def mixed(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.mixed")
    return found


def whole(text: str, word: str, count: int) -> bool:
    """Whether a text holds the numbered words from the first to the last, in their order."""
    return re.findall(rf"{word}(\d+)", text) == [str(n) for n in range(1, count + 1)]


def test_two_chats_that_stream_at_once_are_never_mixed_and_each_keeps_its_stop(
    watched: Divan,
) -> None:
    divan = watched
    divan.write("Elma nedir")
    expect(divan.answer).to_contain_text("elma5 ")
    divan.page.click("#new-chat")
    expect(divan.page.locator("#chatbot [data-testid=bot]")).to_have_count(0)
    divan.choose("Armut")
    divan.write("Armut nedir")
    expect(divan.answer).to_contain_text("armut5 ")
    for title, word in (("Elma nedir", "elma"), ("Armut nedir", "armut")) * 2:
        divan.show(title)
        expect(divan.answer).to_contain_text(f"{word}20 ")
        expect(divan.page.locator("#stop")).to_be_visible()

    running = re.compile(r"\brunning\b")
    expect(divan.rows.filter(has_text="Elma nedir")).not_to_have_class(running)
    expect(divan.page.locator("#stop")).to_be_visible()
    expect(divan.answer).not_to_contain_text("armut500")
    divan.settled()
    assert whole(divan.answer.inner_text(), "armut", 500)
    divan.show("Elma nedir").settled()
    assert whole(divan.answer.inner_text(), "elma", 200)
    assert mixed(divan.page) == []


def test_a_chat_and_a_comparison_that_stream_at_once_are_never_mixed(watched: Divan) -> None:
    divan = watched
    divan.choose("Armut")
    divan.write("Yalnız armut")
    expect(divan.answer).to_contain_text("armut5 ")
    tab = CompareTab(divan.page, divan.url).begin("elma", "kiraz")
    tab.write("İkisi birden")
    expect(tab.lane(1)).to_contain_text("elma5 ")
    expect(tab.lane(2)).to_contain_text("kiraz5 ")
    divan.page.click("#tab-chat")
    divan.show("Yalnız armut")
    expect(divan.page.locator("#stop")).to_be_visible()
    divan.show("İkisi birden")
    divan.page.click("#tab-compare")
    tab.settled(1, 2)
    assert whole(tab.answer(1).inner_text(), "elma", 200)
    assert whole(tab.answer(2).inner_text(), "kiraz", 300)
    divan.page.click("#tab-chat")
    divan.show("Yalnız armut").settled()
    assert whole(divan.answer.inner_text(), "armut", 500)
    assert mixed(divan.page) == []
