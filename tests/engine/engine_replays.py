"""Chats to ask again, and a provider that answers by itself until it is told to hold on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.catalog import Catalog, Limits
from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message, Outcome
from core.events import StreamEvent, TextDelta
from core.request import ChatRequest
from engine.replaying import Replay
from engine.replays import Replays
from engine.turns import Turns
from storage.files import FileStore, FileStores
from tests.engine.engine_script import END, a_model

WHEN = "2026-11-20T10:00:00.000Z"


@dataclass
class Answering:
    """Answers `<model> <the question>` at once. A question in `held` waits after its first word
    until the event is set; one in `errors` fails."""

    requests: list[ChatRequest] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    errors: dict[tuple[str, str], Exception] = field(default_factory=dict)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        self.requests.append(request)
        model, question = request.model.id, request.messages[-1].text
        if (model, question) in self.errors:
            raise self.errors[model, question]
        yield TextDelta(f"{model} ")
        if question in self.held:
            await self.held[question].wait()
        yield TextDelta(question)
        yield END

    def seen_by(self, model: str) -> list[list[str]]:
        """What each request of a model held, oldest first."""
        return [[m.text for m in r.messages] for r in self.requests if r.model.id == model]


@dataclass
class Bench:
    """Replays over real files."""

    replays: Replays
    turns: Turns
    stores: FileStores
    provider: Answering

    @property
    def store(self) -> FileStore:
        return self.stores.of("")

    async def end(self, replay: Replay) -> Replay:
        """The replay once it has ended."""
        async with asyncio.timeout(20):
            while True:
                version = self.replays.changed.version
                found = self.replays.get(replay.owner, replay.id)
                assert found is not None
                if found.state != "running":
                    return found
                await self.replays.changed.after(version)

    async def asked(self, count: int) -> None:
        """Until the provider has been asked this often."""
        async with asyncio.timeout(20):
            while len(self.provider.requests) < count:
                await asyncio.sleep(0)

    async def path(self, chat_id: str, leaf: str | None = None) -> list[str]:
        """The texts of a path as it is on disk."""
        return [message.content for message in (await self.store.load(chat_id)).path(leaf)]


@asynccontextmanager
async def bench(folder: Path, running_answers: int = 8) -> AsyncIterator[Bench]:
    models = tuple(a_model(name) for name in ("old", "new", "third", "fourth"))
    catalog = Catalog(
        models=models, limits=Limits(running_answers=running_answers, compare_lanes=3)
    )
    provider = Answering()
    stores = FileStores(folder / "chats", folder / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, provider.stream)
    replays = Replays(catalog, stores, turns)
    yield Bench(replays, turns, stores, provider)
    await replays.shut_down()
    await turns.shut_down()
    stores.close()


def asked(message_id: str, parent: str | None, text: str) -> Message:
    return Message(message_id, parent, "user", text, WHEN)


def answered(message_id: str, parent: str, model: str) -> Message:
    answer = Answer(model, "p", WHEN, outcome=Outcome.COMPLETE)
    return Message(message_id, parent, "assistant", f"{model} once", WHEN, answer=answer)


def three_rounds() -> Conversation:
    """Q1, Q2 and Q3 with answers of `old`."""
    messages: list[Message] = []
    for number in (1, 2, 3):
        above = messages[-1].id if messages else None
        messages.append(asked(f"q{number}", above, f"Q{number}"))
        messages.append(answered(f"a{number}", f"q{number}", "old"))
    return Conversation("c", "t", WHEN, WHEN, model="old", leaf="a3", messages=tuple(messages))


def compared(context: str) -> Conversation:
    """Two rounds of `old` (primary) and `new`, each with its own context or the primary's."""
    messages = [asked("q1", None, "Q1"), answered("a1", "q1", "old"), answered("b1", "q1", "new")]
    messages += [asked("q2", "a1", "Q2"), answered("a2", "q2", "old")]
    if context == "own":
        messages += [asked("q2b", "b1", "Q2"), answered("b2", "q2b", "new")]
    else:
        messages.append(answered("b2", "q2", "new"))
    lanes = (Lane("old", "primary", "a2"), Lane("new", "comparison", "b2"))
    comparison = Comparison(lanes, context=context)  # type: ignore[arg-type]
    chat = Conversation("c", "t", WHEN, WHEN, model="old", leaf="a2", messages=tuple(messages))
    return replace(chat, comparison=comparison)
