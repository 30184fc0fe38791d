"""How evenly an answer comes while a long document is indexed in the same program."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import numpy as np
from websockets.sync.client import ClientConnection, connect

from bench.catalog import divan
from bench.processes import fake_provider
from bench.stored import write_chat
from bench.table import Row, load

PAGES = 200
PACE = "bench-n6000-r50"
_PAUSE_MS = 20
LIMIT_MS = 100.0
_CHAT = "stored"
_SENTENCE = "Çay bahçeleri yamaçlara kurulur. "


def measure(quick: bool) -> list[Row]:
    """One row: the gap between two frames that 19 of 20 gaps stay below; nothing to shorten."""
    del quick
    with (
        TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as made,
        fake_provider() as provider,
    ):
        write_chat(Path(made) / "chats", _CHAT, 2, "bench")
        with divan(provider, PACE, Path(made)) as app:
            gaps = _gaps(app.url)
    gap = float(np.percentile(gaps, 95)) * 1000
    return [
        Row(
            f"an answer while {PAGES} pages are indexed: p95 between two frames", "ms", gap,
            float(_PAUSE_MS), "the provider's pace", gap, LIMIT_MS, aim=f"< {LIMIT_MS:.0f} ms",
            note=f"worst {max(gaps) * 1000:.0f}", load=load(),
        )
    ]  # fmt: skip


def _gaps(url: str) -> list[float]:
    """Seconds between the frames of a running answer until the document is indexed."""
    body = {"model": "bench", "leaf": "m1"}
    turn = httpx.post(f"{url}/api/chats/{_CHAT}/replay", json=body).json()["new_leaf"]
    indexed = threading.Event()
    with connect(url.replace("http", "ws") + "/ws", max_size=None) as page:
        page.send(json.dumps({"type": "follow", "turn": turn, "after": 0}))
        threading.Thread(target=_index, args=(url, indexed), daemon=True).start()
        _next_frame(page)
        gaps, last = [], time.perf_counter()
        while not indexed.is_set():
            _next_frame(page)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now
    return gaps


def _next_frame(page: ClientConnection) -> None:
    while json.loads(page.recv(timeout=60))["type"] != "frame":
        pass


def _index(url: str, indexed: threading.Event) -> None:
    text = "\n\n".join(f"Madde {n}: {_SENTENCE * 90}" for n in range(PAGES))
    files = [("files", ("long.txt", text.encode()))]
    httpx.post(f"{url}/api/documents", files=files, timeout=60).raise_for_status()
    while any(d["state"] != "ready" for d in httpx.get(f"{url}/api/documents").json()["documents"]):
        time.sleep(0.5)
    indexed.set()
