"""An engine over real files, with a stream the test writes event by event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from core.catalog import Catalog, Limits, Model, ModelRow, Price, ProviderRow, resolve
from core.events import Finish, FinishReason, StreamEvent
from core.request import ChatRequest
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
