"""What the page's events do: plain values in, a `View` out. Gradio is not known here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
    started again knows as much as the one before, and two pages of one chat do not mix."""

    chat: str | None
    shown: int
    painted: bool = False
    edits: str | None = None
    """The question the message box holds a new version of."""
    leaf: str | None = None
    """The last message the page shows: what is asked follows it."""
    turn: str | None = None
    """The running answer the page shows: the one that Stop means."""


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
    leaf: str | None = None
    """The last message of the chosen path, as `Place.leaf`."""
    comparison: bool = False
    """Whether the chat compares models."""
    gone: str = ""
    """The chat's model, where the catalog has it no more; `model` is what it goes on with."""
    repairs: int = 0
    """How much of the tree was damaged and is mended in memory only: nothing is written until
    the person has it repaired."""
    read_only: bool = False
    warning: str = ""
    """Why this is not what was asked for."""

    def summary(self) -> Mapping[str, Any]:
        """What the page's scripts need to know."""
        return {
            "chat": self.place.chat,
            "title": self.title,
            "leaf": self.leaf,
            "turn": self.turn,
            "comparison": self.comparison,
            "gone": self.gone,
            "goesOn": self.model.label if self.model else "",
            "repairs": self.repairs,
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
        shown = where.get("shown")
        ids = {name: _id(where.get(name)) for name in ("chat", "edits", "leaf", "turn")}
        return Place(
            shown=shown if type(shown) is int and shown > 0 else self._page_size,
            painted=where.get("painted") is True,
            **ids,
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
        """Ask after what the page shows; on return the question is on disk. Raises as
        `engine.turns.Turns.send`."""
        if place.chat and place.leaf and not place.edits:
            shown = partial(_standing_at, leaf=place.leaf)
            await self._services.stores.of(who.owner).update(place.chat, shown)
        turn = await self._services.turns.send(
            who.owner, place.chat, text, model_id, settings, place.edits
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
        renderer = Renderer(self._catalog, who.language, versions(chat, shown))
        return View(
            place=place,
            title=chat.title,
            messages=renderer.messages(shown, place.painted),
            hidden=len(path) - len(shown),
            turn=turn.id if turn else None,
            seq=seq,
            leaf=chat.leaf,
            model=self._catalog.model(chat.model) or self._catalog.default(),
            gone="" if self._catalog.model(chat.model) else chat.model,
            settings=chat.settings,
            comparison=chat.comparison is not None,
            repairs=chat.repairs,
            read_only=chat.schema > SCHEMA,
        )


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _standing_at(chat: Conversation, leaf: str) -> Conversation:
    """The chat where a page stands that another page has not followed; where the chosen path runs
    through that place, it stays as it is."""
    if chat.message(leaf) is None or any(message.id == leaf for message in chat.path()):
        return chat
    return chat.fork(leaf)


def versions(chat: Conversation, shown: Sequence[Message]) -> Mapping[str, Sequence[str]]:
    """The ids of each message and its siblings, oldest first, by the message's id."""
    siblings: dict[str | None, list[str]] = {message.parent: [] for message in shown}
    for message in chat.messages:
        if message.parent in siblings:
            siblings[message.parent].append(message.id)
    return {message.id: tuple(siblings[message.parent]) for message in shown}


def _newest(message: Message, turn: LiveTurn | None) -> Message:
    """The running answer is newer in memory than at its last checkpoint."""
    return turn.message if turn and turn.id == message.id else message
