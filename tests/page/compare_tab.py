"""The comparison tab as a person uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from playwright.sync_api import Locator, Page, Request, expect

from tests.page.divan_page import Divan
from tests.page.drawn_answers import drawn
from tests.page.held_answers import told

_LANES = ".lane:not(#lane-fused)"
_LABEL = "xpath=ancestor::label"
_LABELS = """(models) => models.map((model) =>
  document.querySelector(`#compare-models input[name="${model}"]`).closest('label').innerText)"""
_AGREE = """() => {
  const words = (elements) => [...elements].map((one) => one.innerText.trim()).sort().join();
  return words(document.querySelectorAll('#compare-models label:has(input:checked)'))
    === words(document.querySelectorAll('.lane:not(#lane-fused) .lane-name'));
}"""
"""Tells whether the lanes are those of the chosen chips: either may be drawn before the other."""


def shows(request: Request) -> bool:
    """Whether the page asks for the comparison as it is."""
    return "/gradio_api/run/" in request.url and told(request).get("action") == "show"


@dataclass
class CompareTab:
    """A page that shows the comparison tab of the program at `url`."""

    page: Page
    url: str

    def open(self, *models: str) -> CompareTab:
        """A new comparison of these models, by the link to it."""
        return self.visit(f"/?compare={','.join(models)}", len(models))

    def begin(self, *models: str) -> CompareTab:
        """A new comparison of these models, chosen by their chips."""
        Divan(self.page, self.url).new_chat()
        with drawn(self.page, shows):
            self.page.click("#tab-compare")
        expect(self.page.locator("#lanes")).to_have_attribute("data-chat", "")
        self._switch(self.page.locator("#compare-blind input"), on=False)
        self._switch(self.page.locator("#compare-context input").first, on=True)
        self.page.wait_for_function(_AGREE)
        labels = self.page.evaluate(_LABELS, models)
        names = list(self.names())
        pairs = zip(names, labels, strict=False)
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
        for label in reversed(names[same:]):
            self._turn(label, on=False)
        for label in labels[same:]:
            self._turn(label, on=True)
        return self

    def _switch(self, switch: Locator, on: bool) -> None:
        """Set a switch of the bar, and wait for what the program says to it."""
        if switch.is_checked() == on:
            return
        with drawn(self.page, lambda request: "/gradio_api/run/" in request.url):
            switch.locator(_LABEL).click()

    def _turn(self, label: str, on: bool) -> None:
        chip = self.chip(label).locator(_LABEL)
        if chip.locator("input").is_checked() != on:
            chip.click()
        expect(self.lanes.filter(has_text=label)).to_have_count(int(on))
        self.page.wait_for_function(_AGREE)

    def visit(self, path: str, lanes: int) -> CompareTab:
        self.page.goto(self.url + path)
        return self.shown(lanes)

    def shown(self, lanes: int) -> CompareTab:
        """Wait until so many lanes are drawn and the page hears of running answers; it proves
        nothing else."""
        self.ready()
        expect(self.page.locator(_LANES)).to_have_count(lanes)
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
            self.answer(number).locator(".lane-measures").wait_for()

    def chip(self, label: str) -> Locator:
        """The chip by which a model is chosen."""
        return self.page.locator("#compare-models").get_by_text(label, exact=True)

    @property
    def lanes(self) -> Locator:
        """The names above the lanes."""
        return self.page.locator(_LANES).locator(".lane-name")

    def names(self) -> Sequence[str]:
        return self.lanes.all_text_contents()

    @property
    def chat(self) -> str:
        """The id of the chat, once the address names it."""
        return Divan(self.page, self.url).chat

    def on(self, other: Divan, lanes: int) -> CompareTab:
        """The same comparison on another page, opened from its list."""
        there = CompareTab(other.join(Divan(self.page, self.url)).page, self.url)
        there.lane(1).locator(".lane-question").first.wait_for()
        return there.shown(lanes)
