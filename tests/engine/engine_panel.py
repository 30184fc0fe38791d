"""Comparisons over real files, with models the test plays at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalog import Catalog
from core.comparison import Comparison
from core.conversation import ChatSettings, Conversation, Message
from core.events import TextDelta
from engine.comparisons import Comparisons, Started
from engine.live import LiveTurn
from engine.rounds import exchanges
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_script import END, Voices

NONE = ChatSettings()


async def ended(*turns: LiveTurn) -> None:
    async with asyncio.timeout(10):
        for turn in turns:
            while not turn.ended:
                await turn.signal.after(turn.seq)


@dataclass
class Panel:
    comparisons: Comparisons
    turns: Turns
    stores: FileStores
    voices: Voices
    catalog: Catalog
    kept: list[Conversation] = field(default_factory=list)

    async def ask(
        self, chat: str | None, text: str, models: Sequence[str], context: Any = "own", **more: Any
    ) -> Started:
        """Ask in parallel without blindness, unless told otherwise."""
        how = {"mode": "parallel", "blind": False, "settings": NONE, **more}
        return await self.comparisons.send("", chat, text, models, context, **how)

    async def round(
        self, chat: str | None, text: str, models: Sequence[str], context: Any = "own", **more: Any
    ) -> str:
        """Ask, and have every model answer `<model>: <text>`. Gives the chat's id."""
        started = await self.ask(chat, text, models, context, **more)
        for turn in started.turns:
            self.voices.say(turn.answer.model, TextDelta(f"{turn.answer.model}: {text}"), END)
        await ended(*started.turns)
        return started.chat

    async def vote(self, chat: str, vote: Any) -> Conversation:
        """Vote, and keep the lines of the votes in `kept`."""

        async def keep(marked: Conversation) -> None:
            self.kept.append(marked)

        return await self.comparisons.vote("", chat, vote, keep)

    async def load(self, chat: str) -> Conversation:
        return await self.stores.of("").load(chat)

    async def lanes(self, chat: str) -> Comparison:
        found = (await self.load(chat)).comparison
        assert found is not None
        return found

    async def newest(self, chat: str, model: str) -> Message:
        """The newest answer in a lane."""
        loaded = await self.load(chat)
        assert loaded.comparison is not None
        lane = loaded.comparison.lane(model)
        assert lane is not None
        answer = exchanges(loaded, loaded.comparison, lane)[-1].answer
        assert answer is not None
        return answer

    async def shown(self, chat: str, model: str) -> list[tuple[str, str | None]]:
        """What a lane shows: questions and its own answers."""
        loaded = await self.load(chat)
        assert loaded.comparison is not None
        lane = loaded.comparison.lane(model)
        assert lane is not None
        found = exchanges(loaded, loaded.comparison, lane)
        return [
            (e.question.content, e.answer.content if e.own and e.answer else None) for e in found
        ]
