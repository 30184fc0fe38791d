"""The values that go between a page and its handlers: who asks, from where, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.catalog import Model
from core.conversation import ChatSettings
from core.documents import DocumentUse
from core.texts import LANGUAGES
from engine.context import Gauge
from ui.found import Found
from ui.render import ChatbotMessage
from ui.welcome import Welcome
from ui.windows import gauge_json

_MOST_COLLECTIONS = 100
_LONGEST_QUERY = 400


@dataclass(frozen=True)
class Visitor:
    """Who is asking, and in which language."""

    owner: str
    language: str


STREAMED = -1
"""In the place of a trip's number (ui/static/page.js)."""


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
    first: str | None = None
    """The first message the page shows."""
    trip: int = 0
    """The number of the event, by which the page knows its answer (ui/static/trips.js); 0 where
    the page waits for none, `STREAMED` in a frame of a stream."""
    documents: DocumentUse = field(default_factory=DocumentUse)
    """Whether a chat that has no file yet uses the documents; any other has it in its file."""
    find: str = ""
    """What the chat was searched for: its first hit is to be among what is shown."""
    further: bool = False
    """Show the hits before those that are shown, too."""
    language: str = ""
    """The language of the page, where it says so."""

    def reader(self, who: Visitor) -> Visitor:
        """Who is asking, in the language of their page."""
        return replace(who, language=self.language) if self.language else who


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
    first: str | None = None
    """The first message of `messages`, as `Place.first`."""
    comparison: bool = False
    """Whether the chat compares models."""
    documents: DocumentUse = field(default_factory=DocumentUse)
    """Whether its questions are looked up in the documents."""
    gone: str = ""
    """The chat's model, where the catalog has it no more; `model` is what it goes on with."""
    gauge: Gauge | None = None
    """How full the model's window is; None while that is not worth reckoning."""
    summarising: bool = False
    """Whether a summary of the chat's oldest part is being written."""
    repairs: int = 0
    """How much of the tree was damaged and is mended in memory only: nothing is written until
    the person has it repaired."""
    read_only: bool = False
    found: Found | None = None
    """Where the words of `Place.find` are."""
    welcome: Welcome | None = None
    """What an empty chat says; None where there are messages."""
    warning: str = ""
    """Why this is not what was asked for."""

    def summary(self) -> Mapping[str, Any]:
        """What the page's scripts need to know."""
        return {
            "chat": self.place.chat,
            "trip": self.place.trip,
            "title": self.title,
            "leaf": self.leaf,
            "first": self.first,
            "turn": self.turn,
            "comparison": self.comparison,
            "documents": {
                "on": self.documents.on,
                "collections": self.documents.collections,
            },
            "gone": self.gone,
            "goesOn": self.model.label if self.model else "",
            "gauge": gauge_json(self.gauge),
            "summarising": self.summarising,
            "repairs": self.repairs,
            "hidden": self.hidden,
            "readOnly": self.read_only,
            "painted": self.place.painted,
            "shown": self.place.shown,
            "empty": not self.messages,
            "found": self.found.summary() if self.found else None,
            "warning": self.warning,
        }


def place_of(where: Mapping[str, Any], page_size: int) -> Place:
    """The place a page names; what it leaves out or garbles is that of an empty page, which shows
    `page_size` messages."""
    shown, trip, find = where.get("shown"), where.get("trip"), where.get("find")
    ids = {name: _id(where.get(name)) for name in ("chat", "edits", "first", "leaf", "turn")}
    return Place(
        shown=shown if type(shown) is int and shown > 0 else page_size,
        painted=where.get("painted") is True,
        trip=trip if type(trip) is int and trip > 0 else 0,
        documents=_documents(where.get("documents")),
        find=find[:_LONGEST_QUERY] if isinstance(find, str) else "",
        further=where.get("further") is True,
        language=next((one for one in LANGUAGES if one == where.get("language")), ""),
        **ids,
    )


def _documents(value: object) -> DocumentUse:
    """How a new chat uses documents; what is garbled uses none."""
    named = value if isinstance(value, Mapping) else {}
    names = named.get("collections")
    listed = names[:_MOST_COLLECTIONS] if isinstance(names, list) else ()
    chosen = tuple(name for name in listed if isinstance(name, str))
    return DocumentUse(named.get("on") is True, chosen)


def _id(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
