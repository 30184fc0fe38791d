"""Waiting for what the page draws of an answer of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Request

A_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


@contextmanager
def drawn(page: Page, matches: Callable[[Request], bool]) -> Iterator[None]:
    """Do inside what asks for an answer; all of it has come and is drawn afterwards."""
    with page.expect_response(lambda answer: matches(answer.request), timeout=15_000) as asked:
        yield
    asked.value.finished()
    page.evaluate(A_FRAME)
