"""How the chat store behaves with 10,000 chats, and what a save costs. Run: `make bench`."""

from __future__ import annotations

import asyncio
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.conversation import Answer, Conversation, Message, Outcome
from core.events import Usage
from storage import codec
from storage.files import FileStore, FileStores

CHATS = 10_000
MESSAGES = 14
PAGE_LIMIT_MS, SEARCH_LIMIT_MS, RESCAN_LIMIT_MS = 50.0, 100.0, 150.0
_SYLLABLES = ("ba", "ce", "çı", "do", "ev", "ğa", "hı", "İs", "kö", "lü", "na", "pı", "rü", "şa")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def vocabulary(size: int, dice: random.Random) -> list[str]:
    """Made-up words in Turkish letters, some frequent, most rare."""
    return ["".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(size)]


def chat(number: int, messages: int, words: list[str], dice: random.Random) -> Conversation:
    """A chat of about 1.4 KB a message."""
    moment = (NOW - timedelta(minutes=37 * number)).isoformat()
    made = [message(number, place, moment, words, dice) for place in range(messages)]
    title = " ".join(dice.choices(words, k=4))
    return Conversation(
        f"c{number:06d}", title, moment, moment, 1, number % 500 == 0, "qwen", leaf=made[-1].id,
        messages=tuple(made),
    )  # fmt: skip


def message(number: int, place: int, moment: str, words: list[str], dice: random.Random) -> Message:
    """A question or, at odd places, an answer."""
    name = f"m{number}-{place}"
    parent = f"m{number}-{place - 1}" if place else None
    text = " ".join(words[min(int(dice.expovariate(1 / 900)), len(words) - 1)] for _ in range(140))
    if place % 2 == 0:
        return Message(name, parent, "user", text, moment)
    answer = Answer("qwen", "ollama", moment, Outcome.COMPLETE, "qwen3", "stop", 0.3, 4.5)
    answer = replace(answer, usage=Usage(900, 220), tokens_per_s=48.9)
    return Message(name, parent, "assistant", text, moment, answer=answer)


def generate(folder: Path, words: list[str]) -> int:
    """Write the chats as plain files, as if git had dropped them in; returns the bytes."""
    dice = random.Random(7)
    total = 0
    for number in range(CHATS):
        data = codec.encode(chat(number, MESSAGES, words, dice))
        (folder / f"c{number:06d}.json").write_bytes(data)
        total += len(data)
    return total


async def timed(work: Callable[[], Awaitable[object]], times: int = 15) -> tuple[float, float]:
    """Median and worst of some runs, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), max(taken)


async def rebuild(store: FileStore) -> None:
    """How long a new index takes, and how the list and the event loop do meanwhile."""
    start = time.perf_counter()
    job = asyncio.create_task(store.refresh())
    lists, pauses = [], []
    while not job.done():
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        pauses.append((time.perf_counter() - before) * 1000 - 10)
        before = time.perf_counter()
        await store.list()
        lists.append((time.perf_counter() - before) * 1000)
    await job
    print(f"rebuild of the index          {time.perf_counter() - start:8.1f} s")
    lists.sort()
    pauses.sort()
    print(f"  list meanwhile, p95         {lists[int(len(lists) * 0.95)]:8.1f} ms")
    print(f"  event loop late, p95        {pauses[int(len(pauses) * 0.95)]:8.1f} ms")


async def measure(root: Path) -> None:
    """Print every number with its limit and the ratio between them."""
    words = vocabulary(6000, random.Random(3))
    chats = root / "chats"
    chats.mkdir()
    print(f"{CHATS} chats of {generate(chats, words) / CHATS / 1024:.0f} KB")
    stores = FileStores(chats, root / "data")
    store = stores.of("")
    await rebuild(store)
    rare, common = words[-1], words[5]
    rows: list[tuple[str, Callable[[], Awaitable[object]], float]] = [
        ("list, first page", lambda: store.list(0, 50), PAGE_LIMIT_MS),
        ("list, last page", lambda: store.list(CHATS - 50, 50), PAGE_LIMIT_MS),
        ("outline", lambda: store.outline(UTC, NOW), PAGE_LIMIT_MS),
        ("version", store.version, PAGE_LIMIT_MS),
        ("search, rare word", lambda: store.search(rare), SEARCH_LIMIT_MS),
        ("search, word in every chat", lambda: store.search(common), SEARCH_LIMIT_MS),
        ("search, three words", lambda: store.search(" ".join(words[20:23])), SEARCH_LIMIT_MS),
        ("search, one letter", lambda: store.search("s"), SEARCH_LIMIT_MS),
        ("rescan, nothing changed", store.refresh, RESCAN_LIMIT_MS),
    ]
    print(f"{'':30}{'median':>8} {'worst':>8} {'limit':>7}  worst/limit")
    for label, work, limit in rows:
        median, worst = await timed(work)
        print(f"{label:30}{median:8.1f} {worst:8.1f} {limit:7.0f}  {worst / limit:.2f}")
    await saves(store, words)
    size = sum(file.stat().st_size for file in (root / "data" / "index").iterdir())
    print(f"index on disk {size / 1e6:.0f} MB")
    stores.close()


async def saves(store: FileStore, words: list[str]) -> None:
    """What one changed answer costs in chats of different lengths."""
    base = 0.0
    for messages in (2, 20, 100, 400, 1000):
        made = await store.create(chat(1_000_000 + messages, messages, words, random.Random(1)))
        last = made.messages[-1]

        async def change(made: Conversation = made, last: Message = last) -> None:
            await store.update(made.id, lambda c: c.put(replace(last, content=f"{c.rev}")))

        median, worst = await timed(change, 25)
        base = base or median
        row = f"save with {messages} messages"
        print(f"{row:30}{median:8.1f} {worst:8.1f}  {median / base:.1f} times the shortest")


def main() -> None:
    """Run everything in a folder of its own."""
    root = Path(tempfile.mkdtemp(prefix="divan-bench-"))
    try:
        asyncio.run(measure(root))
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
