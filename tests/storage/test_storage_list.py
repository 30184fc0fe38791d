"""The list, its outline and its index: in order, up to date, and disposable."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.conversation import Conversation
from storage.codec import encode
from storage.files import FileStore, FileStores
from storage.index import entry
from storage.protocol import Group

MakeChat = Callable[..., Conversation]
ISTANBUL = ZoneInfo("Europe/Istanbul")


async def ids(store: FileStore, **page: int) -> list[str]:
    return [row.id for row in (await store.list(**page)).rows]


def index_of(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "data" / "index").glob("*.sqlite")
    return found


async def test_pinned_first_then_the_latest_changed(store: FileStore, make_chat: MakeChat) -> None:
    for chat_id, day, pinned in (("a", 1, False), ("b", 3, False), ("c", 2, True), ("d", 2, False)):
        moment = f"2026-11-0{day}T10:00:00+00:00"
        await store.create(make_chat(chat_id, updated=moment, pinned=pinned))
    assert await ids(store) == ["c", "b", "d", "a"]
    page = await store.list(offset=1, limit=2)
    assert ([row.id for row in page.rows], page.total) == (["b", "d"], 4)
    assert await ids(store, offset=99) == []


async def test_a_row_tells_what_the_list_shows(store: FileStore, make_chat: MakeChat) -> None:
    await store.create(make_chat(updated="2026-11-20T13:00:00+03:00", pinned=True))
    (row,) = (await store.list()).rows
    assert (row.title, row.pinned, row.model, row.messages) == ("Hava", True, "qwen", 2)
    assert (row.updated, row.read_only) == ("2026-11-20T10:00:00+00:00", False)


async def test_own_changes_show_at_once_and_raise_the_version(
    store: FileStore, make_chat: MakeChat
) -> None:
    versions = [await store.version()]
    await store.create(make_chat())
    versions.append(await store.version())
    await store.update("chat-1", lambda c: replace(c, title="Yeni ad"))
    assert [row.title for row in (await store.list()).rows] == ["Yeni ad"]
    versions.append(await store.version())
    token = await store.delete("chat-1")
    versions.append(await store.version())
    await store.restore(token)
    versions.append(await store.version())
    assert versions == sorted(set(versions))


async def test_files_dropped_in_edited_and_removed_by_others_appear(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat("mine"))
    before = await store.version()
    (chats / "dropped.json").write_bytes(encode(make_chat("dropped", "bırakılan")))
    await store.refresh()
    assert set(await ids(store)) == {"mine", "dropped"}
    assert (await store.search("birakilan")).total == 1
    edited = make_chat("dropped", "düzenlenen", title="Elle")
    (chats / "dropped.json").write_bytes(encode(edited))
    (chats / "mine.json").unlink()
    await store.refresh()
    assert [row.title for row in (await store.list()).rows] == ["Elle"]
    assert (await store.search("birakilan")).total == 0
    assert (await store.search("duzenlenen")).total == 1
    assert await store.version() > before


async def test_list_looks_at_the_folder_by_itself(
    stores: FileStores, chats: Path, make_chat: MakeChat
) -> None:
    chats.mkdir()
    (chats / "dropped.json").write_bytes(encode(make_chat("dropped")))
    assert await ids(stores.of("")) == ["dropped"]


async def test_other_files_and_folders_are_not_chats(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    chats.mkdir()
    (chats / "Notes.json").write_text("{}", "utf-8")
    (chats / "readme.md").write_text("x", "utf-8")
    (chats / "folder.json").mkdir()
    (chats / "ayse").mkdir()
    (chats / "ayse" / "hers.json").write_bytes(encode(make_chat("hers")))
    await store.refresh()
    assert (await store.list()).total == 0
    assert await store.set_aside() == ()


@pytest.mark.parametrize("harm", ["delete", "garbage", "version", "tables"])
async def test_a_lost_or_spoilt_index_costs_only_a_rebuild(
    chats: Path, tmp_path: Path, make_chat: MakeChat, harm: str
) -> None:
    first = FileStores(chats, tmp_path / "data")
    await first.of("").create(make_chat("kept", "şeker"))
    before = await first.of("").version()
    first.close()
    spoil(index_of(tmp_path), harm)
    again = FileStores(chats, tmp_path / "data")
    await again.of("").refresh()
    assert await ids(again.of("")) == ["kept"]
    assert (await again.of("").search("seker")).total == 1
    assert await again.of("").version() > before
    again.close()


def spoil(index: Path, harm: str) -> None:
    if harm == "delete":
        index.unlink()
        return
    if harm == "garbage":
        index.write_bytes(b"not a database" * 1000)
        return
    connection = sqlite3.connect(index)
    statement = "PRAGMA user_version=99" if harm == "version" else "DROP TABLE chats"
    connection.execute(statement)
    connection.commit()
    connection.close()


async def test_an_index_deleted_under_the_running_program_is_built_again(
    store: FileStore, tmp_path: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    for file in (tmp_path / "data" / "index").iterdir():
        file.unlink()
    await store.refresh()
    assert await ids(store) == ["chat-1"]
    assert index_of(tmp_path).exists()


async def test_the_list_is_whole_while_a_deleted_index_is_written_again(
    store: FileStore, tmp_path: Path, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await store.create(make_chat(f"chat-{number}"))
    await store.refresh()
    for file in (tmp_path / "data" / "index").iterdir():
        file.unlink()
    monkeypatch.setattr(store._folder, "version", lambda chat_id: None)  # nothing is read again
    await store.refresh()
    assert index_of(tmp_path).exists()
    assert (await store.list()).total == 3
    assert (await store.search("selam")).total == 3


async def test_the_list_is_whole_where_the_index_is_found_damaged(
    store: FileStore, tmp_path: Path, make_chat: MakeChat
) -> None:
    for number in range(3):
        await store.create(make_chat(f"chat-{number}"))
    await store.refresh()
    spoil(index_of(tmp_path), "tables")
    assert (await store.list()).total == 3
    assert (await store.search("selam")).total == 3


async def test_an_index_another_program_writes_to_stops_no_search(
    store: FileStore, tmp_path: Path, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._BUSY_S", 0.05)
    await store.create(make_chat("chat-1", "şeker"))
    await store.refresh()
    with closing(sqlite3.connect(index_of(tmp_path), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        await store.create(make_chat("chat-2", "biber"))  # its words are still to be read
        assert (await store.search("seker")).total == 1
        assert "chat-1" in await ids(store)


async def test_an_index_another_program_keeps_to_itself_is_done_without(
    chats: Path, tmp_path: Path, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._BUSY_S", 0.05)
    first, again = FileStores(chats, tmp_path / "data"), FileStores(chats, tmp_path / "data")
    await first.of("").create(make_chat("chat-1", "şeker"))
    await first.of("").refresh()
    first.close()  # only then can the other program have the file for itself
    with closing(sqlite3.connect(index_of(tmp_path), isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        assert (await again.of("").search("seker")).total == 1
        assert await ids(again.of("")) == ["chat-1"]
    again.close()


async def test_without_a_place_for_the_index_everything_works(
    chats: Path, tmp_path: Path, make_chat: MakeChat
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", "utf-8")
    stores = FileStores(chats, tmp_path / "data")
    await stores.of("").create(make_chat("a", "şeker"))
    assert await ids(stores.of("")) == ["a"]
    assert (await stores.of("").search("seker")).total == 1
    stores.close()


async def test_a_slow_scan_does_not_bring_old_rows_back(
    store: FileStore, make_chat: MakeChat
) -> None:
    await store.create(make_chat("changed", title="Eski"))
    await store.create(make_chat("deleted"))
    outdated = [store._folder.version(chat_id) for chat_id in ("changed", "deleted")]
    await store.update("changed", lambda c: replace(c, title="Yeni"))
    await store.delete("deleted")
    entries = [entry(version) for version in outdated if version]
    store._index.take_up(entries, store._folder.signature)
    assert len(entries) == 2
    assert [row.title for row in store._index.page(0, 50).rows] == ["Yeni"]


async def test_a_chat_with_a_senseless_date_still_has_its_row(
    store: FileStore, make_chat: MakeChat
) -> None:
    await store.create(make_chat(updated="yesterday"))
    (row,) = (await store.list()).rows
    assert datetime.fromisoformat(row.updated).tzinfo is UTC


async def test_the_outline_groups_the_list_by_days_of_the_callers_zone(
    store: FileStore, make_chat: MakeChat
) -> None:
    moments = [
        ("future", "2026-11-21T09:00:00+00:00"),
        ("today", "2026-11-19T21:00:00+00:00"),
        ("yesterday", "2026-11-19T20:59:59+00:00"),
        ("week-1", "2026-11-18T12:00:00+00:00"),
        ("week-2", "2026-11-12T21:00:00+00:00"),
        ("november", "2026-11-12T20:59:59+00:00"),
        ("october", "2026-10-31T20:59:59+00:00"),
        ("old", "2025-10-05T10:00:00+00:00"),
    ]
    for chat_id, moment in moments:
        await store.create(make_chat(chat_id, updated=moment))
    await store.create(make_chat("pin", updated="2020-01-01T00:00:00+00:00", pinned=True))
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    groups = await store.outline(ISTANBUL, now)
    assert groups == (
        Group("pinned", 1),
        Group("today", 2),
        Group("yesterday", 1),
        Group("week", 2),
        Group("2026-11", 1),
        Group("2026-10", 1),
        Group("2025-10", 1),
    )
    assert await ids(store) == ["pin", *(chat_id for chat_id, _ in moments)]
    assert (await store.outline(UTC, now))[1:4] == (
        Group("today", 1),
        Group("yesterday", 2),
        Group("week", 1),
    )


async def test_an_empty_list_has_no_groups(store: FileStore) -> None:
    assert await store.outline(UTC, datetime(2026, 11, 20, tzinfo=UTC)) == ()
