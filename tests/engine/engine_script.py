"""An engine over real files, with a stream the test writes event by event."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from core.catalog import Catalog, Limits, Model, ModelRow, Price, ProviderRow, resolve
from core.events import Finish, FinishReason, StreamEvent
from core.request import ChatRequest
from engine.signal import Signal
from engine.turns import Turns
from storage.files import FileStores

END = Finish(FinishReason.STOP, "returned-name")


@dataclass
class Script:
    """A provider the test plays: `say` puts an event or error into the running answer."""

    requests: list[ChatRequest] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    _spoken: asyncio.Queue[StreamEvent | BaseException] = field(default_factory=asyncio.Queue)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        self.requests.append(request)
        number = len(self.requests)
        try:
            while True:
                spoken = await self._spoken.get()
                if isinstance(spoken, BaseException):
                    raise spoken
                yield spoken
                if isinstance(spoken, Finish):
                    return
        finally:
            self.closed.append(number)

    def say(self, *events: StreamEvent | BaseException) -> None:
        for event in events:
            self._spoken.put_nowait(event)


@dataclass
class Voices:
    """Several models at once, each played by its own id. `begun` hears of every request."""

    requests: dict[str, list[ChatRequest]] = field(default_factory=lambda: defaultdict(list))
    running: list[str] = field(default_factory=list)
    _parts: dict[str, Script] = field(default_factory=lambda: defaultdict(Script))
    _begun: Signal = field(default_factory=Signal)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        model = request.model.id
        self.requests[model].append(request)
        self.running.append(model)
        self._begun.bump()
        try:
            async with aclosing(self._parts[model].stream(request)) as events:
                async for event in events:
                    yield event
        finally:
            self.running.remove(model)

    def say(self, model: str, *events: StreamEvent | BaseException) -> None:
        self._parts[model].say(*events)

    async def asked(self, count: int) -> None:
        """Wait until this many requests came in all."""
        async with asyncio.timeout(10):
            while self._begun.version < count:
                await self._begun.after(self._begun.version)

    def sent(self, model: str) -> list[tuple[str, str]]:
        """What a model was sent last: roles and texts."""
        return [(m.role, m.text) for m in self.requests[model][-1].messages]


def a_model(model_id: str = "m", **more: object) -> Model:
    row = ModelRow(id=model_id, provider="ollama", name="n", price=Price(input=1, output=2), **more)  # type: ignore[arg-type]
    return resolve(row, ProviderRow(), Limits())


@dataclass
class Engine:
    """Turns over `stores`, and what the provider says."""

    turns: Turns
    stores: FileStores
    script: Script
    catalog: Catalog
