"""A provider that does not stop sending: what it says comes again until the client hangs up."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

ROOM = 16 << 20
"""More bytes than two sockets hold that nobody has read."""
_CEILING = 256 << 20


@dataclass
class Flood:
    """What is sent after the headers: `first` once, then `again` without end, `pause` seconds
    apart. `accepted` counts the bytes the client's side took before it hung up."""

    first: bytes = b""
    again: bytes = b""
    pause: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/event-stream"
    url: str = ""
    accepted: int = 0
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            await reader.readuntil(b"\r\n\r\n")
            await self._send(writer, self._head())
            await self._send(writer, self.first)
            while self.again and self.accepted < _CEILING:
                await self._send(writer, self.again)
                await asyncio.sleep(self.pause)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            writer.close()

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(data)
        await writer.drain()
        self.accepted += len(data)

    def _head(self) -> bytes:
        lines = [
            "HTTP/1.1 200 OK",
            f"Content-Type: {self.content_type}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@asynccontextmanager
async def flooding(flood: Flood) -> AsyncIterator[Flood]:
    """The flood on a free port of the loopback."""
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        task.add_done_callback(running.discard)
        writer.transport.set_write_buffer_limits(0)
        made: socket.socket = writer.get_extra_info("socket")
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 << 10)
        with suppress(asyncio.CancelledError):
            await flood.handle(reader, writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    flood.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield flood
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
