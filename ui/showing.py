"""What the events of the chat share: who asks from where, and how a view gets onto the page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import gradio as gr

from ui.handlers import Handlers
from ui.refusals import REFUSED, line
from ui.screen import Screen, Updates
from ui.view import Place, View, Visitor

QUIET = {"show_progress": "hidden", "queue": False}
"""For events that answer once: only a stream needs the queue."""
QUEUED = {"show_progress": "hidden", "concurrency_limit": None}
WHERE_JS = "(...inputs) => { inputs[0] = window.divan?.where() ?? inputs[0]; return inputs; }"
"""Puts the place of the page into the first input, `ui.panels.bridge.Bridge.where`."""


class Showing:
    """`who` is the shared answer to who is asking, and in which language."""

    def __init__(
        self, screen: Screen, handlers: Handlers, who: Callable[[gr.Request], Visitor]
    ) -> None:
        self.screen = screen
        self.handlers = handlers
        self.who = who

    def place(self, where: str) -> Place:
        """The place the page names; garbled JSON is that of an empty page."""
        try:
            named = json.loads(where or "{}")
        except (ValueError, RecursionError):
            named = {}
        return self.handlers.place(named if isinstance(named, dict) else {})

    async def view(self, who: Visitor, place: Place) -> View:
        """The chat at `place`; an empty page that says why, where it cannot be shown."""
        try:
            return await self.handlers.open(who, place)
        except REFUSED as error:
            return replace(self.handlers.new_chat(), warning=line(error, who.language))

    async def transcript(
        self, who: Visitor, place: Place, done: Awaitable[object] | None = None
    ) -> Updates:
        """The messages once `done` has been done, or why it was not."""
        try:
            if done:
                await done
        except REFUSED as error:
            return self.screen.warn(line(error, who.language))
        return self.screen.show_transcript(await self.view(who, place))

    async def ask(
        self, who: Visitor, asked: Awaitable[Place], taken: Updates | None = None
    ) -> AsyncIterator[Updates]:
        """The chat once the question has been accepted, and its answer while it is made where the
        page does not paint it. `taken` is what changes at once."""
        try:
            place = await asked
        except REFUSED as error:
            yield self.screen.warn(line(error, who.language))
            return
        if place.painted:
            yield {**(taken or {}), **self.screen.show(await self.view(who, place))}
            return
        async for updates in self.follow(who, place):
            yield {**(taken or {}), **updates}
            taken = None  # what the person writes while the answer comes is theirs

    async def follow(self, who: Visitor, place: Place) -> AsyncIterator[Updates]:
        """The chat while its answer is made, for a page that does not paint it."""
        async for view in self.handlers.follow(who, place):
            yield self.screen.show_transcript(view)
