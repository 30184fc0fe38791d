"""The page as a person uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, TimeoutError

from tests.page.drawn_answers import drawn
from tests.page.held_answers import opens

# Polled in the page: `expect` builds an accessibility tree for its error message at every failed
# poll, and many tests wait for these.
_READY = """() => window.divan && document.body.dataset.ready
  && document.querySelector('#prompt textarea')"""
_TITLED = "(title) => document.title === title"
_EMPTY = """() => document.title === 'Divan'
  && !document.querySelector('#chatbot [data-testid="user"]')"""
_SETTLED = """() => {
  const last = [...document.querySelectorAll(
    '#chatbot [data-testid="user"], #chatbot [data-testid="bot"]')].pop();
  return last?.dataset.testid === 'bot'
    && last.querySelector('.divan-meta')?.checkVisibility()
    && !document.querySelector('#stop')?.checkVisibility();
}"""

_STATE = """() => {
  const rows = [...document.querySelectorAll('#chatbot .message-row')].slice(-2);
  return JSON.stringify({ where: window.divan?.where(), body: { ...document.body.dataset },
    stop: document.querySelector('#stop')?.checkVisibility(),
    notices: document.querySelector('#notices')?.innerText,
    rows: rows.map((row) => row.outerHTML.slice(0, 1500)) });
}"""


@dataclass
class Divan:
    """A page of the program at `url`."""

    page: Page
    url: str

    def open(self, path: str = "/") -> Divan:
        """Load the page, and wait until its scripts listen."""
        self.page.goto(self.url + path)
        return self.ready()

    def ready(self) -> Divan:
        """Wait until the page's scripts listen."""
        self._wait_for(_READY)
        return self

    def show(self, title: str) -> Divan:
        """Open a chat from the list."""
        self.press(title)
        self._wait_for(_TITLED, arg=f"{title} – Divan")
        return self

    def press(self, title: str) -> None:
        """Click on a chat in the list, without waiting for it."""
        _press(self.rows.filter(has_text=title).first)

    @property
    def chat(self) -> str:
        """The id of the shown chat, once the address names it."""
        self.page.wait_for_url("**/?chat=*")
        return self.page.url.partition("chat=")[2].partition("&")[0]

    def join(self, other: Divan) -> Divan:
        """Open the chat that another page shows, from the list."""
        return self._choose(other.chat)

    def reopen(self) -> Divan:
        """Turn to an empty chat, and from there to this one again."""
        chat = self.chat
        return self.new_chat()._choose(chat)

    def _choose(self, chat: str) -> Divan:
        _press(self.page.locator(f'#chat-list [data-chat-id="{chat}"]'))
        self.page.wait_for_url(f"**/?chat={chat}*")
        return self

    def new_chat(self) -> Divan:
        """Turn to an empty chat."""
        self.page.click("#tab-chat")
        handle = self.page.locator("#sidebar .toggle-button")
        if handle.get_attribute("aria-expanded") == "false":
            handle.click()
        with self.turns_empty():
            self.page.click("#new-chat")
        return self

    @contextmanager
    def turns_empty(self) -> Iterator[None]:
        """Do inside what turns to an empty chat; it is drawn afterwards."""
        with drawn(self.page, opens):  # a view that is still to be drawn would undo what comes next
            yield
        self._wait_for(_EMPTY)

    def _wait_for(self, function: str, arg: str = "", timeout: float | None = None) -> None:
        self.page.wait_for_function(function, arg=arg, polling=30, timeout=timeout)

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
        """Wait until no answer runs and the last message is one with its line of measures."""
        try:
            self._wait_for(_SETTLED, timeout=20_000)
        except TimeoutError:
            raise AssertionError(f"not settled: {self.page.evaluate(_STATE)}") from None


def _press(row: Locator) -> None:
    """Click on a row of the list at once: before a mouse gets there it may show another chat."""
    row.locator(".divan-chat-open").dispatch_event("click")
