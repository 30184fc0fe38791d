"""The documents tab as a person uses it, and what answers show of documents."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docx import Document
from playwright.sync_api import FilePayload, Locator, expect

from tests.page.divan_page import Divan

_EMPTIED = """async () => {
  const held = await (await fetch('/api/documents')).json();
  for (const { id } of held.documents) await fetch(`/api/documents/${id}`, { method: 'DELETE' });
  for (const name of held.collections.filter((one) => one !== held.default)) {
    await fetch('/api/documents/collections', {
      method: 'DELETE', body: JSON.stringify({ name }),
      headers: { 'Content-Type': 'application/json' },
    });
  }
}"""


_PUT_BACK = """() => {
  const box = document.querySelector('#documents-search input');
  box.value = '';
  box.dispatchEvent(new Event('input', { bubbles: true }));
  const pressed = '#panel-documents [aria-pressed=true]:not(.chip)';
  const left = `.uploads .dismiss, ${pressed}, #use-documents[aria-checked=true]`;
  document.querySelectorAll(left).forEach((button) => button.click());
}"""

_CAUSE = (
    "The storm began as a warm wind from the south that crossed the bay before midnight. "
    "Meteorologists had warned the harbour office two days earlier, and ferries stayed in port. "
    "No rain fell until the early morning, which surprised the observers at the station."
)
FALLEN = "During that single night forty old plane trees fell across the roads of the town."
_DAMAGE = (
    "The municipality counted the losses on the following day and published a short list. "
    f"{FALLEN} "
    "Two roofs were carried away, but nobody was hurt, and electricity returned by the evening."
)


def storm_report() -> bytes:
    """An English DOCX of two pages under headings."""
    made: Any = Document()
    made.add_heading("Storm report", 0)
    made.add_heading("Cause", 1)
    made.add_paragraph(_CAUSE)
    made.add_page_break()
    made.add_heading("Damage", 1)
    made.add_paragraph(_DAMAGE)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def a_file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@dataclass
class DocumentsTab:
    """A page on the program, and its parts that have to do with documents."""

    divan: Divan

    def empty(self) -> DocumentsTab:
        """Take everything out that other tests have left."""
        self.divan.page.evaluate(_EMPTIED)
        return self

    def leave(self) -> None:
        """Take out what this test has put in, and wait until the page shows nothing of it."""
        if self.divan.page.is_closed():
            return
        self.divan.page.keyboard.press("Escape")
        self.empty()
        self.divan.page.evaluate(_PUT_BACK)
        with suppress(AssertionError):  # what failed stays: then the page is loaded again
            expect(self.rows).to_have_count(0, timeout=2_000)
            expect(self.upload.locator(".uploads li")).to_have_count(0, timeout=3_000)

    def open(self) -> DocumentsTab:
        self.divan.page.click("#tab-documents")
        self.upload.wait_for()
        return self

    @property
    def upload(self) -> Locator:
        return self.divan.page.locator("#documents-upload")

    @property
    def rows(self) -> Locator:
        return self.divan.page.locator("#documents-list [data-document]")

    def row(self, name: str) -> Locator:
        return self.rows.filter(has_text=name)

    def take(self, *files: FilePayload, ready: int) -> DocumentsTab:
        """Choose files, and wait until so many documents can be searched."""
        self.upload.locator("input[type=file]").set_input_files(list(files))
        shown = self.divan.page.locator("#documents-list [data-state=ready]")
        expect(shown).to_have_count(ready, timeout=60_000)
        return self

    @property
    def hits(self) -> Locator:
        return self.divan.page.locator("#documents-search .hit")

    def search(self, question: str) -> Locator:
        self.divan.page.locator("#documents-search input").fill(question)
        expect(self.divan.page.locator("#documents-search .told")).not_to_be_empty()
        return self.hits

    def ask(self, question: str, model: str = "Kaynaklı", documents: bool = True) -> Locator:
        """A new chat with the question; the settled answer."""
        page = self.divan.page
        page.click("#new-chat")
        page.click("#tab-chat")
        page.locator("#chatbot .divan-welcome").wait_for()
        self.divan.choose(model)
        self.use(documents)
        self.divan.write(question)
        self.divan.settled()
        return self.divan.answer

    def use(self, on: bool) -> None:
        switch = self.divan.page.locator("#use-documents")
        if (switch.get_attribute("aria-checked") == "true") != on:
            switch.click()
        expect(switch).to_have_attribute("aria-checked", str(on).lower())

    @property
    def sheet(self) -> Locator:
        return self.divan.page.locator("dialog.divan-sheet")

    def cited(self, number: int = 1) -> Locator:
        """Press a citation mark of the newest answer; the sheet with the passage."""
        mark = self.divan.answer.locator("p .divan-cite", has_text=str(number)).first
        mark.click()
        self.sheet.locator("blockquote").wait_for()
        return self.sheet

    def collections(self) -> Sequence[str]:
        return self.divan.page.locator("#documents-list .chip span").all_text_contents()
