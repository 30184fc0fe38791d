"""Routes over real files: what a folder or a file can be like that no store in memory is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.files import FileStores
from tests.api.api_served import App, a_chat, make_app


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[FileStores]:
    made = FileStores(tmp_path / "chats", tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def app(tmp_path: Path, stores: FileStores) -> App:
    return make_app(tmp_path, stores=stores)


@pytest.mark.parametrize("where", ["chat", "message", "settings"])
async def test_a_chat_nested_too_deeply_is_told_and_is_no_error_of_ours(
    app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    deep = f'"odd": {"[" * 900}{"]" * 900}'
    message = (
        f'{{"id": "1", "role": "user", "content": "x"{"," + deep if where == "message" else ""}}}'
    )
    extra = {"chat": f"{deep},", "settings": f'"settings": {{{deep}}},'}.get(where, "")
    text = f'{{"title": "Derin", {extra} "messages": [{message}]}}'
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "deep.json").write_text(text, "utf-8")
    async with app.client() as client:
        answers = [
            await client.get("/api/chats/deep"),
            await client.get("/api/chats/deep/export", params={"format": "json"}),
            await client.get("/api/chats/deep/export", params={"format": "markdown"}),
            await client.patch("/api/chats/deep", json={"title": "Yeni"}),
        ]
    assert [answer.status_code for answer in answers] == [422, 422, 200, 422]
    assert "iç içe" in answers[0].json()["error"]["message"]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert (tmp_path / "chats" / "deep.json").read_text("utf-8") == text


async def test_a_folder_that_is_gone_is_told_in_one_sentence(
    app: App, stores: FileStores, tmp_path: Path
) -> None:
    await stores.of("").create(a_chat("c1", "Kalacak"))
    (tmp_path / "chats").rename(tmp_path / "away")
    async with app.client() as client:
        answer = await client.get("/api/chats/c1")
        (tmp_path / "away").rename(tmp_path / "chats")
        back = await client.get("/api/chats/c1")
    assert (answer.status_code, back.status_code) == (503, 200)
    error = answer.json()["error"]
    assert error["message"].startswith("chats klasörü yerinde yok")
    assert str(tmp_path) not in answer.text


async def test_a_chat_that_cannot_be_read_is_no_error_of_ours(
    app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "torn.json").write_text('{"title": "Yarım', "utf-8")
    async with app.client() as client:
        answer = await client.get("/api/chats/torn")
    assert answer.status_code == 422
    assert "torn" in answer.json()["error"]["hint"]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
