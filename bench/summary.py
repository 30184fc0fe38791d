"""What summarising costs beside the model's own time, in a chat of 300 stored messages."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import fake_provider
from bench.stored import write_chat
from bench.table import Row, load
from core.catalog import Catalog, Limits, Model, ModelRow, ProviderRow, SummaryRule, resolve
from core.events import StreamEvent
from core.keys import Keys
from core.request import ChatRequest
from engine.calibration import Calibration
from engine.summaries import Summaries
from providers.router import Router
from storage.files import FileStores

MESSAGES = 300
RUNS, QUICK_RUNS = 9, 3
LIMIT_MS = 50.0
_WINDOW = 80_000
"""Nearly full with the stored messages."""
_PACE = "bench-n200-r200-d300"


def measure(quick: bool) -> list[Row]:
    """One row: our own part of a summary, against the model's."""
    runs = QUICK_RUNS if quick else RUNS
    with (
        TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as made,
        fake_provider() as provider,
    ):
        timed = asyncio.run(_runs(Path(made), _model(provider), runs))
    ours = [each.ours_ms for each in timed]
    models = statistics.median(each.model_ms for each in timed)
    median = statistics.median(ours)
    name = f"{MESSAGES} messages: summarising, our own part"
    row = Row(name, "ms", median, models, "the model", median, LIMIT_MS)
    aim, note = f"< {LIMIT_MS:.0f} ms", f"worst {max(ours):.0f}"
    return [replace(row, aim=aim, note=note, load=load())]


@dataclass
class _Timed:
    """A summary: from the end of the answer until it is on disk, and the model's part of that."""

    total_ms: float = 0.0
    model_ms: float = 0.0

    @property
    def ours_ms(self) -> float:
        return self.total_ms - self.model_ms


def _model(provider: str) -> Model:
    row = ModelRow(id="m", provider="p", name=_PACE, context_window=_WINDOW)
    return resolve(row, ProviderRow(format="openai_compatible", base_url=provider), Limits())


async def _runs(folder: Path, model: Model, runs: int) -> list[_Timed]:
    """A first one, which imports what the provider needs, and those that count."""
    timed = [await _one(folder / str(number), model) for number in range(runs + 1)]
    return timed[1:]


async def _one(folder: Path, model: Model) -> _Timed:
    write_chat(folder / "chats", "long", MESSAGES, model.id)
    stores = FileStores(folder / "chats", folder / "data")
    router = Router(Keys(folder / ".env", {}))
    timed = _Timed()

    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        began = time.perf_counter()
        async with aclosing(router.stream(request)) as events:
            async for event in events:
                yield event
        timed.model_ms += (time.perf_counter() - began) * 1000

    catalog = Catalog(models=(model,), summary=SummaryRule())
    summaries = Summaries(catalog, stores, stream, Calibration(folder / "calibration.json"))
    began = time.perf_counter()
    summaries.consider("", "long", f"m{MESSAGES - 1}", model)
    await summaries.idle()
    timed.total_ms = (time.perf_counter() - began) * 1000
    if not (await stores.of("").load("long")).summaries:
        raise RuntimeError("the chat was not summarised")
    stores.close()
    return timed
