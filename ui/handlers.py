"""What the page's events do: plain values in, a `View` out. Gradio is not known here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.catalog import Model
from core.conversation import SCHEMA, ChatSettings, Conversation, Message
from core.errors import ChatNotFound
from engine.limits import accept_settings
from engine.live import LiveTurn
from engine.services import Services
from ui.render import ChatbotMessage, Renderer

_FRAME_S = 1 / 30


@dataclass(frozen=True)
class Visitor:
    """Who is asking, and in which language."""

    owner: str
    language: str


@dataclass(frozen=True)
class Place:
    """Where a page is: the chat it shows, how many of its messages at most, and whether its own
    painter shows running answers. The page says it with every event, so that a program that was
    started again knows as much as the one before."""

    chat: str | None
    shown: int
    painted: bool = False
    edits: str | None = None
    """The question the message box holds a new version of."""


@dataclass(frozen=True)
class View:
    """What the page shows after an event. `hidden` messages come before the first shown one;
    `turn` is the answer being made in this chat."""

    place: Place
    title: str
    messages: list[ChatbotMessage]
    hidden: int
    turn: str | None
    model: Model | None
    settings: ChatSettings
    seq: int = 0
    """The number of the last event of `turn` that `messages` has."""
    read_only: bool = False
    warning: str = ""
    """Why this is not what was asked for."""

    def summary(self) -> Mapping[str, Any]:
        """What the page's scripts need to know."""
        return {
            "chat": self.place.chat,
            "title": self.title,
            "turn": self.turn,
            "hidden": self.hidden,
            "readOnly": self.read_only,
            "painted": self.place.painted,
            "shown": self.place.shown,
            "empty": not self.messages,
            "warning": self.warning,
        }


class Handlers:
    """One instance serves all pages; every call says who is asking."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._catalog = services.loaded.catalog

    @property
    def _page_size(self) -> int:
        return self._catalog.limits.mounted_messages

    def place(self, where: Mapping[str, Any]) -> Place:
        """The place a page names; what it leaves out or garbles is that of an empty page."""
        chat, shown, edits = where.get("chat"), where.get("shown"), where.get("edits")
        return Place(
            chat=chat if isinstance(chat, str) and chat else None,
            shown=shown if type(shown) is int and shown > 0 else self._page_size,
            painted=where.get("painted") is True,
            edits=edits if isinstance(edits, str) and edits else None,
        )

    def new_chat(self) -> View:
        """An empty chat with the default model; its file appears with the first message."""
        place = Place(None, self._page_size)
        return View(place, "", [], 0, None, self._catalog.default(), ChatSettings())

    async def open(self, who: Visitor, place: Place) -> View:
        """The chat at `place`, joined to the answer that runs in it. A chat that is gone raises
        ChatNotFound."""
        self._services.readiness.refresh()
        if place.chat is None:
            return self.new_chat()
        chat = await self._services.stores.of(who.owner).load(place.chat)
        return self._view(who, chat, place)

    def earlier(self, place: Place) -> Place:
        """The same chat with more of its past."""
        return replace(place, shown=place.shown + self._page_size)

    async def send(
        self, who: Visitor, place: Place, text: str, model_id: str, settings: ChatSettings
    ) -> Place:
        """Ask; on return the question is on disk. Raises as `engine.turns.Turns.send`."""
        turn = await self._services.turns.send(
            who.owner, place.chat, text, model_id, settings, place.edits
        )
        return replace(place, chat=turn.chat_id, edits=None)

    async def retry(
        self, who: Visitor, place: Place, answer_id: str, model_id: str, settings: ChatSettings
    ) -> Place:
        """Ask the question of an answer once more. Raises as `engine.turns.Turns.retry`."""
        if place.chat is None:
            raise ChatNotFound("")
        turns = self._services.turns
        await turns.retry(who.owner, place.chat, answer_id, model_id, settings)
        return place

    async def choose(self, who: Visitor, place: Place, message_id: str) -> None:
        """Turn to another version of a question or answer; the chat remembers it."""
        if place.chat is None:
            raise ChatNotFound("")

        def turn_to(chat: Conversation) -> Conversation:
            if chat.message(message_id) is None:
                raise ChatNotFound(message_id)
            return chat.turn_to(message_id)

        await self._services.stores.of(who.owner).update(place.chat, turn_to)

    async def stop(self, who: Visitor, place: Place) -> None:
        """Stop the answer that runs in this chat."""
        if place.chat is not None:
            await self._services.turns.stop_chat(who.owner, place.chat)

    async def keep_settings(
        self, who: Visitor, place: Place, model_id: str, settings: ChatSettings
    ) -> None:
        """Keep the model and settings of a chat that has a file. Raises RejectedInput."""
        accept_settings(settings, self._catalog.limits)
        if place.chat is None:
            return

        def keep(chat: Conversation) -> Conversation:
            kept = replace(chat, model=model_id, settings=settings)
            return chat if kept == chat else kept

        await self._services.stores.of(who.owner).update(place.chat, keep)

    async def follow(self, who: Visitor, place: Place) -> AsyncIterator[View]:
        """The chat at 30 frames a second until its answer ends: for pages without `/ws`."""
        while True:
            view = await self.open(who, place)
            yield view
            turn = self._turn(who, view.turn)
            if turn is None:
                return
            await asyncio.sleep(_FRAME_S)
            await turn.signal.after(view.seq)

    def _turn(self, who: Visitor, turn_id: str | None) -> LiveTurn | None:
        return self._services.turns.get(who.owner, turn_id) if turn_id else None

    def _view(self, who: Visitor, chat: Conversation, place: Place) -> View:
        turn = self._turn(who, chat.leaf)
        seq = turn.seq if turn else 0  # before looking: what comes meanwhile is drawn next
        path = [_newest(message, turn) for message in chat.path()]
        shown = path[-place.shown :]
        versions = {m.id: tuple(s.id for s in chat.siblings(m.id)) for m in shown}
        renderer = Renderer(self._catalog, who.language, versions)
        return View(
            place=place,
            title=chat.title,
            messages=renderer.messages(shown, place.painted),
            hidden=len(path) - len(shown),
            turn=turn.id if turn else None,
            seq=seq,
            model=self._catalog.model(chat.model) or self._catalog.default(),
            settings=chat.settings,
            read_only=chat.schema > SCHEMA,
        )


def _newest(message: Message, turn: LiveTurn | None) -> Message:
    """The running answer is newer in memory than at its last checkpoint."""
    return turn.message if turn and turn.id == message.id else message
