"""What is dragged over a page from outside of it, or pasted into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_COPY = 1
_PASTED = """(box, { files, text }) => {
  const clipboardData = new DataTransfer();
  for (const [name, type, content] of files) {
    clipboardData.items.add(new File([content], name, { type }));
  }
  if (text) clipboardData.setData('text/plain', text);
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  return !box.dispatchEvent(event);
}"""


_WATCHED = """() => {
  window.leftToBrowser = {};
  for (const name of ['dragover', 'drop']) {
    window.addEventListener(name, (event) => setTimeout(() => {
      window.leftToBrowser[name] = !event.defaultPrevented;
    }), true);
  }
}"""
_LEFT = """() => new Promise((done) => setTimeout(() =>
  done(Object.values(window.leftToBrowser).some(Boolean))))"""


class Drag:
    """Files, folders or a text from another program, dragged by the browser itself."""

    def __init__(self, page: Page, *paths: Path, text: str = "", link: bool = False) -> None:
        self._page = page
        page.evaluate(_WATCHED)
        self._session = page.context.new_cdp_session(page)
        kinds = ["text/plain", *(["text/uri-list"] if link else [])] if text else []
        self._data = {
            "items": [{"mimeType": kind, "data": text} for kind in kinds],
            "files": [str(path) for path in paths],
            "dragOperationsMask": _COPY,
        }
        self._at: dict[str, Any] = {}

    def over(self, place: str) -> Drag:
        """Drag it over the middle of an element."""
        box = self._page.locator(place).first.bounding_box()
        assert box, place
        self._at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self._send("dragEnter")
        return self._send("dragOver")

    def drop(self) -> Drag:
        """Let it go there."""
        self._send("drop")
        self._session.detach()
        return self

    @property
    def opens(self) -> bool:
        """Whether the page leaves it to the browser, which opens it in the page's place (not where
        it has no window)."""
        return bool(self._page.evaluate(_LEFT))

    def leave(self) -> None:
        """Drag it out of the window."""
        self._at = {"x": -5, "y": -5}
        self._send("dragOver")
        self._session.detach()

    def give_up(self) -> None:
        """Let go of it nowhere, and move the mouse again."""
        self._send("dragCancel")
        self._page.mouse.move(self._at["x"], self._at["y"])
        self._session.detach()

    def _send(self, kind: str) -> Drag:
        self._session.send(
            "Input.dispatchDragEvent", {"type": kind, **self._at, "data": self._data}
        )
        return self


def paste(page: Page, place: str, *files: tuple[str, str, str], text: str = "") -> bool:
    """Paste files (name, type, content) and a text into an element; whether the page took them in
    place of the browser."""
    held = {"files": [list(one) for one in files], "text": text}
    return bool(page.locator(place).evaluate(_PASTED, held))
