"""All events of the page: which component calls which handler, and where the view goes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from core.catalog import Catalog
from core.catalog_file import Problem
from ui.handlers import Handlers, Place, View, Visitor
from ui.panels.settings import read
from ui.refusals import REFUSED, line
from ui.screen import Screen, Updates

_QUIET = {"show_progress": "hidden", "queue": False}
"""For events that answer once: only a stream needs the queue."""
_QUEUED = {"show_progress": "hidden", "concurrency_limit": None}
_WHERE_JS = "(...inputs) => { inputs[0] = window.divan?.where() ?? inputs[0]; return inputs; }"
"""Puts the place of the page into the first input, `ui.panels.bridge.Bridge.where`."""


class Wiring:
    """Attaches every event. `who` is the shared answer to who is asking, and in which language."""

    def __init__(
        self,
        screen: Screen,
        handlers: Handlers,
        catalog: Catalog,
        problems: tuple[Problem, ...],
        who: Callable[[gr.Request], Visitor],
    ) -> None:
        self._screen = screen
        self._handlers = handlers
        self._catalog = catalog
        self._problems = problems
        self._who = who

    def attach(self, demo: gr.Blocks) -> None:
        """Attach all events; called once, inside the Blocks context."""
        screen, talk, bridge = self._screen, self._screen.conversation, self._screen.bridge
        everything = screen.everything()
        asking = [bridge.where, talk.model, talk.prompt]
        asking += screen.settings.inputs()
        demo.load(self.load, None, everything, **_QUEUED)
        send = gr.on(
            [talk.send.click, talk.prompt.submit],
            self.send,
            asking,
            everything,
            js=_WHERE_JS,
            **_QUEUED,
        )
        example = talk.chatbot.example_select(
            self.send_example, asking, everything, js=_WHERE_JS, **_QUEUED
        )
        retry = bridge.view.retry(self.retry, asking, everything, js=_WHERE_JS, **_QUEUED)
        asked = [send, example, retry]
        # The page takes the two in turn, and each ends what the other still streams: an event that
        # cancelled its own kind could hit the very call it comes with.
        opening = {"trigger_mode": "multiple", **_QUEUED}
        opened = bridge.view.open(self.open, None, everything, **opening)
        reopened = bridge.view.reopen(self.open, None, everything, **opening)
        bridge.view.open(None, cancels=[*asked, reopened])
        bridge.view.reopen(None, cancels=[*asked, opened])
        streams = [*asked, opened, reopened]
        screen.sidebar.new_chat.click(self.new_chat, None, everything, cancels=streams, **_QUIET)
        self._attach_transcript()
        self._attach_settings()

    def _attach_transcript(self) -> None:
        screen, talk = self._screen, self._screen.conversation
        shown = screen.transcript()
        where = screen.bridge.where
        talk.stop.click(self.stop, where, None, js=_WHERE_JS, **_QUIET)
        screen.bridge.view.choose(self.choose, where, shown, js=_WHERE_JS, **_QUIET)
        screen.bridge.view.settle(self.settle, where, shown, js=_WHERE_JS, **_QUIET)
        talk.earlier.click(self.earlier, where, shown, js=_WHERE_JS, **_QUIET)

    def _attach_settings(self) -> None:
        screen, model = self._screen, self._screen.conversation.model
        inputs = screen.settings.inputs()
        kept = [screen.bridge.where, model, *inputs]
        view = screen.bridge.view
        model.input(self.choose_model, kept, [*inputs, view], js=_WHERE_JS, **_QUIET)
        for component in inputs:
            component.blur(self.keep_settings, kept, view, js=_WHERE_JS, **_QUIET)

    async def load(self, request: gr.Request) -> Updates:
        """A page opens: the chat its address names, or an empty one."""
        who = self._who(request)
        place = self._handlers.place({"chat": request.query_params.get("chat"), "painted": True})
        view = await self._view(who, place)
        return {**self._screen.show(view), **self._screen.greet(view, who, self._problems)}

    async def open(self, request: gr.Request, event: gr.EventData) -> AsyncIterator[Updates]:
        """A chat was chosen in the list, or a page found that it cannot use `/ws`."""
        who = self._who(request)
        view = await self._view(who, self._handlers.place(event._data))
        yield self._screen.show(view)
        if not view.place.painted:
            async for updates in self._follow(who, view.place):
                yield updates

    def _place(self, where: str) -> Place:
        try:
            named = json.loads(where or "{}")
        except (ValueError, RecursionError):
            named = {}
        return self._handlers.place(named if isinstance(named, dict) else {})

    async def _view(self, who: Visitor, place: Place) -> View:
        try:
            return await self._handlers.open(who, place)
        except REFUSED as error:
            return replace(self._handlers.new_chat(), warning=line(error, who.language))

    async def new_chat(self) -> Updates:
        """An empty page, ready to write."""
        return self._screen.show(self._handlers.new_chat())

    async def send(
        self,
        request: gr.Request,
        where: str,
        model: str,
        text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Ask what stands in the message box; refused input stays there."""
        who = self._who(request)
        place = self._place(where)
        asked = self._handlers.send(who, place, text, model or "", read(*settings))
        async for updates in self._ask(who, asked, {self._screen.conversation.prompt: ""}):
            yield updates

    async def send_example(
        self,
        request: gr.Request,
        event: gr.SelectData,
        where: str,
        model: str,
        _text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Ask a ready prompt."""
        who = self._who(request)
        text = str(event.value["text"])
        place = self._place(where)
        asked = self._handlers.send(who, place, text, model or "", read(*settings))
        async for updates in self._ask(who, asked):
            yield updates

    async def retry(
        self,
        request: gr.Request,
        event: gr.EventData,
        where: str,
        model: str,
        _text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Have a question answered once more, beside the answer there is."""
        who = self._who(request)
        answer = str(event._data.get("answer"))
        place = self._place(where)
        asked = self._handlers.retry(who, place, answer, model or "", read(*settings))
        async for updates in self._ask(who, asked):
            yield updates

    async def _ask(
        self, who: Visitor, asked: Awaitable[Place], taken: Updates | None = None
    ) -> AsyncIterator[Updates]:
        """`taken` is what changes at once when the question has been accepted."""
        try:
            place = await asked
        except REFUSED as error:
            yield self._screen.warn(line(error, who.language))
            return
        if place.painted:
            yield {**(taken or {}), **self._screen.show(await self._view(who, place))}
            return
        async for updates in self._follow(who, place):
            yield {**(taken or {}), **updates}
            taken = None  # what the person writes while the answer comes is theirs

    async def _follow(self, who: Visitor, place: Place) -> AsyncIterator[Updates]:
        async for view in self._handlers.follow(who, place):
            yield self._screen.show_transcript(view)

    async def stop(self, request: gr.Request, where: str) -> None:
        """Stop the answer that runs in this chat."""
        await self._handlers.stop(self._who(request), self._place(where))

    async def settle(self, request: gr.Request, where: str) -> Updates:
        """A painted answer has ended: show the message that is on disk."""
        view = await self._view(self._who(request), self._place(where))
        return self._screen.show_transcript(view)

    async def choose(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Turn to another version of a message."""
        who, place = self._who(request), self._place(where)
        try:
            await self._handlers.choose(who, place, str(event._data.get("message")))
        except REFUSED as error:
            return self._screen.warn(line(error, who.language))
        return self._screen.show_transcript(await self._view(who, place))

    async def earlier(self, request: gr.Request, where: str) -> Updates:
        """Show more of the chat's past."""
        place = self._handlers.earlier(self._place(where))
        return self._screen.show_transcript(await self._view(self._who(request), place))

    async def choose_model(
        self, request: gr.Request, where: str, model: str, *settings: Any
    ) -> Updates:
        """Show the settings this model takes, and keep the choice."""
        kept = await self.keep_settings(request, where, model, *settings)
        return {**kept, **self._screen.settings.show(read(*settings), self._catalog.model(model))}

    async def keep_settings(
        self, request: gr.Request, where: str, model: str, *settings: Any
    ) -> Updates:
        """Keep what was set for this chat."""
        who = self._who(request)
        try:
            await self._handlers.keep_settings(who, self._place(where), model, read(*settings))
        except REFUSED as error:
            return self._screen.warn(line(error, who.language))
        return self._screen.unchanged()
