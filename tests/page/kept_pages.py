"""Pages that stay open from test to test: to load one takes as long as ten questions.

A test gets a page as it is just after loading: after each test it turns to an empty chat,
forgets what the browser kept, and is compared with what it was when it was loaded. Where anything
differs, the page is reloaded for the next test, in half the time a new page takes. After a test
that failed all pages are closed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect

from tests.page.divan_page import Divan

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)

_LOOK = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const seen = (query) => all(query).filter((one) => one.checkVisibility());
  const value = (query) => document.querySelector(query)?.value ?? '';
  return {
    address: location.href,
    language: document.documentElement.lang,
    classes: [...document.body.classList].sort(),
    data: Object.entries(document.body.dataset).sort(),
    open: seen('dialog, .divan-popover, .divan-toast, .compare-menu').length,
    folded: all('.toggle-button').map((one) => one.ariaExpanded),
    model: document.querySelector('#model label.selected')?.textContent,
    switches: all('[role=switch]').map((one) => one.ariaChecked),
    written: ['#prompt textarea', '#compare-prompt textarea', '#chat-search input',
      '#documents-search input'].map(value),
    notices: seen('#notices > :not([data-notice=set-aside])').map((one) => one.textContent),
    answers: all('#chatbot [data-testid]').length,
    documents: ['[data-document]', '.uploads li', '.results li', '[aria-expanded=true]']
      .map((part) => all(`#panel-documents ${part}`).length),
    pressed: all('#panel-documents [aria-pressed=true]:not(.chip)').length,
    collection: all('#documents-list .chip').slice(1).some((one) => one.ariaPressed === 'true'),
  };
}"""
"""What of the page a test may have left behind."""
_UNREACHED = "Failed to fetch"
"""How an error begins where a test has ended the program, or left a page that still loads."""
_OPEN = "dialog, .divan-popover"
_FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"
_CLOSE = """(open) => {
  document.querySelectorAll('.divan-toast').forEach((one) =>
    one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })));
  return document.querySelectorAll(open).length;
}"""
_NEW_CHAT = (
    "() => { for (const id of ['tab-chat', 'new-chat']) document.getElementById(id).click(); }"
)
_SET_UP = """(loaded) => {
  const find = (query) => document.querySelector(query);
  for (const box of [find('#prompt textarea'), find('#chat-search input')]) {
    if (!box?.value) continue;
    box.value = '';
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  if (loaded.classes.includes('dark') !== document.body.classList.contains('dark'))
    find('#theme').click();
  if (loaded.model && find('#model label.selected').textContent !== loaded.model)
    [...document.querySelectorAll('#model label')]
      .find((one) => one.textContent === loaded.model).click();
  document.querySelectorAll('.toggle-button').forEach((one, at) => {
    if (one.ariaExpanded !== loaded.folded[at]) one.click();
  });
}"""
"""Choose what was chosen when the page was loaded. A mouse would take ten times as long."""


@dataclass
class _Kept:
    divan: Divan
    loaded: dict[str, Any] | None = None
    """Its state right after loading; None if it has to be reloaded."""


@dataclass
class KeptPages:
    """One warm browser context for a kind of screen, and pages in it."""

    browser: Browser
    viewport: ViewportSize
    _pages: dict[int, _Kept] = field(default_factory=dict)
    _context: BrowserContext | None = None
    _errors: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        """The context, for further pages of a test; they are closed after it."""
        if self._context is None:
            self._context = self.browser.new_context(
                viewport=self.viewport, locale="en-US", reduced_motion="reduce"
            )
            self._context.grant_permissions(["clipboard-read", "clipboard-write"])
            self._context.set_default_timeout(10_000)
            self._context.on("weberror", lambda error: self._errors.append(str(error.error)))
        return self._context

    def open(self, url: str, place: int = 0) -> Divan:
        """A loaded page of the program at `url` with an empty chat; there may be several, each in
        a place of its own."""
        kept = self._pages.get(place)
        if kept and kept.loaded and kept.divan.url == url:
            return kept.divan
        page = kept.divan.page if kept else self.context.new_page()
        with suppress(Error):  # a page of no program keeps nothing
            page.evaluate(_FORGET)
        divan = Divan(page, url).open()
        self._pages[place] = _Kept(divan, page.evaluate(_LOOK))
        return divan

    def forget(self, url: str) -> None:
        """Leave the pages of a program that ends."""
        for one in self._pages.values():
            if one.divan.url == url:
                one.loaded = None
                one.divan.page.goto("about:blank")

    def tidy(self, failed: bool, may_err: bool = False) -> None:
        """Leave no trace of a test. Raises AssertionError where a script of a page failed, unless
        it may."""
        errors, self._errors = self._errors, []
        if failed:
            self.close()
        elif self._context:
            self._leave_only_kept_pages(self._context)
            errors = [error for error in errors if _UNREACHED not in error]
            assert may_err or not errors, errors

    def close(self) -> None:
        """Close the context with all its pages."""
        if self._context:
            self._context.close()
        self._context = None
        self._pages.clear()

    def _leave_only_kept_pages(self, context: BrowserContext) -> None:
        context.unroute_all()
        kept = {one.divan.page for one in self._pages.values()}
        for page in context.pages:
            if page not in kept:
                page.close()
        context.clear_cookies()
        for one in self._pages.values():
            if one.loaded and not self._is_as_loaded(one.divan, one.loaded):
                one.loaded = None

    def _is_as_loaded(self, divan: Divan, loaded: dict[str, Any]) -> bool:
        """Whether the page could be brought back to what it was when it was loaded."""
        with suppress(Error, AssertionError):
            _reset(divan.page, self.viewport)
            with divan.turns_empty():
                divan.page.evaluate(_NEW_CHAT)
            divan.page.evaluate(_SET_UP, loaded)
            divan.page.evaluate(_FORGET)
            return bool(divan.page.evaluate(_LOOK) == loaded)
        return False


def _reset(page: Page, viewport: ViewportSize) -> None:
    page.unroute_all()
    if page.viewport_size != viewport:
        page.set_viewport_size(viewport)
    page.mouse.move(0, 0)
    opened = page.evaluate(_CLOSE, _OPEN)
    for _ in range(opened):
        page.keyboard.press("Escape")
    if opened:
        expect(page.locator(_OPEN)).to_have_count(0, timeout=1_000)
