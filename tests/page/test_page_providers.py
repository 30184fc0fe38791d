"""Every wire format streams through the page: servers that others wrote, and real weights."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import aimock, divan_app, embedded_model
from tests.support.divan_app import DivanApp

ANSWER = "Boğaz'ın iki yakası arasında **vapurla** gidilir; bu yol en güzelidir."
FORMATS = ("gemini", "huggingface", "ollama", "openrouter", "together")
KEYS = {"TEST_KEY": "sk-canary-0123456789abcdef"}


def catalog(url: str) -> str:
    rows, models = [], []
    for name in FORMATS:
        fmt = "openai_compatible" if name in ("openrouter", "together") else name
        rows.append(
            f"  {name}: {{format: {fmt}, base_url: '{aimock.base_url(name, url)}',"
            f" label: {name}, api_key_env: TEST_KEY}}"
        )
        models.append(f"  - {{id: {name}, provider: {name}, name: test-model, label: '{name} x'}}")
    return "\n".join(["providers:", *rows, "models:", *models])


@pytest.fixture(scope="module")
def served(desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DivanApp]:
    with (
        aimock.running([aimock.says("vapur", ANSWER)], latency=120) as url,
        divan_app.running(tmp_path_factory.mktemp("many"), catalog(url), environ=KEYS) as app,
    ):
        yield app
        desktop.forget(app.url)


@pytest.mark.parametrize("name", FORMATS)
def test_a_provider_streams_through_the_page(pages: KeptPages, served: DivanApp, name: str) -> None:
    divan = pages.open(served.url)
    divan.choose(f"{name} x")
    divan.write("Karşıya vapurla mı geçeyim?")
    expect(divan.page.locator(".divan-host")).to_contain_text("Boğaz")
    divan.settled()
    expect(divan.answer).to_contain_text("iki yakası arasında vapurla gidilir; bu yol en güzelidir")
    expect(divan.answer.locator("strong").first).to_have_text("vapurla")
    expect(divan.answer.locator(".divan-error")).to_have_count(0)


def test_the_key_is_nowhere_a_person_or_browser_could_read_it(
    pages: KeptPages, served: DivanApp
) -> None:
    key = KEYS["TEST_KEY"]
    divan = pages.open(served.url)
    config = divan.page.request.get(f"{served.url}/config").text()
    assert "components" in config
    kept = [path.read_text("utf-8") for path in served.chats.rglob("*.json")]
    everywhere = [divan.page.content(), config, served.log, *kept]
    assert [text for text in everywhere if key in text] == []


@pytest.mark.model
def test_a_newcomers_first_message_is_answered_without_key_or_server(
    context: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalog = """
models:
  - id: smollm2
    provider: embedded
    name: smollm2-135m-instruct
    context_window: 2048
    max_output_tokens: 24
    temperature: 0
    price: {input: 0, output: 0}
"""
    folder = tmp_path_factory.mktemp("embedded")
    with divan_app.running(folder, catalog, models=embedded_model.folder()) as app:
        divan = Divan(context.new_page(), app.url).open()
        expect(divan.page.locator("#model label").first).to_have_attribute("data-state", "ready")
        divan.write("What is the capital of France?")
        expect(divan.answer).to_contain_text("Paris", timeout=120_000)
        expect(divan.answer.locator(".divan-facts")).to_contain_text("smollm2", timeout=60_000)
        expect(divan.answer.locator(".divan-facts")).to_contain_text("$0")
