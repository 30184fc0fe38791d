"""The routes of the chats, over a store in memory."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

import pytest

from core.conversation import ChatSettings
from core.settings import VERSION, Login
from tests.api.api_served import AYSE, CANARY, MEHMET, App, a_chat

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def filled(app: App) -> App:
    for number in range(5):
        await app.store().create(a_chat(f"c{number}", f"Sohbet {number}"))
    return app


async def test_the_list_comes_in_pages(filled: App) -> None:
    async with filled.client() as client:
        page = (await client.get("/api/chats", params={"offset": 3, "limit": 50})).json()
        found = (await client.get("/api/chats", params={"q": "SOHBET 2"})).json()
    assert (page["total"], [row["id"] for row in page["rows"]]) == (5, ["c3", "c4"])
    assert [row["title"] for row in found["rows"]] == ["Sohbet 2"]


async def test_the_outline_names_groups_and_version(filled: App) -> None:
    async with filled.client() as client:
        outline = await client.get("/api/chats/outline", params={"tz": "Europe/Istanbul"})
        search = await client.get("/api/chats/outline", params={"q": "sohbet 1"})
    assert outline.json() == {
        "total": 5,
        "version": 7,
        "groups": [{"key": "today", "count": 5}],
        "set_aside": [],
    }
    assert (search.json()["total"], search.json()["groups"]) == (1, [])


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 201},
        {"limit": 0},
        {"limit": "x"},
        {"offset": -1},
        {"offset": "١"},
        {"offset": "9" * 400},
        {"q": "x" * 501},
    ],
)
async def test_limits_are_checked(app: App, query: dict[str, str]) -> None:
    async with app.client() as client:
        answer = await client.get("/api/chats", params={**query, "lang": "en"})
    assert answer.status_code == 422
    assert answer.json()["error"]["hint"].startswith("Allowed: ")


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "../../etc/passwd", "/etc/localtime", "Europe", "\0"]
)
async def test_a_bad_time_zone_is_named(app: App, zone: str) -> None:
    async with app.client() as client:
        assert (await client.get("/api/chats/outline", params={"tz": zone})).status_code == 422


async def test_a_chat_is_read_renamed_and_pinned(filled: App) -> None:
    async with filled.client() as client:
        assert (await client.get("/api/chats/c1")).json()["title"] == "Sohbet 1"
        changed = await client.patch(
            "/api/chats/c1", json={"title": "  Yağmurlu\n\x00 İstanbul  ", "pinned": True}
        )
    assert changed.json()["title"] == "Yağmurlu İstanbul"
    assert filled.store().chats["c1"].pinned


@pytest.mark.parametrize(
    "change",
    [
        b"{}",
        b"[]",
        b"not json",
        b'{"title": ""}',
        b'{"title": 5}',
        b'{"title": "\\ud800"}',
        b'{"pinned": 1}',
        b'{"pinned": null}',
        b'{"id": "c2"}',
        b'{"title": "' + b"x" * 201 + b'"}',
        b'{"title": "' + b" " * 40_000 + b'x"}',
        b"[" * 40_000,
    ],
)
async def test_a_bad_change_changes_nothing(filled: App, change: bytes) -> None:
    before = dict(filled.store().chats)
    async with filled.client() as client:
        answer = await client.patch("/api/chats/c1", content=change, headers=JSON)
    assert answer.status_code == 422
    assert filled.store().chats == before


async def test_delete_can_be_undone(filled: App) -> None:
    async with filled.client() as client:
        undo = (await client.delete("/api/chats/c1")).json()["undo"]
        assert (await client.get("/api/chats/c1")).status_code == 404
        restored = await client.post(f"/api/trash/{undo}/restore")
        assert restored.json() == {"id": "c1"}
        assert (await client.get("/api/chats/c1")).status_code == 200


async def test_deleting_stops_the_answer_first(app: App) -> None:
    turns = app.services.turns
    turn = await turns.send("", None, "Bitmeyen soru", "local", ChatSettings())
    async with asyncio.timeout(5):
        while turn.message.content != "ilk söz":
            await turn.signal.after(turn.seq)
    async with app.client() as client:
        undo = (await client.delete(f"/api/chats/{turn.chat_id}")).json()["undo"]
    assert turns.running("") == ()
    kept = app.store().trash[undo].messages[-1]
    assert (kept.content, kept.answer and kept.answer.outcome) == ("ilk söz", "stopped")


@pytest.mark.parametrize(
    ("chat_id", "status"),
    [("missing", 404), ("..%2f..%2fmodels", 404), ("A", 404), ("c1.json", 404), ("%00", 404)],
)
async def test_an_id_that_is_none_is_not_found(filled: App, chat_id: str, status: int) -> None:
    async with filled.client() as client:
        for method, path in (
            ("GET", f"/api/chats/{chat_id}"),
            ("DELETE", f"/api/chats/{chat_id}"),
            ("GET", f"/api/chats/{chat_id}/export"),
            ("POST", f"/api/trash/{chat_id}/restore"),
        ):
            assert (await client.request(method, path)).status_code == status
        answer = await client.patch(f"/api/chats/{chat_id}", json={"title": "x"})
        assert answer.status_code == status


async def test_read_only_and_full_disk_say_so_in_the_callers_language(filled: App) -> None:
    store = filled.store()
    store.read_only.add("c1")
    async with filled.client(cookie="divan_lang=en") as client:
        read_only = await client.patch("/api/chats/c1", json={"title": "x"})
        store.disk_is_full = True
        full = await client.patch("/api/chats/c2", json={"title": "x"})
    assert read_only.status_code == 409
    assert "newer Divan" in read_only.json()["error"]["message"]
    assert full.status_code == 507
    assert full.json()["error"]["message"] == "The disk is full; the chat could not be saved."
    assert "/home" not in full.text


async def test_an_unexpected_error_tells_nothing(
    filled: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("/srv/secret " + CANARY)

    monkeypatch.setattr(filled.store(), "load", broken)
    async with filled.client() as client:
        answer = await client.get("/api/chats/c1")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "/srv" not in answer.text
    assert CANARY not in answer.text


async def test_export_is_named_after_the_chat(app: App) -> None:
    await app.store().create(a_chat("c1", 'Çığ/öğüt: "şık"\r\nX-Evil: 1 ../..'))
    async with app.client() as client:
        markdown = await client.get("/api/chats/c1/export")
        as_json = await client.get("/api/chats/c1/export", params={"format": "json"})
        bad = await client.get("/api/chats/c1/export", params={"format": "exe"})
    disposition = markdown.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=\"c1.md\"; filename*=UTF-8''")
    name = unquote(disposition.split("''")[1])
    assert name.startswith("Çığ_öğüt_ _şık_")
    assert not set('/\\"\r\n:') & set(name)
    assert "x-evil" not in markdown.headers
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert as_json.json()["title"].startswith("Çığ")
    assert bad.status_code == 422


async def test_models_say_in_words_why_they_are_not_ready(app: App) -> None:
    async with app.client() as client:
        rows = (await client.get("/api/models", params={"lang": "en"})).json()
    by_id = {row["id"]: row for row in rows}
    assert by_id["no-key"] == {
        "id": "no-key",
        "label": "no-key",
        "kind": "cloud",
        "languages": [],
        "ready": False,
        "reason": "No key: set MISSING_KEY in .env",
    }
    app.services.readiness.refresh()
    await app.services.readiness.settled()
    async with app.client() as client:
        rows = (await client.get("/api/models")).json()
    ready = next(row for row in rows if row["id"] == "keyed")
    assert (ready["ready"], ready["reason"]) == (True, "")
    assert CANARY not in str(rows)


async def test_health_is_open_to_anybody(shared_app: App) -> None:
    async with shared_app.client() as client:
        assert (await client.get("/api/health")).json() == {"status": "ok", "version": VERSION}


async def log_in(app: App, login: Login) -> str:
    async with app.client() as client:
        form = {"user": login.user, "password": login.password}
        answer = await client.post("/login", data=form)
    return answer.headers["set-cookie"].split(";")[0]


async def test_nobody_reaches_anothers_chats(shared_app: App) -> None:
    await shared_app.store("ayse").create(a_chat("secret-1", "Gizli", "gizli söz"))
    trashed = await shared_app.store("ayse").create(a_chat("gone-1", "Gizli çöp"))
    undo = await shared_app.store("ayse").delete(trashed.id)
    requests = (
        ("GET", "/api/chats", None, 200),
        ("GET", "/api/chats?q=gizli", None, 200),
        ("GET", "/api/chats/outline", None, 200),
        ("GET", "/api/chats/outline?q=gizli", None, 200),
        ("GET", "/api/chats/secret-1", None, 404),
        ("GET", "/api/chats/secret-1/export", None, 404),
        ("GET", "/api/chats/secret-1/export?format=json", None, 404),
        ("PATCH", "/api/chats/secret-1", {"title": "x"}, 404),
        ("DELETE", "/api/chats/secret-1", None, 404),
        ("POST", f"/api/trash/{undo}/restore", None, 404),
    )
    cookie = await log_in(shared_app, MEHMET)
    async with shared_app.client(cookie=cookie) as other, shared_app.client() as nobody:
        for method, path, body, status in requests:
            answer = await other.request(method, path, json=body)
            assert (path, answer.status_code) == (path, status)
            assert "gizli" not in answer.text.casefold().replace("gizli sohbeti", "")
            assert (await nobody.request(method, path, json=body)).status_code == 401
    assert set(shared_app.store("ayse").chats) == {"secret-1"}
    own = await log_in(shared_app, AYSE)
    async with shared_app.client(cookie=own) as client:
        assert (await client.get("/api/chats")).json()["total"] == 1
