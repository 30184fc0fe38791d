"""The page as a person uses it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


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
        expect(self.page.locator("#prompt textarea")).to_be_attached()  # not every tab shows it
        self.page.wait_for_function("() => window.divan && document.body.dataset.ready")
        return self

    def show(self, title: str) -> Divan:
        """Open a chat from the list."""
        self.rows.filter(has_text=title).first.click()
        expect(self.page).to_have_title(f"{title} – Divan")
        return self

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
        self.page.click(f'#chat-list [data-chat-id="{chat}"]')
        self.page.wait_for_url(f"**/?chat={chat}*")
        return self

    def new_chat(self) -> Divan:
        """Turn to an empty chat."""
        self.page.click("#tab-chat")
        handle = self.page.locator("#sidebar .toggle-button")
        if handle.get_attribute("aria-expanded") == "false":
            handle.click()
        self.page.click("#new-chat")
        expect(self.page).to_have_title("Divan")
        expect(self.page.locator('#chatbot [data-testid="user"]')).to_have_count(0)
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
