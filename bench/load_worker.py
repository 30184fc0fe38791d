"""Many answers at once in a process of its own: through Divan's engine, or through the SDK alone.

python -m bench.load_worker (engine|sdk) PROVIDER_URL FOLDER STREAMS SECONDS

Every token of the provider is the moment it was sent; what is measured is its age when somebody
who follows the answer sees it. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from bench.catalog import catalog
from bench.processes import resident_mb

RATE = 50
_SAMPLE_S = 0.1
Stream = Callable[["Ages"], Coroutine[None, None, None]]


@dataclass
class Ages:
    """The ages of the tokens sent after `counted_from`, in seconds."""

    counted_from: float = float("inf")
    seen: list[float] = field(default_factory=list)

    def take(self, text: str) -> None:
        """Note the age of every token in a piece of an answer."""
        now = time.time()
        for sent in map(float, text.split()):
            if sent >= self.counted_from:
                self.seen.append(now - sent)


def engine_stream(provider: str, name: str, folder: Path) -> Stream:
    """A turn in a chat of its own, kept in a real file and followed as a page would."""
    from app import build_services
    from core.conversation import ChatSettings
    from core.settings import Settings

    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "models.yaml"
    config.write_text(catalog(provider, name), encoding="utf-8")
    settings = Settings(config=config, chats=folder / "chats", data=folder / "data")
    turns = build_services(settings).turns

    async def one(ages: Ages) -> None:
        turn = await turns.send("", None, "A question", "bench", ChatSettings())
        seq, ended = 0, False
        while not ended:
            await turn.signal.after(seq)
            frame = turn.since(seq)
            seq, ended = frame.seq, frame.ended
            ages.take(frame.text)
        if turn.answer.outcome.value != "complete":
            raise RuntimeError(f"an answer ended as {turn.answer.outcome}: {turn.answer.error}")

    return one


def sdk_stream(provider: str, name: str) -> Stream:
    """The openai SDK and nothing else: no file, no engine."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=provider, api_key="none", max_retries=0)

    async def one(ages: Ages) -> None:
        chunks = await client.chat.completions.create(
            model=name, messages=[{"role": "user", "content": "A question"}], stream=True
        )
        async for chunk in chunks:
            if chunk.choices:
                ages.take(chunk.choices[0].delta.content or "")

    return one


async def run(one: Stream, streams: int, ages: Ages) -> dict[str, float]:
    """Warm up with a single stream, then run all of them; memory is in MB."""
    await one(Ages())
    gc.collect()
    before = resident_mb()
    began, cpu = time.time(), time.process_time()
    running = [asyncio.create_task(one(ages)) for _ in range(streams)]
    ages.counted_from = began + 2.5
    work = asyncio.gather(*running)
    most = before
    while not work.done():
        await asyncio.sleep(_SAMPLE_S)
        most = max(most, resident_mb())
    await work
    return {"before": before, "most": most, "cpu": time.process_time() - cpu}


def main() -> None:
    """Run what the command line asks for."""
    kind, provider, folder, streams, seconds = sys.argv[1:]
    name = f"bench-n{int(seconds) * RATE}-r{RATE}-stamp"
    one = (
        engine_stream(provider, name, Path(folder))
        if kind == "engine"
        else sdk_stream(provider, name)
    )
    ages = Ages()
    told = asyncio.run(run(one, int(streams), ages))
    seen = sorted(age * 1000 for age in ages.seen)
    late = {f"p{share}": seen[len(seen) * share // 100] for share in (50, 95, 99)}
    print(json.dumps({**told, **late, "tokens": len(seen)}))


if __name__ == "__main__":
    main()
