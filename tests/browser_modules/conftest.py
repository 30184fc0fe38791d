"""A real Chromium, and a loopback server that gives it the modules of ui/static."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from tests.support.chromium import FLAGS, find_chromium

STATIC = Path(__file__).resolve().parents[2] / "ui" / "static"


class QuietFiles(SimpleHTTPRequestHandler):
    """Serves ui/static; `/` is an empty page in standards mode."""

    def do_GET(self) -> None:
        if self.path.split("?")[0] != "/":
            return super().do_GET()
        body = b"<!doctype html><html lang=tr><meta charset=utf-8><title>t</title><body></body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a test's own output is enough."""


@pytest.fixture(scope="session")
def static_address() -> Iterator[str]:
    """Address of a server that has ui/static at its root."""
    handler = partial(QuietFiles, directory=str(STATIC))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright_driver() -> AsyncIterator[Playwright]:
    async with async_playwright() as driver:
        yield driver


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(playwright_driver: Playwright) -> AsyncIterator[Browser]:
    browser = await playwright_driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """What all pages share: the modules are fetched once."""
    context = await browser.new_context(viewport={"width": 900, "height": 700})
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, static_address: str) -> AsyncIterator[Page]:
    """An empty page of the test server; a script error in it fails the test."""
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(static_address)
    yield page
    await page.close()
    assert errors == []
