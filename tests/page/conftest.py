"""The real page: the program in a process, a paced provider, and Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.support import divan_app
from tests.support.chromium import FLAGS, find_chromium
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

expect.set_options(timeout=15_000)
CATALOG = """
language: tr
default_model: words
limits: {{mounted_messages: 6}}
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - id: words
    label: Kelimeler
    provider: paced
    name: words-20
    price: {{input: 1, output: 2}}
  - {{id: slow, label: "Yavaş", provider: paced, name: words-200-every-10}}
  - {{id: hold, label: "Bekleyen", provider: paced, name: hold}}
  - {{id: silent, label: "Sessiz", provider: paced, name: silent}}
  - {{id: rich, label: "Zengin", provider: paced, name: rich}}
  - {{id: busy, label: "Meşgul", provider: paced, name: fail-500}}
  - {{id: keyed, label: "Anahtarlı", provider: gemini, name: g, api_key_env: GEMINI_API_KEY}}
  - {{id: bad, provider: paced, nme: typo}}
"""


@pytest.fixture(scope="session")
def provider() -> Iterator[PacedProvider]:
    server = PacedProvider()
    yield server
    server.close()


@pytest.fixture(scope="session")
def app(provider: PacedProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DivanApp]:
    folder = tmp_path_factory.mktemp("divan")
    with divan_app.running(folder, CATALOG.format(url=provider.url)) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with its file: while it is open no test with an event loop of its own can run."""
    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Divan:
    """The page as a person uses it."""

    page: Page
    url: str

    def open(self, path: str = "/") -> Divan:
        self.page.goto(self.url + path)
        expect(self.page.locator("#prompt textarea")).to_be_attached()  # not every tab shows it
        self.page.wait_for_function("() => window.divan && document.body.dataset.ready")
        return self

    @property
    def answer(self) -> Locator:
        return self.page.locator('#chatbot [data-testid="bot"]').last

    @property
    def rows(self) -> Locator:
        return self.page.locator("#chat-list [data-chat-id]")

    def choose(self, label: str) -> None:
        self.page.locator("#model label", has_text=label).click()

    def write(self, text: str) -> None:
        box = self.page.locator("#prompt textarea")
        box.fill(text)
        box.press("Enter")

    def settled(self) -> None:
        """Wait until no answer runs and the last one has its line of measures."""
        expect(self.page.locator("#stop")).to_be_hidden(timeout=20_000)
        expect(self.answer.locator(".divan-meta")).to_be_visible(timeout=20_000)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def divan(context: BrowserContext, app: DivanApp, provider: PacedProvider) -> Divan:
    provider.hold()
    problems: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    return Divan(page, app.url).open()
