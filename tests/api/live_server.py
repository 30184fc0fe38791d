"""Divan's routes over a real socket in this event loop: a real engine, real files, two users, and
a provider whose every word the test says."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from api.connections import ConnectionLimits, Connections
from api.install import install
from api.limited_protocol import limit_connections
from core.catalog import Limits, Model
from core.conversation import ChatSettings
from core.events import Finish, FinishReason, StreamEvent
from core.request import ChatRequest, OfferedModel, Readiness
from core.settings import Login
from engine.live import LiveTurn
from engine.readiness import ReadinessBoard
from engine.services import Services
from engine.turns import Turns
from storage.files import FileStores
from tests.api.api_served import AYSE, MEHMET, make_services
from tests.support.divan_app import free_port

END = Finish(FinishReason.STOP)


@dataclass
class Voices:
    """A router that answers each question with what the test says to it."""

    ready: bool = True
    _said: defaultdict[str, asyncio.Queue[StreamEvent]] = field(
        default_factory=lambda: defaultdict(asyncio.Queue)
    )

    def say(self, question: str, *events: StreamEvent) -> None:
        for event in events:
            self._said[question].put_nowait(event)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent]:
        said = self._said[request.messages[-1].text]
        while True:
            event = await said.get()
            yield event
            if isinstance(event, Finish):
                return

    async def check(self, model: Model) -> Readiness:
        return Readiness(self.ready, "" if self.ready else "not_running")

    async def list_models(self, model: Model) -> Sequence[OfferedModel]:
        return [OfferedModel(model.name)]


class Messages:
    """One page's `/ws`."""

    def __init__(self, socket: ClientConnection, cookie: str) -> None:
        self.socket = socket
        self.cookie = cookie

    async def ask(self, kind: str, turn: str, **more: object) -> None:
        await self.socket.send(json.dumps({"type": kind, "turn": turn, **more}))

    async def next(self, *kinds: str) -> dict[str, Any]:
        """The next message of these kinds; others are passed over."""
        async with asyncio.timeout(10):
            while True:
                message: dict[str, Any] = json.loads(await self.socket.recv())
                if message["type"] in kinds:
                    return message

    async def until(self, kind: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message of this kind that fits."""
        while not fits(message := await self.next(kind)):
            pass
        return message

    async def frames(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """All frames up to the end of a turn, and the message that tells of it."""
        found = []
        while (message := await self.next("frame", "end", "gone"))["type"] == "frame":
            found.append(message)
        return found, message


@dataclass
class LiveServer:
    """What runs, and how to be somebody there."""

    url: str
    server: uvicorn.Server
    services: Services
    voices: Voices

    async def ask(self, login: Login, question: str, chat: str | None = None) -> LiveTurn:
        turns = self.services.turns
        return await turns.send(login.user, chat, question, "local", ChatSettings())

    @asynccontextmanager
    async def page(self, login: Login, **options: Any) -> AsyncIterator[Messages]:
        form = {"user": login.user, "password": login.password}
        async with httpx.AsyncClient(base_url=self.url) as client:
            assert (await client.post("/login", data=form)).status_code == 303
            cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
        address = self.url.replace("http", "ws") + "/ws?lang=tr"
        headers = {"Cookie": cookie}
        options = {"max_size": None, "additional_headers": headers, **options}
        async with connect(address, **options) as socket:
            yield Messages(socket, cookie)

    def buffered(self) -> int:
        """Bytes that wait in the server for pages that do not read."""
        connections = self.server.server_state.connections
        return sum(c.transport.get_write_buffer_size() for c in connections)


@asynccontextmanager
async def live_server(
    folder: Path, limits: ConnectionLimits | None = None
) -> AsyncIterator[LiveServer]:
    port, voices = free_port(), Voices()
    services = make_services(folder, port, logins=(AYSE, MEHMET))
    catalog = services.loaded.catalog.model_copy(update={"limits": Limits(running_answers=200)})
    stores = FileStores(folder / "chats", folder / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, voices.stream)
    board = ReadinessBoard(catalog, services.keys, voices.check)
    services = replace(services, stores=stores, turns=turns, readiness=board, router=voices)
    server = Starlette()
    install(server, services, Path(__file__).parent / "static")
    config = uvicorn.Config(server, port=port, log_level="warning", lifespan="off")
    limit_connections(config, Connections(limits) if limits else None)
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    try:
        yield LiveServer(f"http://127.0.0.1:{port}", running, services, voices)
    finally:
        running.should_exit = True
        await task
        await turns.shut_down()
        await asyncio.to_thread(stores.close)


def small_socket(url: str) -> socket.socket:
    """A connected socket whose receiving side holds little."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    host, port = url.removeprefix("http://").split(":")
    made.connect((host, int(port)))
    made.setblocking(False)
    return made
