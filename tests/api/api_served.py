"""What the tests of this folder share: services over a store in memory, an app, a real page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from api.install import install
from core.catalog import Catalog, Limits, Model, ProviderRow, resolve
from core.catalog import ModelRow as Row
from core.catalog_file import Loaded
from core.conversation import Conversation, Message
from core.events import StreamEvent, TextDelta
from core.keys import Keys
from core.request import ChatRequest, OfferedModel, Readiness
from core.settings import Login, Settings
from engine.current_catalog import CurrentCatalog
from engine.documents import Documents
from engine.readiness import ReadinessBoard
from engine.services import Services
from engine.turns import Turns
from storage.protocol import Stores
from tests.api.store_in_memory import MemoryStore, MemoryStores
from tests.support import process
from tests.support.divan_app import ROOT, free_port

AYSE, MEHMET = Login("ayse", "çok gizli 1"), Login("mehmet", "daha gizli 2")
CANARY = "sk-canary-0123456789abcdef"


def a_chat(chat_id: str, title: str, text: str = "merhaba") -> Conversation:
    message = Message("m1", None, "user", text, "2026-10-01T10:00:00.000Z")
    when = "2026-10-01T10:00:00.000Z"
    return Conversation(chat_id, title, when, when, leaf="m1", messages=(message,))


class Endless:
    """A router whose answers never end and whose models are all there."""

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent]:
        yield TextDelta("ilk söz")
        await asyncio.Event().wait()

    async def check(self, model: Model) -> Readiness:
        return Readiness(True)

    async def list_models(self, model: Model) -> Sequence[OfferedModel]:
        return [OfferedModel(model.name)]


def make_services(
    folder: Path, port: int = 7860, stores: Stores | None = None, **settings: Any
) -> Services:
    """Services over memory, unless other stores are named; the answers they make never end."""
    limits = Limits(request_megabytes=1)
    rows = [
        Row(id="local", provider="ollama", name="qwen"),
        Row(id="keyed", provider="gemini", name="flash", api_key_env="CANARY_KEY"),
        Row(id="no-key", provider="gemini", name="pro", api_key_env="MISSING_KEY"),
    ]
    models = tuple(resolve(row, ProviderRow(), limits) for row in rows)
    catalog = Catalog(limits=limits, models=models)
    keys = Keys(folder / ".env", {"CANARY_KEY": CANARY})
    stores, router = stores or MemoryStores(), Endless()
    return Services(
        settings=Settings(port=port, data=folder / "data", **settings),
        catalog=CurrentCatalog(Loaded(catalog)),
        keys=keys,
        stores=stores,
        turns=Turns(catalog, stores, router.stream),
        readiness=ReadinessBoard(catalog, keys, router.check),
        router=router,
        documents=Documents(folder / "data" / "documents"),
    )


@dataclass
class App:
    """A server without Gradio, and what is behind it."""

    services: Services
    asgi: Starlette
    allowed: Any

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A client as no browser, unless the headers say otherwise."""
        transport = httpx.ASGITransport(app=self.asgi)
        return httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:7860", headers=headers
        )

    def store(self, owner: str = "") -> MemoryStore:
        return self.services.stores.of(owner)  # type: ignore[return-value]


def make_app(folder: Path, **settings: Any) -> App:
    """The routes and the guard on a bare server."""
    services = make_services(folder, **settings)
    server = Starlette()
    allowed = install(server, services, Path(__file__).parent / "static")
    return App(services, server, allowed)


@dataclass
class Page:
    """A running page: where it is, and how to be somebody there."""

    url: str
    folder: Path
    routes: tuple[str, ...] = ()
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, login: Login | None = None) -> httpx.Client:
        """A client as no browser: no Origin. Logged in where a login is named."""
        client = httpx.Client(base_url=self.url, timeout=20)
        if login:
            client.cookies.update(self.cookies(login))
        return client

    def cookies(self, login: Login) -> dict[str, str]:
        """The session of a user, opened once."""
        if login.user not in self._cookies:
            with httpx.Client(base_url=self.url) as fresh:
                form = {"user": login.user, "password": login.password}
                assert fresh.post("/login", data=form).status_code == 303
                self._cookies[login.user] = dict(fresh.cookies)
        return self._cookies[login.user]


@contextmanager
def served(folder: Path, logins: Sequence[Login] = ()) -> Iterator[Page]:
    """`page_process.py` in a process of its own, until the block ends."""
    names = [f"{login.user}:{login.password}" for login in logins]
    program = process.start(
        [str(folder), str(free_port()), *names],
        ROOT,
        module="tests.api.page_process",
        errors=folder / "terminal.txt",
    )
    try:
        assert program.stdout is not None
        ready = program.stdout.readline()
        assert ready.startswith("{"), (folder / "terminal.txt").read_text()
        told = json.loads(ready)
        yield Page(told["url"], folder, tuple(told["routes"]))
    finally:
        process.close(program)
