"""A chat on a model whose provider counts tokens, over real HTTP and real files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.catalog import Catalog, Limits, Model, ModelRow, ProviderRow, SummaryRule, resolve
from core.conversation import ChatSettings, Conversation
from core.keys import Keys
from engine.calibration import Calibration
from engine.live import LiveTurn
from engine.turns import Turns
from providers.router import Router
from storage.files import FileStores
from tests.support.counting_provider import CountingProvider

WINDOW = 4096
Serve = Callable[..., CountingProvider]


@dataclass
class Long:
    """A chat on a model of a counting provider."""

    turns: Turns
    stores: FileStores
    provider: CountingProvider
    chat: str = ""

    async def ask(self, text: str, settings: ChatSettings | None = None) -> LiveTurn:
        """Ask, and wait for the end of the answer."""
        chat = self.chat or None
        turn = await self.turns.send("", chat, text, "m", settings or ChatSettings())
        self.chat = turn.chat_id
        while not turn.ended:
            await turn.signal.after(turn.seq)
        return turn

    async def saved(self) -> Conversation:
        return await self.stores.of("").load(self.chat)


def model_of(provider: CountingProvider, model_id: str = "m", **more: Any) -> Model:
    row = ModelRow(id=model_id, provider="p", name=model_id, **more)
    return resolve(row, ProviderRow(format="openai_compatible", base_url=provider.url), Limits())


@asynccontextmanager
async def chatting(
    folder: Path,
    provider: CountingProvider,
    *others: Model,
    rule: SummaryRule | None = None,
    **model: Any,
) -> AsyncIterator[Long]:
    """The engine over `folder`, with the model `m` of the provider; without a rule nothing is
    summarised."""
    models = (model_of(provider, **model), *others)
    catalog = Catalog(models=models, summary=rule or SummaryRule(enabled=False))
    stores = FileStores(folder / "chats", folder / "data", lambda m: turns.is_live(m))
    calibration = Calibration(folder / "data" / "calibration.json")
    turns = Turns(catalog, stores, Router(Keys(folder / ".env", {})).stream, calibration)
    yield Long(turns, stores, provider)
    await turns.shut_down()
    stores.close()
