"""What an answer costs the real program while many pages follow it, or stop reading."""

from __future__ import annotations

import base64
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from bench.browser import chromium, divan_site, opened
from bench.catalog import divan
from bench.processes import fake_provider, resident_mb

READERS = 16
TEXT_MB = 8
_TOKENS = 500
_START_S = 4
_PACE = f"bench-n{_TOKENS}-c{TEXT_MB * 1_000_000 // _TOKENS}-d{_START_S * 1000}"
_SMALL_BUFFER = 4096
_SAMPLE_S = 0.05
_FINAL, _TEXT, _MASKED = 0x80, 0x01, 0x80


def grown(reading: bool) -> float:
    """How much the program's memory grows at most, in MB, from before the answer to its end."""
    with ExitStack() as stack:
        provider = stack.enter_context(fake_provider())
        app = stack.enter_context(divan(provider, _PACE))
        address = urlsplit(app.url).netloc
        watcher = stack.enter_context(connect(f"ws://{address}/ws", max_size=None))
        turn = _asked(app.url, provider, watcher)
        before = resident_mb(app.process.pid)
        for _ in range(READERS):
            page = stack.enter_context(_following(address, turn))
            if reading:
                threading.Thread(target=_drain, args=(page,), daemon=True).start()
        ended = threading.Event()
        threading.Thread(target=_until_ended, args=(watcher, ended), daemon=True).start()
        return _most(lambda: resident_mb(app.process.pid), ended) - before


def _asked(url: str, provider: str, watcher: ClientConnection) -> str:
    """Ask a question on the page, close the page, and return the turn that runs."""
    with chromium() as browser:
        site = divan_site(url, provider)
        with opened(browser, site) as page:
            box = page.locator(site.box).first
            box.fill("A long question")
            box.press("Enter")
            while True:
                told = json.loads(watcher.recv(timeout=60))
                if told["type"] == "running" and told["turns"]:
                    return str(told["turns"][0]["turn"])


def _following(address: str, turn: str) -> socket.socket:
    """A WebSocket by hand, because a library would read by itself: it has asked for the turn."""
    host, port = address.split(":")
    page = socket.socket()
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
    page.connect((host, int(port)))
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    page.sendall(head.encode())
    answer = page.recv(1024)
    if b" 101 " not in answer:
        raise RuntimeError(f"/ws refused: {answer[:200]!r}")
    page.sendall(_frame(json.dumps({"type": "follow", "turn": turn, "after": 0}).encode()))
    return page


def _frame(payload: bytes) -> bytes:
    """A client's text frame of at most 125 bytes, masked with zeros, which leave it as it is."""
    return bytes([_FINAL | _TEXT, _MASKED | len(payload), 0, 0, 0, 0]) + payload


def _drain(page: socket.socket) -> None:
    with suppress(OSError):  # closed under its feet at the end
        while page.recv(1 << 16):
            pass


def _until_ended(watcher: ClientConnection, ended: threading.Event) -> None:
    told = {"type": "", "turns": [""]}
    while told["type"] != "running" or told["turns"]:
        told = json.loads(watcher.recv())
    time.sleep(1)
    ended.set()


def _most(measure: Callable[[], float], ended: threading.Event) -> float:
    most = 0.0
    while not ended.wait(_SAMPLE_S):
        most = max(most, measure())
    return most
