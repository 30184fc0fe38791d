"""What the events of the chat share: who asks from where, and how a view gets onto the page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from ui.handlers import Handlers
from ui.refusals import REFUSED, line, warning
from ui.screen import Screen, Updates
from ui.view import STREAMED, Place, View, Visitor

QUIET = {"show_progress": "hidden", "queue": False}
"""For events that answer once: only a stream needs the queue."""
QUEUED = {"show_progress": "hidden", "concurrency_limit": None}
WHERE_JS = "(...inputs) => { inputs[0] = window.divan?.where() ?? inputs[0]; return inputs; }"
"""Puts the place of the page into the first input, `ui.panels.bridge.Bridge.where`."""
_LOST_JS = "() => { window.divan?.lost(); }"


class Showing:
    """`who` is the shared answer to who is asking, and in which language."""

    def __init__(
        self, screen: Screen, handlers: Handlers, who: Callable[[gr.Request], Visitor]
    ) -> None:
        self.screen = screen
        self.handlers = handlers
        self.who = who

    def on_trip(
        self,
        event: Callable[..., Any],
        handler: Callable[..., Any],
        inputs: list[Any],
        outputs: list[Any],
    ) -> None:
        """Attach an event of ui/static/trips.js: the page is told also where it fails. The page
        lets one go at a time, so that Gradio need not; and as Gradio draws every component whose
        progress it tells, it tells that of one."""
        progress = self.screen.bridge.view
        attached = event(
            handler,
            inputs,
            outputs,
            js=WHERE_JS,
            trigger_mode="multiple",
            show_progress_on=progress,
            **QUIET,
        )
        attached.failure(None, js=_LOST_JS)

    def place(self, where: str, event: gr.EventData | None = None) -> Place:
        """The place the page names, and what the event says of it beside; garbled JSON is that of
        an empty page."""
        try:
            named = json.loads(where or "{}")
        except (ValueError, RecursionError):
            named = {}
        return self.handlers.place({**_mapping(named), **(told(event) if event else {})})

    async def view(self, who: Visitor, place: Place) -> View:
        """The chat at `place`; an empty page that says why, where it cannot be shown."""
        who = place.reader(who)
        try:
            return await self.handlers.open(who, place)
        except REFUSED as error:
            empty = await self.handlers.new_chat(who, place)
            return replace(empty, warning=line(error, who.language))

    async def transcript(
        self, who: Visitor, place: Place, done: Awaitable[object] | None = None
    ) -> Updates:
        """The messages once `done` has been done, or why it was not."""
        try:
            if done:
                await done
        except REFUSED as error:
            return self.screen.warn(warning(error, who.language), place.trip)
        return self.screen.show_transcript(await self.view(who, place))

    async def asked(self, who: Visitor, place: Place, asked: Awaitable[Place]) -> Updates:
        """The chat once the question has been accepted, or why it was not."""
        try:
            place = await asked
        except REFUSED as error:
            return self.screen.warn(warning(error, who.language), place.trip)
        return self.screen.show(await self.view(who, place), who.language)

    async def follow(self, who: Visitor, place: Place) -> AsyncIterator[Updates]:
        """The chat while its answer is made, for a page that does not paint it."""
        async for view in self.handlers.follow(place.reader(who), replace(place, trip=STREAMED)):
            yield self.screen.show_transcript(view)


def told(event: gr.EventData) -> Mapping[str, Any]:
    """What the page says with an event."""
    return _mapping(event._data)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
