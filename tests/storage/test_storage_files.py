"""What a caller of the store relies on: saves, loads, names, trash, damage, owners."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import SCHEMA, Conversation, Message, Outcome
from core.errors import ChatNotFound, ChatReadOnly, StorageError
from storage.files import FileStore, FileStores
from storage.protocol import ChatStore, Stores

MakeChat = Callable[..., Conversation]


def contract(stores: FileStores) -> tuple[Stores, ChatStore]:
    """The type checker's word that files keep the protocol."""
    return stores, stores.of("")


def rename(title: str) -> Callable[[Conversation], Conversation]:
    return lambda conversation: replace(conversation, title=title)


def settle(path: Path) -> None:
    """Let the file look as if its writer had finished a minute ago."""
    os.utime(path, (time.time() - 60, time.time() - 60))


async def test_a_chat_comes_back_as_it_was_written(store: FileStore, make_chat: MakeChat) -> None:
    created = await store.create(make_chat())
    assert created == replace(make_chat(), rev=1)
    assert await store.load("chat-1") == created


async def test_another_start_of_the_program_reads_the_same(
    stores: FileStores, chats: Path, tmp_path: Path, make_chat: MakeChat
) -> None:
    created = await stores.of("").create(make_chat())
    again = FileStores(chats, tmp_path / "other-data")
    assert await again.of("").load("chat-1") == created
    again.close()


