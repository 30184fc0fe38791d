"""Pages of the web that an answer rests on: listed below it, and where its marks lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import divan_app
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import WEB, PacedProvider

CATALOG = """
language: tr
default_model: sourced
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - {{id: sourced, label: "Kaynaklı", provider: paced, name: sourced}}
  - {{id: words, label: "Kelimeler", provider: paced, name: words-20}}
"""
FIRST, SECOND = WEB["citations"]


@pytest.fixture(scope="module")
def app(
    provider: PacedProvider,
    desktop: KeptPages,
    narrow: KeptPages,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[DivanApp]:
    folder = tmp_path_factory.mktemp("sources")
    with divan_app.running(folder, CATALOG.format(url=provider.url)) as running:
        yield running
        desktop.forget(running.url)
        narrow.forget(running.url)


def _leads(answer: Locator) -> None:
    """The marks and the list lead to the sources, in a tab that cannot reach back."""
    marks = answer.locator("p a.divan-cite")
    expect(marks).to_have_text(["1", "2"])
    expect(marks.first).to_have_attribute("href", FIRST)
    listed = answer.locator(".divan-web")
    expect(listed.locator("summary")).to_have_text("Kaynaklar (2)")
    expect(listed.locator("li")).to_have_count(2)
    expect(listed.locator("li").nth(1)).to_contain_text("kule.example")
    expect(listed).to_contain_text("Boğaziçi Köprüsü <b>1973</b>")
    links = answer.locator(".divan-web a, p a.divan-cite")
    expect(links).to_have_count(6)
    for link in links.all():
        assert link.get_attribute("href") in (FIRST, SECOND)
        assert link.get_attribute("target") == "_blank"
        assert set((link.get_attribute("rel") or "").split()) == {"noopener", "noreferrer"}
    expect(answer.locator("code a")).to_have_count(0)
    expect(answer).to_contain_text("Olmayan [9]")


def test_an_answer_lists_its_sources_and_its_marks_lead_there(divan: Divan) -> None:
    divan.write("Köprü ne zaman açıldı?")
    divan.settled()
    _leads(divan.answer)
    expect(divan.answer.locator(".divan-facts")).to_contain_text("11 (9 önbellekten) → 22 belirteç")
    divan.reopen()
    _leads(divan.answer)


def test_a_lane_lists_its_sources_and_its_marks_lead_there(divan: Divan) -> None:
    lanes = CompareTab(divan.page, divan.url).begin("sourced", "words")
    lanes.write("Köprü ne zaman açıldı?")
    _leads(lanes.answer(1))
    expect(lanes.answer(1)).to_contain_text("11 (9 önbellekten) → 22 belirteç")
    expect(lanes.answer(2).locator(".divan-web")).to_have_count(0)


def test_a_telephone_has_room_for_the_sources(phone: Divan) -> None:
    phone.write("Köprü ne zaman açıldı?")
    phone.settled()
    _leads(phone.answer)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
