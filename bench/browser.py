"""A real Chromium that looks at a page as a person would."""

from __future__ import annotations

import itertools
import json
import shutil
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from bench.stored import LAST_STORED

_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "chromium-headless-shell",
)
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PROBE = Path(__file__).with_name("probe.js")
_OPEN_S = 60.0
_REST_S = 1.0
_marks = (f"{number:05d}x" for number in itertools.count())


@dataclass(frozen=True)
class Site:
    """A page that is measured. `ready` is an expression that is true once it can be used."""

    url: str
    provider: str
    box: str
    ready: str
    stored: bool = False


def divan_site(url: str, provider: str, chat: str = "") -> Site:
    """Divan's page, empty or with a stored chat."""
    address = f"{url}/?chat={chat}" if chat else url
    ready = "Boolean(window.divan && document.body.dataset.ready)"
    return Site(address, provider, "#prompt textarea", ready, bool(chat))


def plain_site(url: str, provider: str, stored: bool = False) -> Site:
    """The plain Gradio chat."""
    return Site(url, provider, "textarea", "Boolean(document.querySelector('textarea'))", stored)


@dataclass(frozen=True)
class Seen:
    """One answer as it appeared. Unix times in seconds; `last` is None where it did not come in
    time, which was `gave_up`. `frames` are (time, characters of the answer), one a frame drawn."""

    entered: float
    asked: float
    sent_first: float
    sent_paced: float
    sent_last: float
    first: float
    last: float | None
    gave_up: float
    frames: Sequence[tuple[float, int]]

    @property
    def total_s(self) -> float | None:
        """From Enter to the last token on the screen."""
        return None if self.last is None else self.last - self.entered


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Raises RuntimeError where there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise RuntimeError("no Chromium on the PATH: `apt install chromium`, or any Chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, site: Site, probe: bool = True) -> Iterator[Page]:
    """A fresh page at the site, ready to write in. The `probe` looks at every frame."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    if probe:
        context.add_init_script(path=_PROBE)
    try:
        page = context.new_page()
        page.goto(site.url)
        page.locator(site.box).first.wait_for(timeout=_OPEN_S * 1000)
        page.wait_for_function(f"() => {site.ready}", timeout=_OPEN_S * 1000)
        if site.stored:
            held = f"() => document.body.textContent.includes({json.dumps(LAST_STORED)})"
            page.wait_for_function(held, timeout=_OPEN_S * 1000)
        page.wait_for_timeout(_REST_S * 1000)
        yield page
    finally:
        context.close()


def ask(page: Page, site: Site, limit_s: float, sample: bool = False) -> Seen:
    """Write a question, press Enter and watch the answer until it is there or time is up."""
    mark = next(_marks)
    page.evaluate("([mark, sample]) => benchProbe.arm(mark, sample)", [mark, sample])
    box = page.locator(site.box).first
    box.fill(f"A question mark={mark}")
    page.wait_for_timeout(300)
    box.press("Enter")
    with suppress(TooLate):
        page.wait_for_function("() => benchProbe.last", timeout=limit_s * 1000, polling=100)
    return _seen(page, site, mark)


def _seen(page: Page, site: Site, mark: str) -> Seen:
    shown = page.evaluate("() => ({...benchProbe, arm: null})")
    with urllib.request.urlopen(f"{site.provider.removesuffix('/v1')}/times/{mark}") as answer:  # noqa: S310
        sent = json.loads(answer.read())
    return Seen(
        entered=shown["entered"] / 1000,
        asked=sent["asked"],
        sent_first=sent["first"],
        sent_paced=sent["paced"],
        sent_last=sent["last"] or time.time(),
        first=shown["first"] / 1000,
        last=shown["last"] / 1000 or None,
        gave_up=time.time(),
        frames=[(at / 1000, length) for at, length in shown["frames"]],
    )


def free(page: Page, stop: str = "#stop") -> None:
    """Wait until the next question may be written."""
    page.wait_for_timeout(700)
    if page.locator(stop).count():
        page.locator(stop).wait_for(state="hidden", timeout=_OPEN_S * 1000)
