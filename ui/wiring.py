"""Events of the chat: which component calls which handler, and where the view goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import gradio as gr

from engine.services import Services
from ui.handlers import Handlers
from ui.message_handlers import MessageHandlers
from ui.message_wiring import MessageWiring
from ui.refusals import REFUSED, warning
from ui.screen import Updates
from ui.showing import QUEUED, QUIET, WHERE_JS, Showing, told
from ui.typed_settings import read
from ui.view import Place


class Wiring:
    """Attaches the events of opening, asking and settings, and those of the messages."""

    def __init__(
        self,
        showing: Showing,
        handlers: Handlers,
        messages: MessageHandlers,
        services: Services,
    ) -> None:
        self._showing = showing
        self._screen = showing.screen
        self._handlers = handlers
        self._messages = MessageWiring(showing, messages)
        self._services = services

    def attach(self, demo: gr.Blocks) -> None:
        """Attach all events; called once, inside the Blocks context."""
        screen, talk, view = self._screen, self._screen.conversation, self._screen.bridge.view
        everything, where = screen.everything(), [screen.bridge.where]
        asking = [*where, talk.model, *screen.settings.inputs()]
        on_trip = self._showing.on_trip
        offering = [talk.model, screen.compare.models, *screen.settings.inputs(), view]
        demo.load(self.load, None, [*everything, screen.compare.models], **QUIET)
        on_trip(view.open, self.open, where, everything)
        on_trip(view.send, self.send, asking, everything)
        on_trip(view.settle, self.settle, where, screen.transcript())
        on_trip(view.earlier, self.earlier, where, screen.transcript())
        self._messages.attach(asking, everything)
        view.welcome(self.welcome, None, talk.chatbot, show_progress_on=view, **QUIET)
        view.models(self.models, where, offering, show_progress_on=view, js=WHERE_JS, **QUIET)
        talk.chatbot.example_select(self.choose_example, None, view, **QUIET)
        talk.stop.click(self.stop, where, None, js=WHERE_JS, **QUIET)
        self._attach_streams()
        self._attach_settings()

    def _attach_streams(self) -> None:
        """One event alone could end the very stream that begins while it ends another: the page
        takes two in turn (ui/static/streams.js)."""
        bridge, shown = self._screen.bridge, self._screen.transcript()
        view, streaming = bridge.view, {"trigger_mode": "multiple", "js": WHERE_JS, **QUEUED}
        followed = view.follow(self.follow, bridge.where, shown, **streaming)
        followed_again = view.refollow(self.follow, bridge.where, shown, **streaming)
        view.leave(None, cancels=[followed])
        view.leave_again(None, cancels=[followed_again])

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
        catalog, chosen = self._services.catalog, view.model.id if view.model else ""
        problems = await self._problems(who.language)
        return {
            **self._screen.show(view, who.language),
            **self._screen.choices(catalog.now, chosen),
            **self._screen.greet(view, who, catalog.edition, problems),
        }

    async def _problems(self, language: str) -> Sequence[str]:
        """What is wrong in the person's files now; one of them is read for it."""
        return await asyncio.to_thread(self._services.problems, language)

    async def models(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """The catalog has changed: offer the models it has now. `model` and `compared` of the
        event are what the page has chosen."""
        who, place = self._showing.who(request), self._showing.place(where)
        chosen, compared = str(told(event).get("model") or ""), told(event).get("compared")
        catalog = self._services.loaded.catalog
        offered = self._screen.choices(catalog, chosen, compared)
        model, problems = catalog.model(chosen), await self._problems(who.language)
        goes_on = model or catalog.default()
        gone = {"gone": "" if model or not place.chat else chosen}
        named = {**gone, "goesOn": goes_on.label if goes_on else ""}
        return {
            **offered,
            **self._screen.settings.offer(goes_on),
            **self._screen.tell({"problems": problems, **named}),
        }

    async def open(self, request: gr.Request, event: gr.EventData, _where: str) -> Updates:
        """A chat was chosen, or a new one; the chat the page shows is to be drawn anew."""
        who, place = self._showing.who(request), self._handlers.place(told(event))
        return self._screen.show(await self._showing.view(who, place), who.language)

    async def follow(self, request: gr.Request, where: str) -> AsyncIterator[Updates]:
        """The answer while it is made, for a page that cannot use `/ws`."""
        who, place = self._showing.who(request), self._showing.place(where)
        async for updates in self._showing.follow(who, place):
            yield updates

    async def send(
        self, request: gr.Request, event: gr.EventData, where: str, model: str, *settings: Any
    ) -> Updates:
        """Ask what stood in the message box when it was sent."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        text = str(told(event).get("text") or "")

        async def ask() -> Place:
            return await self._handlers.send(who, place, text, model or "", read(*settings))

        return await self._showing.asked(who, place, ask())

    async def welcome(self, request: gr.Request, event: gr.EventData) -> Updates:
        """Another model was chosen in an empty chat, or one has become ready."""
        place, model = self._handlers.place(told(event)), str(told(event).get("model") or "")
        who = place.reader(self._showing.who(request))
        return self._screen.show_welcome(await self._handlers.welcome(who, model))

    async def choose_example(self, event: gr.SelectData) -> Updates:
        """A ready prompt was chosen: the page sends it."""
        return self._screen.tell({"ask": str(event.value["text"])})

    async def stop(self, request: gr.Request, where: str) -> None:
        """Stop the answer the page shows."""
        await self._handlers.stop(self._showing.who(request), self._showing.place(where))

    async def settle(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """A painted answer has ended, or the chat has changed: show what is on disk."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        return await self._showing.transcript(who, place)

    async def earlier(self, request: gr.Request, event: gr.EventData, where: str) -> Updates:
        """Show more of the chat's past."""
        who, place = self._showing.who(request), self._showing.place(where, event)
        return await self._showing.transcript(who, self._handlers.earlier(place))

    async def choose_model(
        self, request: gr.Request, where: str, model: str, *settings: Any
    ) -> Updates:
        """Show the settings this model takes, and keep the choice."""
        kept = await self._keep(request, where, model, *settings, chosen=True)
        return {**kept, **self._screen.settings.offer(self._services.catalog.model(model))}

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
            return self._screen.warn(warning(error, who.language))
        return self._screen.tell(changed)
