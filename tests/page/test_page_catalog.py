"""models.yaml is edited while a page is open: no restart, no reload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

NEW = "  - {id: brand-new, label: Yepyeni, provider: paced, name: words-20}\n"


@pytest.fixture(scope="module")
def edited(provider: PacedProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DivanApp]:
    """A program of its own, whose catalog the tests change."""
    folder = tmp_path_factory.mktemp("edited")
    with divan_app.running(folder, CATALOG.format(url=provider.url)) as running:
        yield running


@pytest.fixture
def catalog(edited: DivanApp, provider: PacedProvider) -> Iterator[Path]:
    """The file of the running program, put back afterwards."""
    path, written = edited.folder / "models.yaml", CATALOG.format(url=provider.url)
    path.write_text(written, encoding="utf-8")
    yield path
    path.write_text(written, encoding="utf-8")


@pytest.fixture
def page(context: BrowserContext, edited: DivanApp, catalog: Path) -> Divan:
    return Divan(context.new_page(), edited.url).open()


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_model_that_is_added_while_the_page_is_open_can_be_asked(
    page: Divan, catalog: Path
) -> None:
    page.write("Önce")
    page.settled()
    append(catalog, NEW)
    chip = page.page.locator("#model label", has_text="Yepyeni")
    expect(chip).to_have_attribute("data-state", "ready")
    page.choose("Yepyeni")
    page.write("Sonra")
    page.settled()
    expect(page.answer).to_contain_text("Yepyeni")


def test_a_model_that_is_added_can_be_compared(page: Divan, catalog: Path) -> None:
    append(catalog, NEW)
    expect(page.page.locator("#model label", has_text="Yepyeni")).to_have_count(1)
    tab = CompareTab(page.page, page.url).begin("words", "brand-new")
    tab.write("Karşılaştır")
    tab.settled(1, 2)
    assert tab.names() == ["Kelimeler", "Yepyeni"]


def test_a_model_that_is_removed_makes_place_and_the_chat_says_so(
    page: Divan, catalog: Path
) -> None:
    append(catalog, NEW)
    page.page.locator("#model label", has_text="Yepyeni").click()
    page.write("Soru")
    page.settled()
    catalog.write_text(catalog.read_text(encoding="utf-8").replace(NEW, ""), encoding="utf-8")
    expect(page.page.locator("#model label", has_text="Yepyeni")).to_have_count(0)
    expect(page.page.locator("#notices")).to_contain_text("brand-new")
    expect(page.page.locator("#model label", has_text="Kelimeler").locator("input")).to_be_checked()
    page.write("Yine")
    page.settled()
    expect(page.answer).to_contain_text("Kelimeler")


def test_a_broken_edit_keeps_the_models_and_is_said_until_it_is_right(
    page: Divan, catalog: Path
) -> None:
    whole = catalog.read_text(encoding="utf-8")
    notices = page.page.locator("#notices")
    catalog.write_text(whole + "  - {id: half, provider: pa", encoding="utf-8")
    expect(notices).to_contain_text("YAML")
    expect(page.page.locator("#model label", has_text="Kelimeler")).to_have_count(1)
    page.write("Soru")
    page.settled()
    catalog.write_text(whole, encoding="utf-8")
    expect(notices).not_to_contain_text("YAML")


def test_many_mistakes_in_the_file_leave_room_for_the_conversation(
    page: Divan, catalog: Path
) -> None:
    page.page.set_viewport_size({"width": 390, "height": 844})
    append(catalog, "".join(f"  - {{id: wrong-{n}, provider: paced, nme: x}}\n" for n in range(30)))
    notices = page.page.locator("#notices")
    expect(notices.locator("[data-notice]")).to_have_count(31)
    box, composer = notices.bounding_box(), page.page.locator("#composer").bounding_box()
    assert box is not None
    assert composer is not None
    assert box["height"] <= 0.3 * 844 + 1
    assert composer["y"] + composer["height"] <= 844
    last = notices.locator("[data-notice]").last
    last.scroll_into_view_if_needed()
    shown = last.bounding_box()
    assert shown is not None
    assert shown["y"] >= box["y"]
    assert shown["y"] + shown["height"] <= box["y"] + box["height"] + 1
