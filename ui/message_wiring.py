"""Events of the messages and branches: what their buttons start, and which handler does it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.message_handlers import MessageHandlers
from ui.screen import Updates
from ui.showing import Showing, told
from ui.typed_settings import read
from ui.view import Place


class MessageWiring:
    """Attaches the events that ui/static/actions.js and branches_actions.js trigger."""

    def __init__(self, showing: Showing, handlers: MessageHandlers) -> None:
        self._showing = showing
        self._handlers = handlers

    def attach(self, asking: list[Any], everything: list[Any]) -> None:
        """Attach all events; called once, inside the Blocks context. `asking` are the inputs of a
        question."""
        screen = self._showing.screen
        view, where, shown = screen.bridge.view, [screen.bridge.where], screen.transcript()
        on_trip = self._showing.on_trip
        on_trip(view.retry, self.retry, asking, everything)
        on_trip(getattr(view, "continue"), self.go_on, asking, everything)
        on_trip(view.choose, self.choose, where, shown)
        on_trip(view.branch, self.begin_branch, where, shown)
        on_trip(view.path, self.open_path, where, shown)
        on_trip(view.summary, self.change_summary, where, shown)

    async def retry(
        self, request: gr.Request, event: gr.EventData, where: str, model: str, *settings: Any
    ) -> Updates:
        """Have a question answered once more, beside the answer there is."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        answer = _text(event, "answer")

        async def again() -> Place:
            return await self._handlers.retry(who, place, answer, model or "", read(*settings))

        return await self._showing.asked(who, place, again())

    async def go_on(
        self, request: gr.Request, event: gr.EventData, where: str, model: str, *settings: Any
    ) -> Updates:
        """Have an answer continued, as a version beside it."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        answer = _text(event, "answer")

        async def go_on() -> Place:
            return await self._handlers.go_on(who, place, answer, model or "", read(*settings))

        return await self._showing.asked(who, place, go_on())

    async def choose(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Turn to another version of a message."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        turned = self._handlers.choose(who, place, _text(event, "message"))
        return await self._showing.transcript(who, place, turned)

    async def begin_branch(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Begin a branch at a message, and show it."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        begun = self._handlers.begin_branch(
            who, place, _text(event, "name"), _text(event, "message")
        )
        return await self._showing.transcript(who, place, begun)

    async def open_path(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Turn to a branch, or to what follows a message."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        opened = self._handlers.open_path(
            who, place, _text(event, "branch"), _text(event, "message")
        )
        return await self._showing.transcript(who, place, opened)

    async def change_summary(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Edit a summary, undo it, or use it again."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        action, summary = _text(event, "action"), _text(event, "summary")
        if action == "edit":
            done = self._handlers.edit_summary(who, place, summary, _text(event, "text"))
        else:
            done = self._handlers.undo_summary(who, place, summary, off=action == "undo")
        return await self._showing.transcript(who, place, done)


def _text(event: gr.EventData, name: str) -> str:
    return str(told(event).get(name) or "")
