"""The routes of a chat's tree, over real files and a real socket, for two users."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message, Outcome
from core.events import TextDelta
from core.settings import Login
from engine.live import LiveTurn
from tests.api.api_served import AYSE, MEHMET
from tests.api.live_server import END, LiveServer, live_server

WHEN = "2026-11-20T10:00:00Z"


def chat_of(messages: int, chat_id: str = "c1") -> Conversation:
    """A line of questions and answers m0, m1 ..."""
    made: list[Message] = []
    for number in range(messages):
        answer = Answer("local", "ollama", WHEN, Outcome.COMPLETE) if number % 2 else None
        role: Any = "assistant" if number % 2 else "user"
        parent = made[-1].id if made else None
        made.append(Message(f"m{number}", parent, role, f"söz {number}", WHEN, answer=answer))
    return Conversation(chat_id, "Ağaç", WHEN, WHEN, leaf=made[-1].id, messages=tuple(made))


@dataclass
class Person:
    """Somebody logged in, at one chat."""

    client: httpx.AsyncClient
    chat: str = "c1"

    async def send(self, method: str, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
        address = f"/api/chats/{self.chat}/{path}"
        content = json.dumps(body) if body else None  # also half a character pair
        headers = {"Content-Type": "application/json"} if body else {}
        answer = await self.client.request(
            method, address, content=content, headers=headers, params={"lang": "en"}
        )
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def tree(self) -> dict[str, Any]:
        return await self.send("GET", "tree")

    async def restore(self, token: str, status: int = 200) -> None:
        answer = await self.client.post(f"/api/trash/{token}/restore")
        assert answer.status_code == status, answer.text


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[LiveServer]:
    async with live_server(tmp_path) as running:
        yield running


@asynccontextmanager
async def logged_in(server: LiveServer, login: Login) -> AsyncIterator[Person]:
    form = {"user": login.user, "password": login.password}
    async with httpx.AsyncClient(base_url=server.url) as client:
        assert (await client.post("/login", data=form)).status_code == 303
        yield Person(client)


@pytest.fixture
async def ayse(server: LiveServer) -> AsyncIterator[Person]:
    await server.services.stores.of(AYSE.user).create(chat_of(6))
    async with logged_in(server, AYSE) as person:
        yield person


def names(tree: dict[str, Any]) -> list[str]:
    return [branch["name"] for branch in tree["branches"]]


def shape(tree: dict[str, Any]) -> list[tuple[str, str, str | None, int, bool]]:
    keys = ("id", "tip", "parent", "count", "on_path")
    return [tuple(segment[key] for key in keys) for segment in tree["segments"]]


async def test_a_branch_is_begun_grows_and_is_gone_back_from(
    ayse: Person, server: LiveServer
) -> None:
    begun = await ayse.send("POST", "branches", name="Deneme", message="m1")
    assert (begun["branch"], begun["leaf"], begun["rev"]) == ("Deneme", "m1", 2)
    assert shape(begun) == [("m0", "m1", None, 2, True), ("m2", "m5", "m0", 4, False)]
    turn = await server.ask(AYSE, "Başka soru", "c1")
    running = await ayse.tree()
    assert [s["running"] for s in running["segments"]] == [False, False, True]
    await finish(server, "Başka soru", turn)
    tree = await ayse.tree()
    assert tree["segments"][2] == {
        "id": tree["segments"][2]["id"], "tip": turn.id, "parent": "m0", "count": 2,
        "label": "Başka soru", "models": ["local"], "on_path": True, "running": False,
    }  # fmt: skip
    (branch,) = tree["branches"]
    assert (branch["leaf"], branch["current"]) == (turn.id, True)
    assert (branch["count"], branch["own"]) == (4, 2)
    assert tree["off_path"] == 4
    back = await ayse.send("POST", "open", message="m5")
    assert (back["leaf"], back["branch"], back["off_path"]) == ("m5", "", 2)
    again = await ayse.send("POST", "open", branch="Deneme")
    assert (again["leaf"], again["branch"]) == (turn.id, "Deneme")


async def finish(server: LiveServer, question: str, turn: LiveTurn) -> None:
    server.voices.say(question, TextDelta("yanıt"), END)
    async with asyncio.timeout(5):
        while server.services.turns.get(turn.owner, turn.id):
            await turn.signal.after(turn.seq)


async def test_a_branch_is_renamed_and_preferred(ayse: Person) -> None:
    await ayse.send("POST", "branches", name="Bir", message="m1")
    await ayse.send("POST", "branches", name="İki", message="m3")
    changed = await ayse.send("PATCH", "branches", branch="Bir", name="Birinci", preferred=True)
    assert names(changed) == ["Birinci", "İki"]
    assert [branch["preferred"] for branch in changed["branches"]] == [True, False]
    changed = await ayse.send("PATCH", "branches", branch="İki", preferred=True)
    assert [branch["preferred"] for branch in changed["branches"]] == [False, True]


async def test_deleting_a_branch_takes_what_only_it_needs_and_can_be_undone(
    ayse: Person, server: LiveServer
) -> None:
    await ayse.send("POST", "branches", name="Deneme", message="m1")
    await finish(server, "soru", await server.ask(AYSE, "soru", "c1"))
    before = await ayse.tree()
    dropped = await ayse.send("DELETE", "branches", branch="Deneme")
    assert (dropped["count"], names(dropped["tree"])) == (2, [])
    assert shape(dropped["tree"]) == [("m0", "m5", None, 6, True)]
    await ayse.restore(dropped["undo"])
    after = await ayse.tree()
    assert {**after, "rev": 0} == {**before, "rev": 0}
    await ayse.restore(dropped["undo"], 404)


async def test_pruning_tells_its_count_and_can_be_undone(ayse: Person) -> None:
    nothing = await ayse.send("POST", "prune")
    assert nothing == {"undo": None, "count": 0}
    await ayse.send("POST", "branches", name="Kısa", message="m1")
    told = (await ayse.tree())["off_path"]
    pruned = await ayse.send("POST", "prune")
    assert (pruned["count"], told) == (4, 4)
    assert shape(await ayse.tree()) == [("m0", "m1", None, 2, True)]
    await ayse.restore(pruned["undo"])
    assert shape(await ayse.tree()) == [
        ("m0", "m1", None, 2, True), ("m2", "m5", "m0", 4, False),
    ]  # fmt: skip


async def test_what_is_being_written_is_not_deleted(ayse: Person, server: LiveServer) -> None:
    await ayse.send("POST", "branches", name="Deneme", message="m1")
    turn = await server.ask(AYSE, "uzun", "c1")
    refused = await ayse.send("DELETE", "branches", 422, branch="Deneme")
    assert refused["error"]["message"] == "An answer is being made in this chat already."
    await ayse.send("POST", "open", message="m5")
    await ayse.send("POST", "prune", 422)
    assert names(await ayse.tree()) == ["Deneme"]
    await finish(server, "uzun", turn)
    assert (await ayse.send("POST", "prune"))["count"] == 2


async def test_a_damaged_chat_is_shown_and_waits_for_repair(
    ayse: Person, server: LiveServer, tmp_path: Path
) -> None:
    path = tmp_path / "chats" / AYSE.user / "c1.json"
    path.write_text(path.read_text().replace('"parent": null', '"parent": "m5"'))
    assert (await ayse.tree())["repairs"] == 1
    refused = await ayse.send("POST", "branches", 422, name="Dal", message="m1")
    assert "Repair it" in refused["error"]["hint"]
    assert await ayse.send("POST", "repair") == {"count": 1}
    assert (await ayse.send("POST", "branches", name="Dal", message="m1"))["repairs"] == 0


async def test_a_blind_round_does_not_tell_who_answers(ayse: Person, server: LiveServer) -> None:
    blind = Comparison((Lane("local"), Lane("keyed")), blind=True)
    store = server.services.stores.of(AYSE.user)
    await store.update("c1", lambda c: replace(c, comparison=blind))
    assert (await ayse.tree())["segments"][0]["models"] == []
    await store.update("c1", lambda c: replace(c, comparison=replace(blind, vote="tie")))
    assert (await ayse.tree())["segments"][0]["models"] == ["local"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "branches", {"name": "x"}),
        ("POST", "branches", {"name": "", "message": "m1"}),
        ("POST", "branches", {"name": "x" * 81, "message": "m1"}),
        ("POST", "branches", {"name": "x", "message": "nobody"}),
        ("POST", "branches", {"name": "x", "message": 5}),
        ("POST", "branches", {"name": "\ud800", "message": "m1"}),
        ("POST", "branches", {"name": "Var", "message": "m1"}),
        ("POST", "branches", {"name": "x", "message": "m1", "leaf": "m2"}),
        ("PATCH", "branches", {"branch": "Yok", "name": "x"}),
        ("PATCH", "branches", {"branch": "Var", "preferred": 1}),
        ("PATCH", "branches", {"branch": "Var", "name": None}),
        ("DELETE", "branches", {"branch": "Yok"}),
        ("DELETE", "branches", {}),
        ("POST", "open", {"message": "nobody"}),
        ("POST", "open", {"branch": "Yok"}),
        ("POST", "open", {"branch": "Var", "message": "m1"}),
    ],
)
async def test_what_cannot_be_done_is_told_and_changes_nothing(
    ayse: Person, method: str, path: str, body: dict[str, Any]
) -> None:
    before = await ayse.send("POST", "branches", name="Var", message="m1")
    refused = await ayse.send(method, path, 422, **body)
    assert refused["error"]["message"]
    assert refused["error"]["hint"]
    assert await ayse.tree() == before


async def test_nobody_reaches_the_tree_of_another(ayse: Person, server: LiveServer) -> None:
    before = await ayse.send("POST", "branches", name="Gizli", message="m1")
    dropped = await ayse.send("DELETE", "branches", branch="Gizli")
    async with logged_in(server, MEHMET) as mehmet:
        for method, path, body in (
            ("GET", "tree", {}),
            ("POST", "branches", {"name": "x", "message": "m1"}),
            ("PATCH", "branches", {"branch": "Gizli", "name": "x"}),
            ("DELETE", "branches", {"branch": "Gizli"}),
            ("POST", "open", {"message": "m1"}),
            ("POST", "prune", {}),
            ("POST", "repair", {}),
        ):
            await mehmet.send(method, path, 404, **body)
        await mehmet.restore(dropped["undo"], 404)
    await ayse.restore(dropped["undo"])
    assert (await ayse.tree())["branches"] == before["branches"]


async def test_whoever_is_not_logged_in_gets_nothing(server: LiveServer, ayse: Person) -> None:
    async with httpx.AsyncClient(base_url=server.url) as stranger:
        assert (await stranger.get("/api/chats/c1/tree")).status_code == 401
        assert (await stranger.post("/api/chats/c1/prune")).status_code == 401
    assert (await ayse.tree())["rev"] == 1
