"""Versions in lanes on the real page: walking, going on from one, the difference; and what a
second page of the same comparison sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import aimock, divan_app
from tests.support.divan_app import DivanApp

CATALOG = """
providers:
  one: {{format: openai_compatible, base_url: "{url}", label: Bir}}
models:
  - {{id: a, label: Lale, provider: one, name: model-a}}
  - {{id: b, label: Sümbül, provider: one, name: model-b}}
"""
TURNS = ("Kıştan söz et", "Yazdan söz et", "Güzden söz et", "Bahardan söz et", "Geceden söz et")
FOLLOWED = "Peki sonra"


def fixtures() -> list[dict[str, object]]:
    """Each model says one thing the first time and another when it is asked again."""
    found: list[dict[str, object]] = []
    for model in ("model-a", "model-b"):
        for turn in TURNS:
            match = {"model": model, "userMessage": turn, "sequenceIndex": 0}
            text = f"{model}: {turn}, uzun ve soğuk"
            found.append({"match": match, "response": {"content": text}})
            found.append(aimock.says_as(model, turn, f"{model}: {turn}, kısa ve ılık"))
        found.append(aimock.says_as(model, FOLLOWED, f"{model}: sonra da öyle"))
    return found


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with aimock.running(fixtures()) as url:
        yield url


@pytest.fixture(scope="module")
def served(
    mock: str, desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DivanApp]:
    catalog = CATALOG.format(url=aimock.base_url("openai", mock))
    with divan_app.running(tmp_path_factory.mktemp("versions"), catalog) as app:
        yield app
        desktop.forget(app.url)


@pytest.fixture
def tab(pages: KeptPages, served: DivanApp) -> CompareTab:
    divan = pages.open(served.url)
    return CompareTab(divan.page, divan.url).begin("a", "b")


@pytest.fixture
def there(pages: KeptPages, served: DivanApp) -> Divan:
    """Another page of the program."""
    return pages.open(served.url, 1)


def asked_twice(tab: CompareTab, lane: int, turn: str) -> tuple[str, str]:
    """Ask, and have one lane answer again. Gives its two texts."""
    tab.write(turn)
    tab.settled(1, 2)
    first = tab.answer(lane).locator(".lane-prose").inner_text()
    tab.lane(lane).locator(".lane-head .lane-retry").click()
    expect(tab.versions(lane)).to_contain_text("2/2")
    second = tab.answer(lane).locator(".lane-prose").inner_text()
    assert first != second
    return first, second


def test_a_lane_is_walked_by_keyboard_and_the_next_turn_goes_on_from_there(
    tab: CompareTab, there: Divan, mock: str
) -> None:
    first, second = asked_twice(tab, 2, TURNS[0])
    other = tab.answer(1).locator(".lane-prose").inner_text()
    tab.versions(2).get_by_role("button", name="Önceki sürüm").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.answer(2).locator(".lane-prose")).to_have_text(first)
    expect(tab.versions(2)).to_contain_text("1/2")
    later = tab.versions(2).get_by_role("button", name="Sonraki sürüm")
    expect(later).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.answer(2).locator(".lane-prose")).to_have_text(second)
    tab.page.keyboard.press("Enter")
    expect(tab.answer(2).locator(".lane-prose")).to_have_text(first)
    tab = tab.on(there, 2)
    expect(tab.answer(2).locator(".lane-prose")).to_have_text(first)
    expect(tab.answer(1).locator(".lane-prose")).to_have_text(other)
    tab.write(FOLLOWED)
    tab.settled(1, 2, answers=2)
    sent = [texts for model, texts in aimock.received(mock) if model == "model-b"][-1]
    assert sent == [TURNS[0], first, FOLLOWED]
    fork = tab.lane(2).locator(".lane-answer").first.locator(".lane-versions")
    fork.get_by_role("button", name="Sonraki sürüm").click()
    expect(tab.lane(2).locator(".lane-answer")).to_have_count(1)
    expect(tab.answer(2).locator(".lane-prose")).to_have_text(second)
    expect(tab.lane(1).locator(".lane-answer")).to_have_count(2)


def test_the_chat_follows_the_primary_to_another_version(tab: CompareTab) -> None:
    first, second = asked_twice(tab, 1, TURNS[1])
    bot = tab.page.locator('#chatbot [data-testid="bot"]').last
    tab.page.locator("#tab-chat").click()
    expect(bot).to_contain_text(second)
    tab.page.locator("#tab-compare").click()
    tab.versions(1).get_by_role("button", name="Önceki sürüm").click()
    expect(tab.answer(1).locator(".lane-prose")).to_have_text(first)
    tab.page.locator("#tab-chat").click()
    expect(bot).to_contain_text(first)


def test_an_answer_is_set_beside_another_version_and_beside_another_lane(tab: CompareTab) -> None:
    asked_twice(tab, 1, TURNS[2])
    tab.answer(1).get_by_role("button", name="Farkını göster").click()
    diff = tab.page.get_by_role("dialog", name="Fark")
    expect(diff.locator("h4")).to_have_text(["1. sürüm", "2. sürüm"])
    expect(diff.locator("del").first).to_contain_text("uzun")
    expect(diff.locator("ins").first).to_contain_text("kısa")
    diff.locator("select").select_option(label="Sümbül")
    expect(diff.locator("h4")).to_have_text(["Lale", "Sümbül"])
    expect(diff.locator("ins").first).to_contain_text("b")
    tab.page.keyboard.press("Escape")
    expect(diff).to_have_count(0)


def test_a_second_page_follows_how_the_lanes_stand(tab: CompareTab, there: Divan) -> None:
    first, second = asked_twice(tab, 2, TURNS[3])
    other = tab.on(there, 2)
    expect(other.answer(2).locator(".lane-prose")).to_have_text(second)
    tab.versions(2).get_by_role("button", name="Önceki sürüm").click()
    expect(other.answer(2).locator(".lane-prose")).to_have_text(first)
    tab.lane(2).get_by_role("button", name="Genişlet").click()
    expect(other.page.locator("#lane-2.wide")).to_have_count(1)
    tab.lane(1).get_by_role("button", name="Sağa taşı").click()
    expect(other.lane(1).locator(".lane-name")).to_have_text("Sümbül")
    tab.lane(1).locator(".lane-role").select_option("primary")
    expect(other.lane(1).locator(".lane-role")).to_have_value("primary")
    expect(other.lane(2).locator(".lane-role")).not_to_have_value("primary")
    other.page.locator("#compare-context label", has_text="Ortak").click()
    expect(tab.page.locator("#compare-context input").last).to_be_checked()
    expect(tab.page.locator("#compare-hint")).to_contain_text("birincil")
    other.lane(2).get_by_role("button", name="Gizle").click()
    expect(tab.page.locator(".lane:not(#lane-fused)")).to_have_count(1)
    expect(tab.page.get_by_role("button", name="Lale geri gelsin")).to_be_visible()


def test_a_blind_side_is_walked_without_a_name(tab: CompareTab) -> None:
    tab.page.locator("#compare-blind input").check()
    expect(tab.lane(1).locator(".lane-name")).to_have_text("Model A")
    tab.write(TURNS[4])
    expect(tab.page.locator("#compare-vote").get_by_role("button")).to_have_count(4)
    first = tab.answer(1).locator(".lane-prose").inner_text()
    tab.lane(1).locator(".lane-head .lane-retry").click()
    expect(tab.versions(1)).to_contain_text("2/2")
    expect(tab.answer(1).locator(".lane-diff")).to_have_count(0)
    tab.versions(1).get_by_role("button", name="Önceki sürüm").click()
    expect(tab.answer(1).locator(".lane-prose")).to_have_text(first)
    expect(tab.lanes).to_have_text(["Model A", "Model B"])
    expect(tab.page.locator("#compare-vote").get_by_role("button")).to_have_count(4)
