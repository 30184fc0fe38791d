"""Gradio's answers to the page, held back until a test lets them through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import APIResponse, Page, Request, Route

EVENTS = "**/gradio_api/run/**"


def told(request: Request) -> dict[str, Any]:
    """What the page says with an event; nothing where this is none."""
    if "/gradio_api/run/" not in request.url:
        return {}
    return (request.post_data_json or {}).get("event_data") or {}


def opens(request: Request) -> bool:
    return "chat" in told(request) and "action" not in told(request)


def sends(request: Request) -> bool:
    return "text" in told(request)


def settles(request: Request) -> bool:
    return set(told(request)) == {"trip"}


def turns_path(request: Request) -> bool:
    return bool({"message", "branch"} & set(told(request)))


class Gate:
    """Python's answers to some events, held back until they are let through."""

    def __init__(self, page: Page, holds: Callable[[Request], bool]) -> None:
        self._page, self._holds = page, holds
        self._held: list[tuple[Route, APIResponse]] = []
        self._open = False
        page.route(EVENTS, self._take)

    def _take(self, route: Route) -> None:
        if self._open or not self._holds(route.request):
            route.fallback()
            return
        answer = route.fetch()
        if self._open:
            route.fulfill(response=answer)
        else:
            self._held.append((route, answer))

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Do inside what asks for the answer; it has been asked for afterwards."""
        with self._page.expect_request(lambda r: "/gradio_api/run/" in r.url and self._holds(r)):
            yield

    def let_through(self) -> None:
        self._open = True
        for route, answer in self._held:
            route.fulfill(response=answer)
