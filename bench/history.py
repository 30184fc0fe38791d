"""List and search over 10,000 stored chats, asked of the real program through HTTP."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

import orjson

from bench import storage_bench
from bench.catalog import divan
from bench.processes import fake_provider
from bench.table import Row, load
from storage import codec
from storage.files import FileStores

CHATS = 10_000
MESSAGES, QUICK_MESSAGES = 14, 4
ASKED = 30
ALTERNATIVE = "reading every file"
_PAGE = 50


def measure(quick: bool) -> list[Row]:
    """All rows about the list of chats."""
    messages = QUICK_MESSAGES if quick else MESSAGES
    words = storage_bench.vocabulary(6000, random.Random(3))
    with TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        _write(folder / "chats", messages, words)
        asyncio.run(_index(folder))
        with fake_provider() as provider, divan(provider, "bench", folder) as app:
            return _rows(app.url, folder / "chats", words)


def _write(chats: Path, messages: int, words: list[str]) -> None:
    chats.mkdir()
    dice = random.Random(7)
    for number in range(CHATS):
        made = storage_bench.chat(number, messages, words, dice)
        (chats / f"{made.id}.json").write_bytes(codec.encode(made))


async def _index(folder: Path) -> None:
    """Build the index once, as the program did when the chats came one after another."""
    stores = FileStores(folder / "chats", folder / "data")
    await stores.of("").refresh()
    stores.close()


def _rows(url: str, chats: Path, words: list[str]) -> list[Row]:
    rare, common = quote(words[-1]), quote(words[5])
    listing = _timed_once(lambda: newest_by_reading(chats))
    searching = _timed_once(lambda: found_by_reading(chats, words[-1]))
    asked = (
        ("list, first page", f"limit={_PAGE}", listing, 50),
        ("list, last page", f"offset={CHATS - _PAGE}&limit={_PAGE}", listing, 50),
        ("search, a rare word", f"q={rare}", searching, 100),
        ("search, a word in every chat", f"q={common}", searching, 100),
    )
    rows = []
    for name, query, alternative, limit in asked:
        median, worst = _asked(url, f"/api/chats?{query}")
        row = Row(f"{CHATS:,} chats: {name}", "ms", median, alternative, ALTERNATIVE, median, limit)
        rows.append(replace(row, aim=f"< {limit} ms", note=f"worst {worst:.0f}", load=load()))
    return rows


def _asked(url: str, path: str) -> tuple[float, float]:
    """Median and worst answer time over one connection, in milliseconds."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status != 200 or not orjson.loads(body)["total"]:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
    connection.close()
    return statistics.median(taken), max(taken)


def _timed_once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def newest_by_reading(chats: Path) -> list[str]:
    """The list without an index: read all files, keep the newest."""
    read = (orjson.loads(file.read_bytes()) for file in chats.glob("*.json"))
    rows = sorted(((each["updated"], each["title"]) for each in read), reverse=True)
    return [title for _, title in rows[:_PAGE]]


def found_by_reading(chats: Path, word: str) -> list[str]:
    """Search without an index: read all messages, keep the chats that hold the word."""
    read = (orjson.loads(file.read_bytes()) for file in chats.glob("*.json"))
    return [
        each["title"] for each in read if any(word in one["content"] for one in each["messages"])
    ][:_PAGE]