async def test_an_update_changes_the_newest_version(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    first = await store.update("chat-1", rename("Bir"))
    path = chats / "chat-1.json"
    path.write_text(path.read_text("utf-8").replace("Selam!", "Elle yazıldı"), "utf-8")
    second = await store.update("chat-1", lambda c: replace(c, pinned=True))
    assert (first.rev, second.rev) == (2, 3)
    assert (second.title, second.messages[1].content) == ("Bir", "Elle yazıldı")
    assert await store.load("chat-1") == second


async def test_a_change_that_changes_nothing_writes_nothing(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat())
    before = (chats / "chat-1.json").stat()
    assert await store.update("chat-1", lambda c: c) == created
    assert (chats / "chat-1.json").stat() == before


async def test_a_change_that_fails_leaves_the_chat_and_its_lock_free(
    store: FileStore, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat())
    with pytest.raises(KeyError):
        await store.update("chat-1", lambda c: c.fork("nowhere"))
    assert await store.load("chat-1") == created
    assert (await store.update("chat-1", rename("Yine"))).title == "Yine"


async def test_updates_from_many_tasks_are_all_kept(store: FileStore, make_chat: MakeChat) -> None:
    await store.create(make_chat())

    async def add(number: int) -> None:
        added = Message(f"n{number}", "m1", "user", str(number), "t")
        await store.update("chat-1", lambda c: c.append(added))

    await asyncio.gather(*(add(number) for number in range(40)))
    found = await store.load("chat-1")
    assert {m.id for m in found.messages} >= {f"n{number}" for number in range(40)}
    assert found.rev == 41


async def test_creating_over_a_chat_is_refused(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    before = (chats / "chat-1.json").read_bytes()
    with pytest.raises(StorageError):
        await store.create(make_chat("chat-1", "başka"))
    assert (chats / "chat-1.json").read_bytes() == before


async def test_only_chats_and_known_folders_appear_beside_them(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    await store.delete((await store.create(make_chat("chat-2"))).id)
    assert sorted(os.listdir(chats)) == [".locks", "chat-1.json", "trash"]
    assert (chats / "chat-1.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "chat_id",
    [
        *("", "..", "../x", "a/b", "a\\b", "/etc/passwd", "a.json", "A", "-a", "a\0", "a\n"),
        *("ş", "trash/x", "x" * 65, "%2e%2e", "a b", "٣"),
    ],
)
async def test_an_id_cannot_leave_the_folder(
    store: FileStore, make_chat: MakeChat, chat_id: str, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_text("{}", "utf-8")
    for attempt in (
        store.load(chat_id),
        store.update(chat_id, rename("x")),
        store.delete(chat_id),
        store.restore(chat_id),
        store.create(make_chat(chat_id)),
    ):
        with pytest.raises(ChatNotFound):
            await attempt
    assert (tmp_path / "x.json").read_text("utf-8") == "{}"


async def test_a_symlink_is_no_chat(store: FileStore, chats: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"title": "gizli"}', "utf-8")
    chats.mkdir()
    (chats / "link.json").symlink_to(secret)
    await store.refresh()
    assert (await store.list()).total == 0
    for attempt in (store.load("link"), store.update("link", rename("x")), store.delete("link")):
        with pytest.raises(ChatNotFound):
            await attempt
    assert secret.read_text("utf-8") == '{"title": "gizli"}'


async def test_a_symlinked_trash_is_refused(
    store: FileStore, chats: Path, tmp_path: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    (tmp_path / "elsewhere").mkdir()
    (chats / "trash").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError):
        await store.delete("chat-1")
    assert os.listdir(tmp_path / "elsewhere") == []
    assert (await store.load("chat-1")).id == "chat-1"


async def test_a_deleted_chat_is_gone_and_comes_back_whole(
    store: FileStore, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat())
    token = await store.delete("chat-1")
    with pytest.raises(ChatNotFound):
        await store.load("chat-1")
    assert (await store.list()).rows == ()
    assert await store.restore(token) == created
    assert [row.id for row in (await store.list()).rows] == ["chat-1"]
    with pytest.raises(ChatNotFound):
        await store.restore(token)


async def test_a_restored_chat_takes_no_others_name(store: FileStore, make_chat: MakeChat) -> None:
    await store.create(make_chat("chat-1", "eski"))
    token = await store.delete("chat-1")
    newer = await store.create(make_chat("chat-1", "yeni"))
    restored = await store.restore(token)
    assert restored.id != "chat-1"
    assert restored.messages[0].content == "eski"
    assert await store.load("chat-1") == newer
    assert {row.id for row in (await store.list()).rows} == {"chat-1", restored.id}


@pytest.mark.parametrize("token", ["../chat-1", "chat-1", "chat-1-2026", "../../x", ""])
async def test_only_a_token_restores(store: FileStore, make_chat: MakeChat, token: str) -> None:
    await store.create(make_chat())
    with pytest.raises(ChatNotFound):
        await store.restore(token)


async def test_an_answer_of_a_dead_process_comes_back_interrupted(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat(outcome=Outcome.STREAMING))
    found = await store.load("chat-1")
    assert found.messages[1].answer is not None
    assert found.messages[1].answer.outcome is Outcome.INTERRUPTED
    assert found.messages[1].content == "Selam!"
    assert '"streaming"' in (chats / "chat-1.json").read_text("utf-8")
    await store.update("chat-1", rename("x"))
    assert '"interrupted"' in (chats / "chat-1.json").read_text("utf-8")


async def test_an_answer_a_running_turn_owns_stays_open(
    store: FileStore, live: set[str], make_chat: MakeChat
) -> None:
    await store.create(make_chat(outcome=Outcome.STREAMING))
    live.add("m1")
    assert (await store.load("chat-1")).messages[1].is_open
    assert (await store.update("chat-1", rename("x"))).messages[1].is_open
    live.clear()
    assert not (await store.load("chat-1")).messages[1].is_open


async def test_a_newer_chat_can_be_read_and_deleted_but_not_changed(
    store: FileStore, chats: Path
) -> None:
    chats.mkdir()
    path = chats / "new.json"
    path.write_text(json.dumps({"schema": SCHEMA + 1, "title": "Yeni", "shape": 1}), "utf-8")
    before = path.read_bytes()
    assert (await store.load("new")).title == "Yeni"
    with pytest.raises(ChatReadOnly):
        await store.update("new", rename("x"))
    assert path.read_bytes() == before
    await store.refresh()
    assert [(row.title, row.read_only) for row in (await store.list()).rows] == [("Yeni", True)]
    await store.delete("new")


@pytest.mark.parametrize("data", [b"", b'{"title": "yar', b'{"messages": [{"content": {}}]}'])
async def test_a_damaged_file_is_moved_aside_and_told(
    store: FileStore, chats: Path, data: bytes
) -> None:
    chats.mkdir()
    (chats / "bad.json").write_bytes(data)
    settle(chats / "bad.json")
    with pytest.raises(StorageError) as told:
        await store.load("bad")
    assert told.value.card.kind == "unreadable"
    with pytest.raises(ChatNotFound):
        await store.load("bad")
    (aside,) = await store.set_aside()
    assert aside.name == "bad.json"
    assert aside.reason
    assert (chats.parent / aside.moved_to).read_bytes() == data


async def test_a_scan_moves_damage_aside_too(store: FileStore, chats: Path) -> None:
    chats.mkdir()
    (chats / "bad.json").write_bytes(b"{")
    settle(chats / "bad.json")
    await store.refresh()
    assert [aside.name for aside in await store.set_aside()] == ["bad.json"]
    assert not (chats / "bad.json").exists()


async def test_a_scan_leaves_a_file_alone_that_is_just_being_written(
    store: FileStore, chats: Path
) -> None:
    chats.mkdir()
    (chats / "half.json").write_bytes(b'{"title": "ya')
    await store.refresh()
    assert (chats / "half.json").exists()
    assert await store.set_aside() == ()


async def test_loading_looks_twice_at_a_file_that_is_just_being_written(
    store: FileStore, chats: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats.mkdir()
    half = chats / "half.json"
    half.write_bytes(b'{"title": "ya')
    end_writing = b'{"title": "yarim"}'
    monkeypatch.setattr("storage.folder.time.sleep", lambda _: half.write_bytes(end_writing))
    assert (await store.load("half")).title == "yarim"


async def test_an_update_never_writes_over_damage(store: FileStore, chats: Path) -> None:
    chats.mkdir()
    (chats / "bad.json").write_bytes(b"{oops")
    settle(chats / "bad.json")
    with pytest.raises(StorageError):
        await store.update("bad", rename("x"))
    (aside,) = await store.set_aside()
    assert (chats.parent / aside.moved_to).read_bytes() == b"{oops"


async def test_owners_see_only_their_own(
    stores: FileStores, chats: Path, make_chat: MakeChat
) -> None:
    alone, ayse, can = stores.of(""), stores.of("ayse"), stores.of("can")
    for store, title in ((alone, "Benim"), (ayse, "Ayşenin"), (can, "Canın")):
        await store.create(make_chat("same-id", "ortak sözcük", title=title))
        await store.refresh()
    assert (chats / "ayse" / "same-id.json").is_file()
    token = await ayse.delete("same-id")
    for other in (alone, can):
        with pytest.raises(ChatNotFound):
            await other.restore(token)
    assert (await ayse.list()).total == 0
    for store, title in ((alone, "Benim"), (can, "Canın")):
        assert [row.title for row in (await store.list()).rows] == [title]
        assert [row.title for row in (await store.search("ortak")).rows] == [title]
        assert (await store.load("same-id")).title == title


def test_a_login_that_differs_only_in_case_is_the_same_person(stores: FileStores) -> None:
    assert stores.of("Ayse") is stores.of("ayse")


@pytest.mark.parametrize(
    "owner", ["..", ".", "a/b", "trash", "Corrupt", ".locks", "a\\b", "x" * 33, "ş", "a.", " "]
)
def test_a_login_cannot_be_any_folder(stores: FileStores, owner: str) -> None:
    with pytest.raises(ValueError, match="cannot be a login"):
        stores.of(owner)


async def test_a_symlinked_login_folder_is_refused(
    stores: FileStores, chats: Path, tmp_path: Path
) -> None:
    chats.mkdir()
    (chats / "ayse").symlink_to(tmp_path)
    with pytest.raises(StorageError):
        await stores.of("ayse").list()
