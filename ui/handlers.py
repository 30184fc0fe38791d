"""What the page's events do: plain values in, a `View` out. Gradio is not known here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from core.catalog import Catalog, Model
from core.conversation import SCHEMA, ChatSettings, Conversation, Message
from core.errors import ChatNotFound
from engine.context import in_effect
from engine.limits import accept_settings
from engine.live import LiveTurn
from engine.services import Services
from ui.current_chat import current
from ui.found import Found, find
from ui.paths import elsewhere, is_blind, newest, shown_end, standing_at, versions
from ui.render import Renderer
from ui.view import Place, View, Visitor, place_of
from ui.welcome import Welcome, welcome
from ui.windows import Windows, gauge_json

_FRAME_S = 1 / 30


class Handlers:
    """One instance serves all pages; every call says who is asking."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._windows = Windows(services.turns)

    @property
    def _catalog(self) -> Catalog:
        return self._services.loaded.catalog

    @property
    def _page_size(self) -> int:
        return self._catalog.limits.mounted_messages

    def place(self, where: Mapping[str, Any]) -> Place:
        """The place a page names, as `ui.view.place_of`."""
        return place_of(where, self._page_size)

    async def new_chat(self, who: Visitor, place: Place) -> View:
        """An empty chat with the default model, for the page that is at `place`; its file appears
        with the first message."""
        empty = Place(None, self._page_size, place.painted, trip=place.trip)
        model, settings = self._catalog.default(), ChatSettings()
        gauge = self._windows.gauge(model, settings)
        greeting = await self._welcome(who, model)
        return View(empty, "", [], 0, None, model, settings, gauge=gauge, welcome=greeting)

    async def welcome(self, who: Visitor, model_id: str) -> Welcome:
        """What an empty chat says while that model is chosen."""
        return await self._welcome(who, self._catalog.model(model_id))

    async def _welcome(self, who: Visitor, model: Model | None) -> Welcome:
        known = await self._services.readiness.snapshot()
        return welcome(who.language, model, self._catalog.models, known)

    async def open(self, who: Visitor, place: Place) -> View:
        """The chat at `place`, joined to the answer that runs in it. A chat that is gone raises
        ChatNotFound."""
        await self._services.look()
        if place.chat is None:
            return await self.new_chat(who, place)
        store = self._services.stores.of(who.owner)
        chat = await store.load(place.chat)
        chat = await current(store, self._services.turns, who.owner, chat)
        return await self._view(who, chat, place)

    def earlier(self, place: Place) -> Place:
        """The same chat with more of its past."""
        return replace(place, shown=place.shown + self._page_size, first=None)

    async def send(
        self, who: Visitor, place: Place, text: str, model_id: str, settings: ChatSettings
    ) -> Place:
        """Ask after what the page shows; on return the question is on disk. Raises as
        `engine.turns.Turns.send`."""
        if place.chat and place.leaf and not place.edits:
            shown = partial(standing_at, leaf=place.leaf)
            await self._services.stores.of(who.owner).update(place.chat, shown)
        turn = await self._services.turns.send(
            who.owner, place.chat, text, model_id, settings, place.edits, place.documents
        )
        return replace(place, chat=turn.chat_id, edits=None)

    async def stop(self, who: Visitor, place: Place) -> None:
        """Stop the answer the page shows, and no other of the chat; for a page that names none,
        the one at the end of the chosen path."""
        turn = place.turn or await self._leaf(who, place)
        if turn:
            await self._services.turns.stop(who.owner, turn)

    async def _leaf(self, who: Visitor, place: Place) -> str | None:
        if place.chat is None:
            return None
        try:
            return (await self._services.stores.of(who.owner).load(place.chat)).leaf
        except ChatNotFound:
            return None

    async def keep_settings(
        self,
        who: Visitor,
        place: Place,
        model_id: str,
        settings: ChatSettings,
        chosen: bool = False,
    ) -> Mapping[str, Any]:
        """Keep the settings of a chat that has a file, and the model where it has just been
        `chosen`. Returns what changes with them on the page, as in `View.summary`. Raises
        RejectedInput."""
        accept_settings(settings, self._catalog.limits)
        model = self._catalog.model(model_id)
        if place.chat is None:
            return {"gauge": gauge_json(self._windows.gauge(model, settings))}

        def keep(chat: Conversation) -> Conversation:
            model = model_id if chosen else chat.model
            kept = replace(chat, model=model, settings=settings)
            return chat if kept == chat else kept

        chat = await self._services.stores.of(who.owner).update(place.chat, keep)
        changed = self._windows.gauge(model, settings, chat)
        named = {"gone": "", "goesOn": model.label} if chosen and model else {}
        return {"gauge": gauge_json(changed), **named}

    async def follow(self, who: Visitor, place: Place) -> AsyncIterator[View]:
        """The chat at 30 frames a second until its answer ends: for pages without `/ws`. Fewer
        where a frame takes longer to make."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            view = await self.open(who, place)
            took = clock() - began
            yield view
            if view.turn is None:
                return
            await asyncio.sleep(max(_FRAME_S, took))
            turn = self._turn(who, view.turn)
            if turn:  # else it has ended meanwhile, and the next view says so
                await turn.signal.after(view.seq)

    def _turn(self, who: Visitor, turn_id: str | None) -> LiveTurn | None:
        return self._services.turns.get(who.owner, turn_id) if turn_id else None

    async def _view(self, who: Visitor, chat: Conversation, place: Place) -> View:
        turn = self._turn(who, chat.leaf)
        seq = turn.seq if turn else 0  # before looking: what comes meanwhile is drawn next
        path = [newest(message, turn) for message in chat.path()]
        found = await self._find(chat, path, place)
        shown = shown_end(path, place.shown, place.first)
        if found and found.row is not None:
            shown = path[-found.shown :]
            place = replace(place, shown=len(shown))
        blind = is_blind(chat)
        known = None if blind else self._catalog.model(chat.model)
        model = known or self._catalog.default()
        busy = turn is not None and not place.painted  # the next view comes in a thirtieth second
        renderer = replace(self._renderer(who, chat, path, shown), written_elsewhere=turn is None)
        return View(
            place=place,
            title=chat.title,
            messages=await asyncio.to_thread(
                renderer.messages, shown, place.painted and bool(turn)
            ),
            hidden=len(path) - len(shown),
            turn=turn.id if turn else None,
            seq=seq,
            leaf=chat.leaf,
            first=shown[0].id if shown else None,
            model=model,
            gone="" if known or blind else chat.model,
            settings=chat.settings,
            comparison=chat.comparison is not None,
            documents=chat.documents,
            gauge=None if busy else self._windows.gauge(model, chat.settings, chat),
            summarising=self._windows.is_summarising(who.owner, chat),
            repairs=chat.repairs,
            read_only=chat.schema > SCHEMA,
            found=found,
            welcome=None if shown else await self._welcome(who, model),
        )

    async def _find(
        self, chat: Conversation, path: Sequence[Message], place: Place
    ) -> Found | None:
        if not place.find:
            return None
        return await asyncio.to_thread(find, chat, path, place.find, place.shown, place.further)

    def _renderer(
        self, who: Visitor, chat: Conversation, path: Sequence[Message], shown: Sequence[Message]
    ) -> Renderer:
        effective = in_effect(path, chat.summaries)
        known = versions(chat, shown)
        return Renderer(
            self._catalog,
            who.language,
            known,
            chat.summaries,
            effective,
            is_blind(chat),
            elsewhere(chat, path),
            {message.id: chat.source_models(message) for message in shown},
        )
