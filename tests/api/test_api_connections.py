"""Connections over real sockets: half requests, slow ones and idle ones keep no user out."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from api.connections import ConnectionLimits, limits_for
from core.settings import Login
from tests.api.api_served import AYSE, MEHMET
from tests.api.live_server import LiveServer, live_server, small_socket
from tests.support import divan_app

NO_TIME_LIMIT = 3600.0
SHORT = 1.0
HALF = b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
WHOLE = HALF + b"\r\n"
FORM = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nuser=ayse"
WEB_SOCKET = (
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n"
)


@dataclass
class Raw:
    """A connection that sends just these bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def until_it_ends(self) -> bytes:
        """Everything that comes until the server ends it."""
        said = b""
        async with asyncio.timeout(30):
            try:
                while more := await self.reader.read(65_536):
                    said += more
            except ConnectionResetError:
                pass
        return said

    async def answer(self) -> bytes:
        async with asyncio.timeout(30):
            return await self.reader.readuntil(b"\r\n\r\n")


@asynccontextmanager
async def raw(live: LiveServer, sent: bytes = b"") -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(live.url.rsplit(":", 1)[1]))
    writer.write(sent)
    try:
        yield Raw(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def logged_in(live: LiveServer, login: Login) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=live.url, timeout=30) as client:
        form = {"user": login.user, "password": login.password}
        assert (await client.post("/login", data=form)).status_code == 303
        yield client


def cookies(client: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@pytest.mark.parametrize("sent", [b"", HALF, WHOLE, FORM, WEB_SOCKET])
async def test_strangers_hold_a_small_share_and_users_come_in(tmp_path: Path, sent: bytes) -> None:
    limits = ConnectionLimits(40, 10, NO_TIME_LIMIT, NO_TIME_LIMIT)
    async with live_server(tmp_path, limits) as live, AsyncExitStack() as stack:
        client = await stack.enter_async_context(logged_in(live, AYSE))
        page = await stack.enter_async_context(live.page(AYSE))
        held = [await stack.enter_async_context(raw(live, sent)) for _ in range(80)]
        await asyncio.gather(*(one.until_it_ends() for one in held[:70]))
        assert len(live.server.server_state.connections) <= 20
        assert (await client.get("/api/chats")).status_code == 200
        async with logged_in(live, MEHMET) as other:
            assert (await other.get("/api/chats")).status_code == 200
        turn = await live.ask(AYSE, "Soru")
        await page.ask("follow", turn.id)
        assert (await page.next("frame"))["turn"] == turn.id


@pytest.mark.parametrize("sent", [b"", HALF])
async def test_the_head_of_a_request_has_a_time_limit(tmp_path: Path, sent: bytes) -> None:
    limits = ConnectionLimits(40, 10, SHORT, NO_TIME_LIMIT)
    async with live_server(tmp_path, limits) as live, raw(live, sent) as half:
        assert await half.until_it_ends() == b""


async def test_so_has_the_head_of_the_next_request(tmp_path: Path) -> None:
    limits = ConnectionLimits(40, 10, SHORT, NO_TIME_LIMIT)
    async with live_server(tmp_path, limits) as live, logged_in(live, AYSE) as client:
        head = f"GET /api/chats HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies(client)}\r\n\r\n"
        async with raw(live, head.encode()) as one:
            assert (await one.answer()).startswith(b"HTTP/1.1 200")
            one.writer.write(HALF)
            assert b"HTTP/1.1" not in await one.until_it_ends()


async def test_a_strangers_request_has_a_time_limit_and_a_users_has_none(tmp_path: Path) -> None:
    limits = ConnectionLimits(40, 10, NO_TIME_LIMIT, SHORT)
    async with live_server(tmp_path, limits) as live, logged_in(live, AYSE) as client:
        head = (
            "POST /api/documents/collections HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nCookie: {cookies(client)}\r\n"
            'Content-Length: 16\r\n\r\n{"name":'
        )
        async with raw(live, head.encode()) as users, raw(live, FORM) as strangers:
            said = await strangers.until_it_ends()
            assert not said.startswith(b"HTTP/1.1 200")
            users.writer.write(b' "Evim"}')
            assert (await users.answer()).startswith(b"HTTP/1.1 200")


async def test_a_stranger_that_reads_no_answer_has_a_time_limit(tmp_path: Path) -> None:
    limits = ConnectionLimits(40, 10, NO_TIME_LIMIT, SHORT)
    async with live_server(tmp_path, limits) as live:
        connections = live.server.server_state.connections
        with small_socket(live.url) as idle:
            await asyncio.get_running_loop().sock_sendall(idle, 2_000 * WHOLE)
            async with asyncio.timeout(30):
                while not live.buffered():
                    await asyncio.sleep(0.01)
                while connections:
                    await asyncio.sleep(0.01)


async def test_a_user_with_too_many_connections_loses_their_own(tmp_path: Path) -> None:
    limits = ConnectionLimits(12, 3, NO_TIME_LIMIT, NO_TIME_LIMIT)
    async with live_server(tmp_path, limits) as live, AsyncExitStack() as stack:
        other = await stack.enter_async_context(live.page(MEHMET))
        pages = [await stack.enter_async_context(live.page(AYSE)) for _ in range(15)]
        with pytest.raises(ConnectionClosed):
            await pages[0].next("end")
        turn = await live.ask(MEHMET, "Soru")
        await other.ask("follow", turn.id)
        assert (await other.next("frame"))["turn"] == turn.id


async def test_closed_connections_are_not_counted(tmp_path: Path) -> None:
    limits = ConnectionLimits(12, 6, NO_TIME_LIMIT, NO_TIME_LIMIT)
    async with live_server(tmp_path, limits) as live, live.page(AYSE) as first:
        for _ in range(15):
            async with live.page(AYSE):
                pass
        turn = await live.ask(AYSE, "Soru")
        await first.ask("follow", turn.id)
        assert (await first.next("frame"))["turn"] == turn.id


async def test_a_message_that_is_far_too_long_ends_the_websocket(tmp_path: Path) -> None:
    async with live_server(tmp_path) as live, live.page(AYSE) as page:
        await page.socket.send("x" * 70_000)
        with pytest.raises(ConnectionClosed) as caught:
            await page.next("end")
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1009


@pytest.mark.parametrize(
    ("descriptors", "most"), [(256, 128), (1024, 512), (1_000_000, 1000), (None, 1000), (4, 8)]
)
def test_half_of_the_descriptors_stay_free_for_files(descriptors: int | None, most: int) -> None:
    limits = limits_for(descriptors)
    assert limits.most == most
    assert 0 < limits.strangers <= most // 4


@pytest.mark.skipif(sys.platform == "win32", reason="no bound on descriptors")
def test_half_requests_take_no_descriptors_from_the_program(tmp_path: Path) -> None:
    with ExitStack() as stack:
        login = ("--auth", f"{AYSE.user}:{AYSE.password}")
        few = "tests.api.few_descriptors"
        running = divan_app.running(tmp_path, "models: []\n", *login, module=few)
        app = stack.enter_context(running)
        port = int(app.url.rsplit(":", 1)[1])
        for _ in range(600):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            half.sendall(HALF)
        client = stack.enter_context(httpx.Client(base_url=app.url, timeout=60))
        form = {"user": AYSE.user, "password": AYSE.password}
        assert client.post("/login", data=form).status_code == 303
        named = client.post("/api/documents/collections", json={"name": "Evim"})
        assert named.status_code == 200
        assert " ERROR " not in app.log
        assert app.end()[1] == ""
