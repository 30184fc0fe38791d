"""The real page: the program in a process, a paced provider, and Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.page.divan_page import Divan
from tests.page.kept_pages import DESKTOP, PHONE, KeptPages
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.chromium import FLAGS, find_chromium
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

expect.set_options(timeout=15_000)


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of the page. While it is open no test with an event loop of its own can
    run, so these come last (`tests/conftest.py`)."""
    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def desktop(browser: Browser) -> Iterator[KeptPages]:
    """Pages on a wide screen."""
    pages = KeptPages(browser, DESKTOP)
    yield pages
    pages.close()


@pytest.fixture(scope="session")
def narrow(browser: Browser) -> Iterator[KeptPages]:
    """Pages on a telephone's screen."""
    pages = KeptPages(browser, PHONE)
    yield pages
    pages.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Note that a test failed, for what it leaves behind."""
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


@pytest.fixture
def pages(request: pytest.FixtureRequest, desktop: KeptPages) -> Iterator[KeptPages]:
    """Pages on a wide screen for one test, which must end without an error in a script."""
    yield desktop
    ended = request.node.get_closest_marker("program_ends") is not None
    desktop.tidy(failed=request.node.stash[FAILED], may_err=ended)


@pytest.fixture
def phones(request: pytest.FixtureRequest, narrow: KeptPages) -> Iterator[KeptPages]:
    """The same on a telephone's screen."""
    yield narrow
    narrow.tidy(failed=request.node.stash[FAILED])


@pytest.fixture
def context(pages: KeptPages) -> BrowserContext:
    """A browser for pages that a test loads by itself."""
    return pages.context


@pytest.fixture
def held(provider: PacedProvider) -> Iterator[PacedProvider]:
    """The provider, with answers that wait until the test lets them go on."""
    provider.hold()
    yield provider
    provider.release()


@pytest.fixture
def divan(pages: KeptPages, app: DivanApp, held: PacedProvider) -> Divan:
    """A loaded page with an empty chat."""
    return pages.open(app.url)


@pytest.fixture
def other(pages: KeptPages, app: DivanApp) -> Divan:
    """The same in another tab of the browser."""
    return pages.open(app.url, 1)


@pytest.fixture
def phone(phones: KeptPages, app: DivanApp, held: PacedProvider) -> Divan:
    """The same on a telephone's screen."""
    return phones.open(app.url)


@pytest.fixture
def unloaded(context: BrowserContext, app: DivanApp, held: PacedProvider) -> Divan:
    """A page of its own that is not loaded yet."""
    return Divan(context.new_page(), app.url)
