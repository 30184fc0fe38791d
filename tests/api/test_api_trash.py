"""The routes of the trash, over real files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.settings import Login
from storage.files import FileStores
from tests.api.api_served import AYSE, MEHMET, App, a_chat, make_app


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[FileStores]:
    made = FileStores(tmp_path / "chats", tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def app(tmp_path: Path, stores: FileStores) -> App:
    return make_app(tmp_path, stores=stores)


async def delete(client: httpx.AsyncClient, stores: FileStores, owner: str, title: str) -> str:
    """The token of a chat of this owner, deleted by the client."""
    chat_id = title.lower().replace(" ", "-")
    await stores.of(owner).create(a_chat(chat_id, title))
    return str((await client.delete(f"/api/chats/{chat_id}")).json()["undo"])


async def titles(client: httpx.AsyncClient, **query: int) -> list[str]:
    listed = (await client.get("/api/trash", params=query)).json()
    return [row["title"] for row in listed["rows"]]


async def test_the_trash_comes_in_pages_latest_deleted_first(app: App, stores: FileStores) -> None:
    async with app.client() as client:
        tokens = [await delete(client, stores, "", f"Chat {number}") for number in range(4)]
        listed = (await client.get("/api/trash", params={"offset": 1, "limit": 2})).json()
        assert await titles(client, offset=3) == ["Chat 0"]
    assert (listed["total"], [row["token"] for row in listed["rows"]]) == (
        4,
        [tokens[2], tokens[1]],
    )
    row = listed["rows"][0]
    assert (row["kind"], row["title"], row["messages"]) == ("chat", "Chat 2", 1)
    assert row["deleted"].endswith("+00:00")
    assert listed["newest"] in tokens[3]


@pytest.mark.parametrize("query", [{"limit": 101}, {"limit": 0}, {"offset": -1}, {"offset": "x"}])
async def test_limits_are_checked(app: App, query: dict[str, str]) -> None:
    async with app.client() as client:
        assert (await client.get("/api/trash", params=query)).status_code == 422


async def test_one_is_deleted_for_good_and_its_undo_says_so(app: App, stores: FileStores) -> None:
    async with app.client() as client:
        gone = await delete(client, stores, "", "Giden")
        await delete(client, stores, "", "Kalan")
        assert (await client.delete(f"/api/trash/{gone}")).json() == {"count": 1}
        assert (await client.delete(f"/api/trash/{gone}")).json() == {"count": 0}
        undo = await client.post(f"/api/trash/{gone}/restore", params={"lang": "en"})
        assert await titles(client) == ["Kalan"]
    assert undo.status_code == 404
    assert undo.json()["error"]["message"].startswith("This is no longer in the trash")


async def test_emptying_stops_at_what_was_seen(app: App, stores: FileStores) -> None:
    async with app.client() as client:
        for number in range(3):
            await delete(client, stores, "", f"Chat {number}")
        seen = (await client.get("/api/trash")).json()["newest"]
        await delete(client, stores, "", "Sonraki")
        emptied = await client.delete("/api/trash", params={"until": seen})
        assert emptied.json() == {"count": 3}
        assert await titles(client) == ["Sonraki"]
        assert (await client.delete("/api/trash")).json() == {"count": 1}
        assert await titles(client) == []


@pytest.mark.parametrize("until", ["bugün", "20261120", "20261120t100000123456-part", "../x"])
async def test_a_moment_that_is_none_deletes_nothing(
    app: App, stores: FileStores, until: str
) -> None:
    async with app.client() as client:
        await delete(client, stores, "", "Kalan")
        answer = await client.delete("/api/trash", params={"until": until})
        assert answer.status_code == 422
        assert await titles(client) == ["Kalan"]


@pytest.mark.parametrize(
    "token", ["..", "%2e%2e", "..%2fchat", "a%00b", "kalan", "kalan.json", "x" * 300, "%C5%9F"]
)
async def test_a_token_that_is_none_touches_nothing(
    app: App, stores: FileStores, tmp_path: Path, token: str
) -> None:
    async with app.client() as client:
        await stores.of("").create(a_chat("kalan", "Kalan"))
        for method, path in (("DELETE", token), ("POST", f"{token}/restore")):
            answer = await client.request(method, f"/api/trash/{path}")
            assert answer.status_code in (404, 405)
    assert (tmp_path / "chats" / "kalan.json").exists()


async def test_a_symlink_is_neither_shown_nor_followed(
    app: App, stores: FileStores, tmp_path: Path
) -> None:
    token = "link-20261120t100000000001"
    secret = tmp_path / "secret.json"
    secret.write_text('{"title": "gizli"}')
    async with app.client() as client:
        await delete(client, stores, "", "Giden")
        (tmp_path / "chats" / "trash" / f"{token}.json").symlink_to(secret)
        assert await titles(client) == ["Giden"]
        assert (await client.delete(f"/api/trash/{token}")).json() == {"count": 0}
        assert (await client.post(f"/api/trash/{token}/restore")).status_code == 404
        assert (await client.delete("/api/trash")).json() == {"count": 1}
    assert secret.read_text() == '{"title": "gizli"}'


async def test_a_title_with_half_a_character_is_listed(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "chats" / "trash"
    folder.mkdir(parents=True)
    text = json.dumps({"title": "yarım \ud83d", "messages": []})
    (folder / "yarim-20261120t100000000001.json").write_text(text)
    async with app.client() as client:
        assert await titles(client) == ["yarım �"]


async def log_in(client: httpx.AsyncClient, login: Login) -> None:
    await client.post("/login", data={"user": login.user, "password": login.password})


async def test_nobody_reaches_anothers_trash(tmp_path: Path, stores: FileStores) -> None:
    shared = make_app(tmp_path, stores=stores, logins=(AYSE, MEHMET))
    async with shared.client() as ayse, shared.client() as mehmet, shared.client() as nobody:
        await log_in(ayse, AYSE)
        await log_in(mehmet, MEHMET)
        token = await delete(ayse, stores, "ayse", "Gizli")
        for method, path, status in (
            ("GET", "/api/trash", 200),
            ("DELETE", f"/api/trash/{token}", 200),
            ("DELETE", "/api/trash", 200),
            ("POST", f"/api/trash/{token}/restore", 404),
        ):
            answer = await mehmet.request(method, path)
            assert (path, answer.status_code) == (path, status)
            assert "Gizli" not in answer.text
            assert (await nobody.request(method, path)).status_code == 401
        assert await titles(mehmet) == []
        assert await titles(ayse) == ["Gizli"]


async def test_another_site_cannot_empty_it(app: App, stores: FileStores) -> None:
    async with app.client() as client:
        token = await delete(client, stores, "", "Kalan")
        for path in ("/api/trash", f"/api/trash/{token}"):
            answer = await client.delete(path, headers={"Origin": "https://evil.example"})
            assert answer.status_code == 403
        assert await titles(client) == ["Kalan"]
