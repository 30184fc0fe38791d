"""The comparison tab as a person uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass
class CompareTab:
    """A page that shows the comparison tab of the program at `url`."""

    page: Page
    url: str

    def open(self, *models: str) -> CompareTab:
        """A new comparison of these models, by the link to it."""
        return self.visit(f"/?compare={','.join(models)}", len(models))

    def begin(self, *models: str) -> CompareTab:
        """A new comparison of these models, chosen as a person does."""
        self.page.click("#tab-compare")
        self.page.click("#new-chat")
        expect(self.page).to_have_title("Divan")
        self.page.locator("#compare-blind input").uncheck()
        self.page.locator("#compare-context label").first.click()
        chips = self.page.locator("#compare-models label")
        lanes = self.page.locator(".lane:not(#lane-fused)")
        chosen = chips.filter(has=self.page.locator("input:checked"))
        expect(lanes).to_have_count(chosen.count())
        for count in range(chosen.count() - 1, -1, -1):
            chosen.first.click()
            expect(lanes).to_have_count(count)
        for count, model in enumerate(models, start=1):
            chips.filter(has=self.page.locator(f'input[name="{model}"]')).click()
            expect(lanes).to_have_count(count)
        return self

    def visit(self, path: str, lanes: int) -> CompareTab:
        self.page.goto(self.url + path)
        return self.shown(lanes)

    def shown(self, lanes: int) -> CompareTab:
        """Wait until so many lanes are drawn and the page hears of running answers; it proves
        nothing else."""
        self.ready()
        expect(self.page.locator(".lane:not(#lane-fused)")).to_have_count(lanes)
        return self

    def ready(self) -> None:
        """Wait until the page's scripts listen."""
        self.page.wait_for_function("() => window.divan && document.body.dataset.ready")

    def lane(self, number: int) -> Locator:
        return self.page.locator(f"#lane-{number}")

    def answer(self, number: int) -> Locator:
        return self.lane(number).locator(".lane-answer").last

    def versions(self, number: int) -> Locator:
        """The arrows under the newest answer of a lane."""
        return self.answer(number).locator(".lane-versions")

    def write(self, text: str) -> None:
        box = self.page.locator("#compare-prompt textarea")
        box.fill(text)
        box.press("Enter")

    def settled(self, *lanes: int, answers: int = 1) -> None:
        """Wait until these lanes have so many answers, and the newest its measures."""
        for number in lanes:
            expect(self.lane(number).locator(".lane-answer")).to_have_count(answers)
            expect(self.answer(number).locator(".lane-measures")).to_be_visible()

    def names(self) -> Sequence[str]:
        return self.page.locator(".lane:not(#lane-fused) .lane-name").all_text_contents()

    @property
    def chat(self) -> str:
        """The id of the chat, once the address names it."""
        self.page.wait_for_url("**/?chat=*")
        return self.page.url.partition("chat=")[2].partition("&")[0]
