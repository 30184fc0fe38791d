"""A provider to test against: speaks the four wire formats on loopback, in awkward splits.

Plain asyncio, so that a test decides about every byte and sees the moment a client hangs up.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

PIECE = 13
"""Bytes per write: lines and characters are split across reads."""


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Reply:
    """What the server does with one request.

    `parts` is the body; after it the connection is ended well (`end="close"`), cut (`"cut"`), held
    open and silent (`"hang"`), or the last part comes again until the client hangs up
    (`"endless"`). With `mute` nothing at all is sent; with `drop` the connection is cut instead.
    `keep_alive_comments` are sent first, 50 ms apart.
    """

    status: int = 200
    content_type: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[bytes] = ()
    end: str = "close"
    mute: bool = False
    drop: bool = False
    keep_alive_comments: int = 0


class WireServer:
    """Answers with the queued replies in order, then repeats the last one."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.replies: list[Reply] = []
        self.hung_up = asyncio.Event()
        self.served = asyncio.Event()
        self.url = ""

    def reply(self, *replies: Reply) -> None:
        """Set what comes next."""
        self.replies = list(replies)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            request = await _read_request(reader)
            self.requests.append(request)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            if reply.drop:
                writer.transport.abort()
            elif not reply.mute:
                await _write(writer, reply)
            self.served.set()
            if reply.mute or reply.end == "hang":
                await reader.read()
                self.hung_up.set()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            if writer.transport.is_closing():
                self.hung_up.set()
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length") or 0))
    return Request(method, path, headers, json.loads(raw) if raw else None)


async def _write(writer: asyncio.StreamWriter, reply: Reply) -> None:
    head = [
        f"HTTP/1.1 {reply.status} Whatever",
        f"Content-Type: {reply.content_type}",
        "Transfer-Encoding: chunked",
        "Connection: close",
        *(f"{name}: {value}" for name, value in reply.headers.items()),
    ]
    writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
    await writer.drain()
    for _ in range(reply.keep_alive_comments):
        await asyncio.sleep(0.05)
        await _chunk(writer, b": still thinking\n\n")
    for part in reply.parts:
        for start in range(0, len(part), PIECE):
            await _chunk(writer, part[start : start + PIECE])
    if reply.end == "close":
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    if reply.end == "cut":
        writer.transport.abort()
    while reply.end == "endless":
        await _chunk(writer, reply.parts[-1])


async def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))
    await writer.drain()
    await asyncio.sleep(0)


@asynccontextmanager
async def serve(port: int = 0) -> AsyncIterator[WireServer]:
    """A server on a free port of the loopback, or on this one."""
    wire = WireServer()
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await wire.handle(reader, writer)
        finally:
            running.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", port)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
