"""The trash as a list: what lies there, newest first, and what deleting for good may touch."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import Branch, Conversation
from core.errors import NotInTrash, StorageError
from core.tree import off_path, only_of
from storage import disk, trash
from storage.files import FileStore, FileStores
from storage.protocol import TrashRow

MakeChat = Callable[..., Conversation]


async def trashed(store: FileStore, chat: Conversation) -> str:
    """The token of a chat that was deleted."""
    return await store.delete((await store.create(chat)).id)


def forked(chat: Conversation) -> Conversation:
    """The chat with another version of its first answer, which is chosen and named."""
    other = replace(chat.messages[1], id="b1", content="öbür yanıt")
    chat = replace(chat, messages=(*chat.messages, other), leaf="b1", branch="Kısa")
    return replace(chat, branches=(Branch("Uzun", "m1", "1"), Branch("Kısa", "b1", "2")))


async def rows(store: FileStore) -> tuple[TrashRow, ...]:
    return (await store.trashed()).rows


async def test_the_latest_deleted_stands_first_and_says_what_it_is(
    store: FileStore, make_chat: MakeChat
) -> None:
    chat = await trashed(store, make_chat("chat-1", "a", "b", "c", title="Kar"))
    await store.create(forked(make_chat("chat-2", title="Yağmur")))
    branch = (await store.prune("chat-2", lambda c: only_of(c, "Kısa"), "Kısa")).token
    page = await store.trashed()
    assert [row.token for row in page.rows] == [branch, chat]
    part, whole = page.rows
    assert (whole.kind, whole.title, whole.messages, whole.home) == ("chat", "Kar", 3, "trash")
    assert (part.kind, part.title, part.messages, part.home) == ("part", "Yağmur", 1, "list")
    assert part.branches == ("Kısa",)
    assert page.total == 2
    assert page.newest in branch
    assert part.deleted > whole.deleted > "2026"


async def test_a_page_reads_only_the_files_it_shows_and_those_once(
    store: FileStore, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [await trashed(store, make_chat(f"chat-{n}")) for n in range(6)]
    read: list[str] = []
    original = disk.read

    def noting(path: Path) -> tuple[bytes, disk.Signature]:
        read.append(path.stem)
        return original(path)

    monkeypatch.setattr(disk, "read", noting)
    page = await store.trashed(1, 2)
    assert ([row.token for row in page.rows], page.total) == ([tokens[4], tokens[3]], 6)
    assert await store.trashed(1, 2) == page
    assert read == [tokens[4], tokens[3]]
    assert (await store.trashed(9, 2)).rows == ()


@pytest.mark.parametrize("text", ["{", "[]", '{"messages": [{"role": "user"}]}'])
async def test_a_file_that_cannot_be_read_is_listed_and_can_be_deleted(
    store: FileStore, chats: Path, make_chat: MakeChat, text: str
) -> None:
    token = await trashed(store, make_chat())
    path = chats / "trash" / f"{token}.json"
    path.write_text(text)
    (row,) = await rows(store)
    assert (row.kind, row.file, row.size, row.title) == ("unreadable", path.name, len(text), "")
    assert await store.discard(token)
    assert not path.exists()


async def test_a_part_without_its_place_is_listed_as_unreadable(
    store: FileStore, chats: Path
) -> None:
    (chats / "trash").mkdir(parents=True)
    (chats / "trash" / "chat-1-20261120t100000000001-part.json").write_text('{"messages": []}')
    assert [row.kind for row in await rows(store)] == ["unreadable"]


async def test_what_is_deleted_for_good_does_not_come_back(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    token = await trashed(store, make_chat())
    assert await store.discard(token)
    assert not await store.discard(token)
    assert os.listdir(chats / "trash") == []
    with pytest.raises(NotInTrash):
        await store.restore(token)


@pytest.mark.parametrize("token", ["../chat-1", "chat-1", "../../x", "", "a/b", "chat-1.json"])
async def test_only_a_token_is_deleted(
    store: FileStore, chats: Path, make_chat: MakeChat, tmp_path: Path, token: str
) -> None:
    await store.create(make_chat())
    (tmp_path / "x.json").write_text("{}")
    (chats / "trash").mkdir()
    (chats / "trash" / "chat-1.json").write_text("{}")
    with pytest.raises(NotInTrash):
        await store.discard(token)
    assert (tmp_path / "x.json").exists()
    assert (chats / "chat-1.json").exists()
    assert (chats / "trash" / "chat-1.json").exists()


async def test_what_divan_did_not_put_there_is_left_alone(
    store: FileStore, chats: Path, make_chat: MakeChat, tmp_path: Path
) -> None:
    await trashed(store, make_chat())
    secret = tmp_path / "secret.json"
    secret.write_text('{"title": "gizli"}')
    folder = chats / "trash"
    (folder / "notlar.txt").write_text("benim")
    (folder / "chat-2-20261120t100000000001.json").symlink_to(secret)
    (folder / "chat-3-20261120t100000000001.json").mkdir()
    assert [row.title for row in await rows(store)] == ["Hava"]
    assert not await store.discard("chat-2-20261120t100000000001")
    assert await store.empty_trash() == 1
    assert len(os.listdir(folder)) == 3
    assert secret.read_text() == '{"title": "gizli"}'


async def test_a_symlinked_trash_shows_and_deletes_nothing(
    store: FileStore, chats: Path, tmp_path: Path
) -> None:
    token = "chat-1-20261120t100000000001"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in (f"{token}.json", f".{token}.json.tmp"):
        (elsewhere / name).write_text('{"title": "gizli"}')
        os.utime(elsewhere / name, (0, 0))
    chats.mkdir()
    (chats / "trash").symlink_to(elsewhere)
    assert (await store.trashed()).total == 0
    assert not await store.discard(token)
    assert await store.empty_trash() == 0
    assert len(os.listdir(elsewhere)) == 2


async def test_there_may_be_no_trash_yet(store: FileStore) -> None:
    assert (await store.trashed()).rows == ()
    assert await store.empty_trash() == 0


async def test_a_trash_that_cannot_be_listed_says_so(store: FileStore, chats: Path) -> None:
    chats.mkdir()
    (chats / "trash").write_text("not a folder")
    with pytest.raises(StorageError) as refused:
        await store.trashed()
    assert refused.value.card.kind == "trash_refused"


async def test_emptying_keeps_what_came_after_the_list_was_seen(
    store: FileStore, make_chat: MakeChat
) -> None:
    for number in range(3):
        await trashed(store, make_chat(f"chat-{number}"))
    seen = (await store.trashed()).newest
    later = await trashed(store, make_chat("chat-9"))
    assert await store.empty_trash(seen) == 3
    assert [row.token for row in await rows(store)] == [later]


async def test_emptying_takes_what_a_killed_writer_left(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    token = await trashed(store, make_chat())
    old, fresh = (chats / "trash" / f".{token}{kind}.json.tmp" for kind in ("", "-part"))
    for leftover in (old, fresh):
        leftover.write_text("yarım kalan söz")
    os.utime(old, (time.time() - 600,) * 2)
    assert await store.empty_trash() == 1
    assert os.listdir(chats / "trash") == [fresh.name]


async def test_a_file_that_cannot_be_deleted_does_not_keep_the_others(
    store: FileStore, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [await trashed(store, make_chat(f"chat-{n}")) for n in range(3)]
    original = trash._unlink

    def refusing(path: Path) -> None:
        if path.stem == tokens[1]:
            raise PermissionError(13, "Permission denied")
        original(path)

    monkeypatch.setattr(trash, "_unlink", refusing)
    with pytest.raises(StorageError) as refused:
        await store.empty_trash()
    assert refused.value.card.kind == "trash_refused"
    assert [row.token for row in await rows(store)] == [tokens[1]]


async def test_the_old_file_of_a_repaired_chat_is_known_as_one_beside_it(
    store: FileStore, chats: Path
) -> None:
    chats.mkdir()
    loop = '[{"id": "1", "parent": "1", "role": "user", "content": "a"}]'
    (chats / "chat-1.json").write_text(f'{{"title": "Halka", "messages": {loop}}}')
    assert await store.repair("chat-1") == 1
    (old,) = await rows(store)
    assert (old.kind, old.title, old.home) == ("chat", "Halka", "list")
    restored = await store.restore(old.token)
    assert restored.id not in ("", "chat-1")
    assert restored.repairs == 1
    assert (await store.load("chat-1")).repairs == 0


async def test_a_part_says_where_its_chat_is(store: FileStore, make_chat: MakeChat) -> None:
    await store.create(forked(make_chat()))
    part = (await store.prune("chat-1", off_path)).token
    chat = await store.delete("chat-1")
    assert [row.home for row in await rows(store)] == ["trash", "trash"]
    await store.restore(chat)
    assert [row.home for row in await rows(store)] == ["list"]
    await store.discard(await store.delete("chat-1"))
    assert [(row.token, row.home) for row in await rows(store)] == [(part, "gone")]


async def test_deleted_for_good_while_it_is_being_restored(
    store: FileStore, chats: Path, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await trashed(store, make_chat())
    original = disk.rename

    def late(source: Path, target: Path) -> None:
        source.unlink()
        original(source, target)

    monkeypatch.setattr(disk, "rename", late)
    with pytest.raises(NotInTrash):
        await store.restore(token)
    assert not (chats / "chat-1.json").exists()


async def test_each_owner_has_a_trash_of_their_own(stores: FileStores, make_chat: MakeChat) -> None:
    alone, ayse, can = stores.of(""), stores.of("ayse"), stores.of("can")
    token = await trashed(ayse, make_chat(title="Ayşenin"))
    for other in (alone, can):
        assert (await other.trashed()).rows == ()
        assert not await other.discard(token)
        assert await other.empty_trash() == 0
    assert [row.title for row in await rows(ayse)] == ["Ayşenin"]
