"""Titles of chats: made from the first message at once, improved by a model if wished."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from core.catalog import Model
from core.conversation import Message
from core.events import TextDelta, TextWasReasoning
from core.excerpt import plain
from core.request import ChatRequest, Options, PromptMessage, StreamFunction
from engine.current_catalog import CatalogView
from storage.protocol import ChatStore, Stores

log = logging.getLogger(__name__)

_LONGEST = 60
_EXCERPT = 1000
_TITLE_TOKENS = 40
_ASK = (
    "Write a title of at most six words for this conversation, in its own language. "
    "Answer with the title alone."
)

_LABEL = re.compile(r"(?:title|başlık)\s*:\s*", re.IGNORECASE)
_QUOTED = re.compile(r"\"([^\"]+)\"|[“„«]([^“”„«»]+)[”“»]")


def first_title(text: str) -> str:
    """The first words of a message as a title, cut at a word."""
    words = next(filter(None, map(plain, text[:_EXCERPT].splitlines())), "")
    if len(words) <= _LONGEST:
        return words or "…"
    cut = words[:_LONGEST].rsplit(" ", 1)[0] if " " in words[:_LONGEST] else words[: _LONGEST - 1]
    return f"{cut.rstrip('.,;:!?')}…"


def said_title(answer: str) -> str:
    """The title in a model's answer, without what models put around it."""
    text = answer.strip().removeprefix("```json").strip("`").strip()
    if text.startswith("{"):
        text = _title_of(text)
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    quoted = _QUOTED.fullmatch(text)
    return (quoted[1] or quoted[2]) if quoted else text


def _title_of(text: str) -> str:
    try:
        values = json.loads(text)
    except ValueError:
        return text
    return next((value for value in values.values() if isinstance(value, str)), text)


class TitleImprover:
    """Asks a model for a better title after the first answer, in the background, where the catalog
    wishes it. A title the person wrote is left alone; a model that fails costs nothing."""

    def __init__(self, catalog: CatalogView, stores: Stores, stream: StreamFunction) -> None:
        self._catalog = catalog
        self._stores = stores
        self._stream = stream
        self._tasks: set[asyncio.Task[None]] = set()

    def improve(self, owner: str, chat_id: str, answer_id: str, model: Model) -> None:
        """Begin, and return at once, if this answer is the first of its chat that is shown: its
        siblings of a comparison ask for nothing. `model` is asked unless the catalog names
        another."""
        if not self._catalog.titles.improve:
            return
        asked = self._catalog.model(self._catalog.titles.model or "") or model
        improving = self._improve(self._stores.of(owner), chat_id, answer_id, asked)
        task = asyncio.create_task(improving)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until no title is being made."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def shut_down(self) -> None:
        """Give up what is being made."""
        for task in self._tasks:
            task.cancel()
        await self.idle()

    async def _improve(self, store: ChatStore, chat_id: str, answer_id: str, model: Model) -> None:
        try:
            path = (chat := await store.load(chat_id)).path()
            made = first_title(path[0].content)
            if len(path) != 2 or path[1].id != answer_id or chat.title != made:
                return
            better = await self._ask(model, path)
            if better:
                await store.update(
                    chat_id, lambda c: replace(c, title=better) if c.title == made else c
                )
        except Exception:
            # Whatever it is: nobody waits for a title, and the first one still stands.
            log.info("the title of %s could not be improved", chat_id, exc_info=True)

    async def _ask(self, model: Model, path: Sequence[Message]) -> str:
        spoken = "\n\n".join(f"{m.role}: {m.content[:_EXCERPT]}" for m in path)
        request = ChatRequest(
            model=model,
            messages=(PromptMessage("user", f"{_ASK}\n\n{spoken}"),),
            options=Options(max_output_tokens=_TITLE_TOKENS),
            stream=False,
        )
        pieces: list[str] = []
        async with aclosing(self._stream(request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    pieces.append(event.text)
                elif isinstance(event, TextWasReasoning):
                    pieces.clear()
        text = said_title("".join(pieces))
        return first_title(text) if text else ""
