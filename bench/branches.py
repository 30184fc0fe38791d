"""Beginning a branch and walking between versions in a chat of 1,000 messages: server time."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from bench.catalog import divan
from bench.processes import fake_provider
from bench.stored import write_chat
from bench.table import Row, load
from core import tree
from core.conversation import Conversation
from storage import codec, disk

MESSAGES = 1000
CHAT = "long"
LIMIT_MS = 5
ALTERNATIVE = "json.dumps of the chat"
_TIMES, _QUICK_TIMES = 200, 40
_WHEN = "2026-11-20T12:00:00.000Z"


def measure(quick: bool) -> list[Row]:
    """All rows about the tree of a long chat."""
    times = _QUICK_TIMES if quick else _TIMES
    with TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        stored = _store(folder / "chats")
        pure = _timed(lambda n: tree.add_branch(stored, f"Branch {n}", "m500", _WHEN), times)
        plain = json.loads(codec.encode(stored))
        alternative = statistics.median(_timed(partial(_dumped, folder / "whole", plain), times))
        with fake_provider() as provider, divan(provider, "bench", folder) as app:
            asked = _asked(app.url, times)
    return [
        _row("begin a branch, the pure change", pure, alternative),
        _row("begin a branch, POST and its answer", asked["branches"], alternative),
        _row("switch to another version, POST and its answer", asked["open"], alternative),
        _row("the tree, GET", asked["tree"]),
    ]


def _store(chats: Path) -> Conversation:
    """A line of messages, and a second version of an answer in its middle."""
    write_chat(chats, CHAT, MESSAGES - 1, "bench")
    path = chats / f"{CHAT}.json"
    line = codec.decode(path.read_bytes(), CHAT)
    version = replace(line.messages[501], id="other", content="another version")
    whole = line.append(version).turn_to("m501")
    path.write_bytes(codec.encode(whole))
    return whole


def _asked(url: str, times: int) -> Mapping[str, Sequence[float]]:
    """Milliseconds of each request, by its path, from asking to the last byte of the answer."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    ask = partial(_answered, connection)
    ask("GET", "tree")
    begun, opened, drawn = [], [], []
    for number in range(times):
        name = f"Branch {number}"
        begun.append(ask("POST", "branches", {"name": name, "message": "m500"}))
        ask("DELETE", "branches", {"branch": name})
        opened.append(ask("POST", "open", {"message": ("other", "m501")[number % 2]}))
        drawn.append(ask("GET", "tree"))
    connection.close()
    return {"branches": begun, "open": opened, "tree": drawn}


def _answered(
    connection: HTTPConnection, method: str, path: str, body: Mapping[str, Any] | None = None
) -> float:
    began = time.perf_counter()
    connection.request(method, f"/api/chats/{CHAT}/{path}", json.dumps(body) if body else None)
    answer = connection.getresponse()
    text = answer.read()
    taken = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:200]!r}")
    return taken


def _timed(work: Callable[[int], object], times: int) -> Sequence[float]:
    taken = []
    for number in range(times):
        began = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _dumped(path: Path, plain: dict[str, Any], number: int) -> None:
    """What a program does that writes a chat with the standard library, as safely as Divan: whole,
    and on the disk when it returns."""
    plain["branches"] = [{"name": f"Branch {number}", "leaf": "m500", "created": _WHEN}]
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps(plain, ensure_ascii=False, indent=2))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    disk.sync_folder(path.parent)


def _row(what: str, taken: Sequence[float], alternative: float | None = None) -> Row:
    median, against = statistics.median(taken), ALTERNATIVE if alternative else ""
    return Row(
        f"{MESSAGES:,} messages: {what}", "ms", median, alternative, against, median, LIMIT_MS,
        aim=f"< {LIMIT_MS} ms", note=f"worst {max(taken):.0f}", load=load(),
    )  # fmt: skip
