"""All events of the page: which component calls which handler, and where the view goes."""

from __future__ import annotations

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
_TRANSPORT_JS = "(...inputs) => { inputs[1] = window.divan?.transport() ?? ''; return inputs; }"
"""Tells Python whether the page paints by itself; a caller without the page's scripts does not."""


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
        asking = [screen.place, bridge.transport, talk.model, talk.prompt]
        asking += screen.settings.inputs()
        demo.load(self.load, None, everything, **_QUEUED)
        send = gr.on(
            [talk.send.click, talk.prompt.submit],
            self.send,
            asking,
            everything,
            js=_TRANSPORT_JS,
            **_QUEUED,
        )
        example = talk.chatbot.example_select(
            self.send_example, asking, everything, js=_TRANSPORT_JS, **_QUEUED
        )
        retry = bridge.view.retry(self.retry, asking, everything, js=_TRANSPORT_JS, **_QUEUED)
        asked = [send, example, retry]
        opened = bridge.view.open(self.open, None, everything, cancels=asked, **_QUEUED)
        screen.sidebar.new_chat.click(
            self.new_chat, None, everything, cancels=[*asked, opened], **_QUIET
        )
        self._attach_transcript()
        self._attach_settings()

    def _attach_transcript(self) -> None:
        screen, talk = self._screen, self._screen.conversation
        shown = screen.transcript()
        talk.stop.click(self.stop, screen.place, None, **_QUIET)
        screen.bridge.view.settle(self.settle, screen.place, shown, **_QUIET)
        talk.earlier.click(self.earlier, screen.place, [*shown, screen.place], **_QUIET)

    def _attach_settings(self) -> None:
        screen, model = self._screen, self._screen.conversation.model
        inputs = screen.settings.inputs()
        kept = [screen.place, model, *inputs]
        view = screen.bridge.view
        model.input(self.choose_model, kept, [*inputs, view], **_QUIET)
        for component in inputs:
            component.blur(self.keep_settings, kept, view, **_QUIET)

    async def load(self, request: gr.Request) -> Updates:
        """A page opens: the chat its address names, or an empty one."""
        who = self._who(request)
        place = self._handlers.opened(request.query_params.get("chat"))
        view = await self._view(who, place, painted=True)
        return {**self._screen.show(view), **self._screen.greet(view, who, self._problems)}

    async def open(self, request: gr.Request, event: gr.EventData) -> AsyncIterator[Updates]:
        """A chat was chosen in the list, or a page found that it cannot use `/ws`."""
        who = self._who(request)
        chat = event._data.get("chat")
        painted = event._data.get("transport") == "ws"
        place = self._handlers.opened(chat if isinstance(chat, str) else None)
        view = await self._view(who, place, painted)
        yield self._screen.show(view)
        if not painted:
            async for updates in self._follow(who, view.place):
                yield updates

    async def _view(self, who: Visitor, place: Place, painted: bool) -> View:
        try:
            return await self._handlers.open(who, place, painted)
        except REFUSED as error:
            return replace(self._handlers.new_chat(), warning=line(error, who.language))

    async def new_chat(self) -> Updates:
        """An empty page, ready to write."""
        return self._screen.show(self._handlers.new_chat())

    async def send(
        self,
        request: gr.Request,
        place: Place,
        transport: str,
        model: str,
        text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Ask what stands in the message box; refused input stays there."""
        who = self._who(request)
        asked = self._handlers.send(who, place, text, model or "", read(*settings))
        async for updates in self._ask(
            who, asked, transport, {self._screen.conversation.prompt: ""}
        ):
            yield updates

    async def send_example(
        self,
        request: gr.Request,
        event: gr.SelectData,
        place: Place,
        transport: str,
        model: str,
        _text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Ask a ready prompt."""
        who = self._who(request)
        text = str(event.value["text"])
        asked = self._handlers.send(who, place, text, model or "", read(*settings))
        async for updates in self._ask(who, asked, transport):
            yield updates

    async def retry(
        self,
        request: gr.Request,
        event: gr.EventData,
        place: Place,
        transport: str,
        model: str,
        _text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Ask the question of an answer that did not end well once more."""
        who = self._who(request)
        answer = str(event._data.get("answer"))
        asked = self._handlers.retry(who, place, answer, model or "", read(*settings))
        async for updates in self._ask(who, asked, transport):
            yield updates

    async def _ask(
        self,
        who: Visitor,
        asked: Awaitable[Place],
        transport: str,
        taken: Updates | None = None,
    ) -> AsyncIterator[Updates]:
        """`taken` is what changes at once when the question has been accepted."""
        try:
            place = await asked
        except REFUSED as error:
            yield self._screen.warn(line(error, who.language))
            return
        first = {self._screen.place: place, **(taken or {})}
        if transport == "ws":
            yield {**first, **self._screen.show(await self._view(who, place, painted=True))}
            return
        async for updates in self._follow(who, place):
            yield {**first, **updates}
            first = {}  # what the person writes while the answer comes is theirs

    async def _follow(self, who: Visitor, place: Place) -> AsyncIterator[Updates]:
        async for view in self._handlers.follow(who, place):
            yield self._screen.show_transcript(view)

    async def stop(self, request: gr.Request, place: Place) -> None:
        """Stop the answer that runs in this chat."""
        await self._handlers.stop(self._who(request), place)

    async def settle(self, request: gr.Request, place: Place) -> Updates:
        """A painted answer has ended: show the message that is on disk."""
        view = await self._view(self._who(request), place, painted=True)
        return self._screen.show_transcript(view)

    async def earlier(self, request: gr.Request, place: Place) -> Updates:
        """Show more of the chat's past."""
        place = self._handlers.earlier(place)
        view = await self._view(self._who(request), place, painted=True)
        return {**self._screen.show_transcript(view), self._screen.place: place}

    async def choose_model(
        self, request: gr.Request, place: Place, model: str, *settings: Any
    ) -> Updates:
        """Show the settings this model takes, and keep the choice."""
        kept = await self.keep_settings(request, place, model, *settings)
        return {**kept, **self._screen.settings.show(read(*settings), self._catalog.model(model))}

    async def keep_settings(
        self, request: gr.Request, place: Place, model: str, *settings: Any
    ) -> Updates:
        """Keep what was set for this chat."""
        who = self._who(request)
        try:
            await self._handlers.keep_settings(who, place, model, read(*settings))
        except REFUSED as error:
            return self._screen.warn(line(error, who.language))
        return self._screen.unchanged()
