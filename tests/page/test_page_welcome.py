"""The first look at a Divan whose only ready model does not know the language of the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import divan_app
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

CATALOG = """
language: tr
providers:
  paced: {{format: openai_compatible, base_url: "{url}"}}
models:
  - {{id: tiny, label: "Minik", provider: paced, name: words-20, languages: [en]}}
  - {{id: keyed, label: "Anahtarlı", provider: gemini, name: g, api_key_env: GEMINI_API_KEY}}
"""
ENGLISH = "Give me three ideas for a rainy day in Istanbul."
TURKISH = "Bana İstanbul'da yağmurlu bir gün için üç öneri ver."


@pytest.fixture(scope="module")
def newcomer(
    provider: PacedProvider, desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DivanApp]:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(tmp_path_factory.mktemp("newcomer"), catalog) as running:
        yield running
        desktop.forget(running.url)


@pytest.fixture
def divan(pages: KeptPages, newcomer: DivanApp) -> Divan:
    """A page that is loaded before it is known which models are ready."""
    return pages.open(newcomer.url)


def says(page: Page, prompt: str, notes: int) -> None:
    expect(page.locator("#chatbot .example").first).to_contain_text(prompt)
    expect(page.locator("#chatbot .divan-foreign")).to_have_count(notes)


def test_the_welcome_says_what_to_do_and_its_prompts_are_understood(divan: Divan) -> None:
    page = divan.page
    says(page, ENGLISH, 1)
    expect(page.locator("#chatbot .divan-foreign")).to_contain_text("yalnızca İngilizce bilir")
    page.locator("#chatbot .example").first.click()
    divan.settled()
    expect(page.locator('#chatbot [data-testid="user"]')).to_contain_text(ENGLISH)
    divan.new_chat()
    says(page, ENGLISH, 1)


def test_another_model_brings_the_usual_prompts_back(divan: Divan) -> None:
    page = divan.page
    says(page, ENGLISH, 1)
    divan.choose("Anahtarlı")
    says(page, TURKISH, 0)
    divan.choose("Minik")
    says(page, ENGLISH, 1)


def test_an_english_page_needs_no_such_word(unloaded: Divan, newcomer: DivanApp) -> None:
    english = Divan(unloaded.page, newcomer.url).open("/?lang=en")
    page = english.page
    expect(page.locator('#model [data-state="ready"]')).to_have_count(1)
    says(page, ENGLISH, 0)
    page.click("#new-chat")
    page.locator("#model label", has_text="Anahtarlı").click()
    expect(page.locator("#model-reason")).to_contain_text("GEMINI_API_KEY")
    says(page, ENGLISH, 0)
    expect(page.locator("#chatbot .divan-welcome h1")).to_contain_text("Hello")
