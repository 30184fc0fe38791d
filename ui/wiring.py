"""Events of the chat: which component calls which handler, and where the view goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from core.catalog import Catalog
from core.catalog_file import Problem
from ui.handlers import Handlers
from ui.message_handlers import MessageHandlers
from ui.message_wiring import MessageWiring
from ui.panels.settings import read
from ui.refusals import REFUSED, line
from ui.screen import Updates
from ui.showing import QUEUED, QUIET, WHERE_JS, Showing


class Wiring:
    """Attaches the events of opening, asking and settings, and those of the messages."""

    def __init__(
        self,
        showing: Showing,
        handlers: Handlers,
        messages: MessageHandlers,
        catalog: Catalog,
        problems: tuple[Problem, ...],
    ) -> None:
        self._showing = showing
        self._screen = showing.screen
        self._handlers = handlers
        self._messages = MessageWiring(showing, messages)
        self._catalog = catalog
        self._problems = problems

    def attach(self, demo: gr.Blocks) -> None:
        """Attach all events; called once, inside the Blocks context."""
        screen, talk, bridge = self._screen, self._screen.conversation, self._screen.bridge
        everything = screen.everything()
        asking = [bridge.where, talk.model, talk.prompt, *screen.settings.inputs()]
        demo.load(self.load, None, everything, **QUEUED)
        sent = [talk.send.click, talk.prompt.submit]
        send = gr.on(sent, self.send, asking, everything, js=WHERE_JS, **QUEUED)
        example = talk.chatbot.example_select(
            self.send_example, asking, everything, js=WHERE_JS, **QUEUED
        )
        asked = [send, example, *self._messages.attach(asking, everything)]
        # The page takes the two in turn, and each ends what the other still streams: an event that
        # cancelled its own kind could hit the very call it comes with.
        opening = {"trigger_mode": "multiple", **QUEUED}
        opened = bridge.view.open(self.open, None, everything, **opening)
        reopened = bridge.view.reopen(self.open, None, everything, **opening)
        bridge.view.open(None, cancels=[*asked, reopened])
        bridge.view.reopen(None, cancels=[*asked, opened])
        streams = [*asked, opened, reopened]
        screen.sidebar.new_chat.click(self.new_chat, None, everything, cancels=streams, **QUIET)
        self._attach_transcript()
        self._attach_settings()

    def _attach_transcript(self) -> None:
        talk, bridge = self._screen.conversation, self._screen.bridge
        shown = self._screen.transcript()
        talk.stop.click(self.stop, bridge.where, None, js=WHERE_JS, **QUIET)
        # What ends while the last view is still on its way must not be passed over.
        settling = {"trigger_mode": "always_last", **QUIET}
        bridge.view.settle(self.settle, bridge.where, shown, js=WHERE_JS, **settling)
        talk.earlier.click(self.earlier, bridge.where, shown, js=WHERE_JS, **QUIET)

    def _attach_settings(self) -> None:
        screen, model = self._screen, self._screen.conversation.model
        inputs = screen.settings.inputs()
        kept = [screen.bridge.where, model, *inputs]
        view = screen.bridge.view
        model.input(self.choose_model, kept, [*inputs, view], js=WHERE_JS, **QUIET)
        for component in inputs:
            component.blur(self.keep_settings, kept, view, js=WHERE_JS, **QUIET)

    async def load(self, request: gr.Request) -> Updates:
        """A page opens: the chat its address names, or an empty one."""
        who = self._showing.who(request)
        place = self._handlers.place({"chat": request.query_params.get("chat"), "painted": True})
        view = await self._showing.view(who, place)
        return {**self._screen.show(view), **self._screen.greet(view, who, self._problems)}

    async def open(self, request: gr.Request, event: gr.EventData) -> AsyncIterator[Updates]:
        """A chat was chosen in the list, or a page found that it cannot use `/ws`."""
        who = self._showing.who(request)
        view = await self._showing.view(who, self._handlers.place(event._data))
        yield self._screen.show(view)
        if not view.place.painted:
            async for updates in self._showing.follow(who, view.place):
                yield updates

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
        who, place = self._showing.who(request), self._showing.place(where)
        asked = self._handlers.send(who, place, text, model or "", read(*settings))
        async for updates in self._showing.ask(who, asked, {self._screen.conversation.prompt: ""}):
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
        who, place = self._showing.who(request), self._showing.place(where)
        text = str(event.value["text"])
        asked = self._handlers.send(who, place, text, model or "", read(*settings))
        async for updates in self._showing.ask(who, asked):
            yield updates

    async def stop(self, request: gr.Request, where: str) -> None:
        """Stop the answer the page shows."""
        await self._handlers.stop(self._showing.who(request), self._showing.place(where))

    async def settle(self, request: gr.Request, where: str) -> Updates:
        """A painted answer has ended, or the chat has changed: show what is on disk."""
        who, place = self._showing.who(request), self._showing.place(where)
        return await self._showing.transcript(who, place)

    async def earlier(self, request: gr.Request, where: str) -> Updates:
        """Show more of the chat's past."""
        who, place = self._showing.who(request), self._showing.place(where)
        return await self._showing.transcript(who, self._handlers.earlier(place))

    async def choose_model(
        self, request: gr.Request, where: str, model: str, *settings: Any
    ) -> Updates:
        """Show the settings this model takes, and keep the choice."""
        kept = await self._keep(request, where, model, *settings, chosen=True)
        return {**kept, **self._screen.settings.show(read(*settings), self._catalog.model(model))}

    async def keep_settings(
        self, request: gr.Request, where: str, model: str, *settings: Any
    ) -> Updates:
        """Keep what was set for this chat."""
        return await self._keep(request, where, model, *settings)

    async def _keep(
        self, request: gr.Request, where: str, model: str, *settings: Any, chosen: bool = False
    ) -> Updates:
        who, place = self._showing.who(request), self._showing.place(where)
        try:
            changed = await self._handlers.keep_settings(
                who, place, model or "", read(*settings), chosen
            )
        except REFUSED as error:
            return self._screen.warn(line(error, who.language))
        return self._screen.tell(changed)
