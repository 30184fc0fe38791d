"""From a click to the drawn page in a chat of 1,000 messages: another version, a new branch."""

from __future__ import annotations

import statistics
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bench.browser import chromium, divan_site, opened
from bench.catalog import divan
from bench.processes import fake_provider
from bench.stored import LAST_STORED, write_chat
from bench.table import Row, load
from storage import codec

MESSAGES = 1000
CHAT = "long"
TIMES = 12
_OTHER = "another version of the last answer"
_LIMIT_MS = 100
_WATCH = """
([selector, event, wanted]) => {
  window.taken = null;
  document.addEventListener(event, (happened) => {
    if (!happened.target.closest?.(selector)) return;
    const began = performance.now();
    const bots = () => [...document.querySelectorAll('#chatbot [data-testid="bot"]')];
    const look = () => {
      if (!bots().at(-1)?.textContent.includes(wanted)) return requestAnimationFrame(look);
      const drawn = new MessageChannel(); // after the frame that shows it
      drawn.port1.onmessage = () => { window.taken = performance.now() - began; };
      drawn.port2.postMessage(0);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}
"""


def measure(_quick: bool) -> list[Row]:
    """Click to drawn frame, in a real browser."""
    with TemporaryDirectory(prefix="divan-bench-") as made:
        folder = Path(made)
        _store(folder / "chats")
        with (
            fake_provider() as provider,
            divan(provider, "bench", folder) as app,
            chromium() as browser,
            opened(browser, divan_site(app.url, provider, CHAT)) as page,
        ):
            walked = [_walk(page, number) for number in range(TIMES)]
            begun = [_begin(page, number) for number in range(TIMES // 2)]
    return [_row("another version", walked), _row("a new branch", begun)]


def _store(chats: Path) -> None:
    """A line of messages with a second version of the last answer."""
    write_chat(chats, CHAT, MESSAGES - 1, "bench")
    path = chats / f"{CHAT}.json"
    line = codec.decode(path.read_bytes(), CHAT)
    last = next(m for m in reversed(line.messages) if m.role == "assistant")
    kept = replace(last, content=f"{last.content} {LAST_STORED}")
    upto = replace(line.put(kept), messages=line.put(kept).messages[: MESSAGES - 2])
    whole = upto.append(replace(last, id="other", content=_OTHER)).turn_to(last.id)
    path.write_bytes(codec.encode(whole))


def _walk(page: Page, number: int) -> float:
    way = "later" if number % 2 == 0 else "earlier"
    selector = f".divan-version.divan-{way}"
    page.evaluate(_WATCH, [selector, "click", _OTHER if way == "later" else LAST_STORED])
    page.locator(selector).last.click()
    return _taken(page)


def _begin(page: Page, number: int) -> float:
    """Name a branch at the answer before the last one: from Enter until the chat ends there."""
    answers = page.locator('#chatbot [data-testid="bot"]')
    wanted = answers.nth(-2).inner_text()[:12]
    answers.nth(-2).locator(".divan-branch").click()
    field = page.locator("dialog[open] input")
    field.fill(f"Branch {number}")
    page.evaluate(_WATCH, ["dialog", "keydown", wanted])
    field.press("Enter")
    return _taken(page)


def _taken(page: Page) -> float:
    page.wait_for_function("() => window.taken !== null", timeout=20_000)
    return float(page.evaluate("() => window.taken"))


def _row(what: str, taken: list[float]) -> Row:
    median = statistics.median(taken)
    return Row(
        f"{MESSAGES:,} messages: click to drawn page, {what}", "ms", median, None, "", median,
        _LIMIT_MS, aim=f"< {_LIMIT_MS} ms", note=f"worst {max(taken):.0f}", load=load(),
    )  # fmt: skip
