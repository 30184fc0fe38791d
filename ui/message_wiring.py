"""Events of the messages: what their buttons start, and which handler does it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import gradio as gr

from ui.message_handlers import MessageHandlers
from ui.panels.settings import read
from ui.screen import Updates
from ui.showing import QUEUED, QUIET, WHERE_JS, Showing
from ui.view import Place, Visitor


class MessageWiring:
    """Attaches the events that ui/static/actions.js triggers."""

    def __init__(self, showing: Showing, handlers: MessageHandlers) -> None:
        self._showing = showing
        self._handlers = handlers

    def attach(self, asking: list[Any], everything: list[Any]) -> list[Any]:
        """Attach all events; called once, inside the Blocks context. `asking` are the inputs of a
        question. Returns the events that stream an answer."""
        screen = self._showing.screen
        where, shown = screen.bridge.where, screen.transcript()
        view = screen.bridge.view
        streams = [
            started(answering, asking, everything, js=WHERE_JS, **QUEUED)
            for started, answering in (
                (view.retry, self.retry),
                (getattr(view, "continue"), self.go_on),
            )
        ]
        view.choose(self.choose, where, shown, js=WHERE_JS, **QUIET)
        view.summary(self.change_summary, where, shown, js=WHERE_JS, **QUIET)
        return streams

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
        asked = partial(self._handlers.retry, model_id=model or "", settings=read(*settings))
        async for updates in self._answered(request, event, where, asked):
            yield updates

    async def go_on(
        self,
        request: gr.Request,
        event: gr.EventData,
        where: str,
        model: str,
        _text: str,
        *settings: Any,
    ) -> AsyncIterator[Updates]:
        """Have an answer continued, as a version beside it."""
        asked = partial(self._handlers.go_on, model_id=model or "", settings=read(*settings))
        async for updates in self._answered(request, event, where, asked):
            yield updates

    async def _answered(
        self,
        request: gr.Request,
        event: gr.EventData,
        where: str,
        asked: Callable[[Visitor, Place, str], Awaitable[Place]],
    ) -> AsyncIterator[Updates]:
        who, place = self._showing.who(request), self._showing.place(where)
        answer = str(event._data.get("answer"))
        async for updates in self._showing.ask(who, asked(who, place, answer)):
            yield updates

    async def choose(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Turn to another version of a message."""
        who, place = self._showing.who(request), self._showing.place(where)
        turned = self._handlers.choose(who, place, str(event._data.get("message")))
        return await self._showing.transcript(who, place, turned)

    async def change_summary(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Edit a summary, undo it, or use it again."""
        who, place = self._showing.who(request), self._showing.place(where)
        action, summary = event._data.get("action"), str(event._data.get("summary"))
        if action == "edit":
            text = str(event._data.get("text") or "")
            done = self._handlers.edit_summary(who, place, summary, text)
        else:
            done = self._handlers.undo_summary(who, place, summary, off=action == "undo")
        return await self._showing.transcript(who, place, done)
