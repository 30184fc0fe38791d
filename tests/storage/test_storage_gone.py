"""Folders that go away while the program runs, as those of a network drive do, and come back."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from core.errors import ChatNotFound, StorageError
from engine.calibration import Calibration
from engine.model_sets import ModelSets
from engine.waiting_file import Waiting, WaitingFile
from storage.files import FileStore, FileStores
from storage.home import Home
from tests.engine.engine_script import a_model
from tests.storage.conftest import MakeChat


@contextmanager
def away(folder: Path) -> Iterator[None]:
    """The folder is somewhere else, and comes back only where nothing stands in its place."""
    elsewhere = folder.with_name(f"{folder.name}-away")
    folder.rename(elsewhere)
    try:
        yield
        assert not os.path.lexists(folder), f"{folder.name} was made a second time"
    finally:
        if not os.path.lexists(folder):
            elsewhere.rename(folder)


async def test_nothing_that_is_asked_meanwhile_makes_the_folder_a_second_time(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat())
    token = await store.delete((await store.create(make_chat("chat-2"))).id)
    await store.refresh()
    with away(chats):
        for attempt in (
            store.create(make_chat("chat-3")),
            store.load("chat-1"),
            store.load("never-there"),
            store.update("chat-1", lambda c: replace(c, title="x")),
            store.delete("chat-1"),
            store.prune("chat-1", lambda c: {"m1"}),
            store.repair("chat-1"),
            store.restore(token),
            store.trashed(),
            store.refresh(),
        ):
            with pytest.raises(StorageError) as gone:
                await attempt
            assert gone.value.card.kind == "folder_gone"
            assert str(chats) in gone.value.card.message("en")
        assert [row.id for row in (await store.list()).rows] == ["chat-1"]
        assert (await store.search("selam")).total == 1
        assert await store.set_aside() == ()
    assert await store.load("chat-1") == created
    assert (await store.restore(token)).id == "chat-2"
    with pytest.raises(ChatNotFound):
        await store.load("never-there")


async def test_a_person_who_logs_in_while_the_chats_are_gone_gets_no_folder(
    stores: FileStores, chats: Path, make_chat: MakeChat
) -> None:
    ayse, bora = stores.of("ayse"), stores.of("bora")
    await ayse.create(make_chat())
    with away(chats):
        for store in (ayse, bora):
            with pytest.raises(StorageError) as gone:
                await store.create(make_chat("chat-2"))
            assert gone.value.card.kind == "folder_gone"
    with away(chats / "ayse"):
        with pytest.raises(StorageError):
            await ayse.create(make_chat("chat-2"))
        await bora.create(make_chat("chat-2"))
    await ayse.create(make_chat("chat-2"))
    assert sorted(path.name for path in chats.glob("*/*.json")) == [
        "chat-1.json",
        "chat-2.json",
        "chat-2.json",
    ]


async def test_a_first_start_makes_all_folders(tmp_path: Path, make_chat: MakeChat) -> None:
    chats, data = tmp_path / "new" / "chats", tmp_path / "new" / "data"
    stores = FileStores(chats, data)
    assert (await stores.of("").list()).total == 0
    assert not chats.exists()
    await stores.of("ayse").create(make_chat())
    assert (chats / "ayse" / "chat-1.json").exists()
    stores.close()


async def test_folders_inside_may_be_removed_by_hand(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    await store.delete("chat-1")
    for inner in (chats / "trash", chats / ".locks"):
        subprocess.run(["rm", "-r", str(inner)], check=True)
    await store.create(make_chat("chat-2"))
    await store.delete("chat-2")
    assert (await store.trashed()).total == 1


async def test_waiting_for_another_program_does_not_make_the_folder_a_second_time(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    locks = [FileLock(path) for path in (chats / ".locks").iterdir()]
    for lock in locks:
        lock.acquire()
    saving = asyncio.create_task(store.update("chat-1", lambda c: replace(c, title="x")))
    done, _ = await asyncio.wait([saving], timeout=0.2)
    assert not done
    with away(chats), pytest.raises(StorageError) as gone:
        await saving
    assert gone.value.card.kind == "folder_gone"
    for lock in locks:
        lock.release()


async def test_an_unmounted_disk_leaves_an_empty_folder_that_takes_no_chat(
    tmp_path: Path, make_chat: MakeChat
) -> None:
    disk, chats = tmp_path / "disk", tmp_path / "chats"
    disk.mkdir()
    chats.mkdir()
    mount = ["mount", "--bind", str(disk), str(chats)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a folder can only be mounted by root on Linux")
    stores = FileStores(chats, tmp_path / "data")
    try:
        await stores.of("").create(make_chat())
        subprocess.run(["umount", str(chats)], check=True)
        for attempt in (stores.of("").create(make_chat("chat-2")), stores.of("").load("chat-1")):
            with pytest.raises(StorageError) as gone:
                await attempt
            assert gone.value.card.kind == "folder_gone"
        assert list(chats.iterdir()) == []
        subprocess.run(mount, check=True)
        await stores.of("").create(make_chat("chat-2"))
        assert {row.id for row in (await stores.of("").list()).rows} == {"chat-1", "chat-2"}
    finally:
        subprocess.run(["umount", str(chats)], check=True)
        stores.close()


async def test_another_folder_with_chats_may_stand_in_its_place(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat())
    chats.rename(chats.with_name("old"))
    subprocess.run(["cp", "-r", str(chats.with_name("old")), str(chats)], check=True)
    assert await store.load("chat-1") == created
    await store.update("chat-1", lambda c: replace(c, title="kopya"))


async def test_a_data_folder_that_is_gone_is_not_made_a_second_time(
    store: FileStore, tmp_path: Path, make_chat: MakeChat
) -> None:
    data = tmp_path / "data"
    await store.create(make_chat("chat-1", "şeker"))
    assert (await store.list()).total == 1
    queues, sets = WaitingFile(data), ModelSets(data)
    calibration = Calibration(data / "calibration.json")
    kept = queues.change("", "chat-1", lambda queue: (*queue, Waiting("w1", "Sonra?")))
    with away(data):
        await store.create(make_chat("chat-2", "biber"))
        await store.refresh()
        assert (await store.search("biber")).total == 1
        with pytest.raises(StorageError):
            queues.change("", "chat-2", lambda queue: (*queue, Waiting("w2", "Yer?")))
        with pytest.raises(StorageError):
            await sets.save("", "mine", ("a", "b"))
        calibration.narrow(a_model(), 100)
        calibration.wait()
    assert queues.read("", "chat-1") == kept
    await store.refresh()
    assert {row.id for row in (await store.list()).rows} == {"chat-1", "chat-2"}


def test_a_file_in_the_place_of_the_folder_is_no_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "chats")
    home.make()
    home.path.rmdir()
    home.path.write_text("a file", "utf-8")
    with pytest.raises(StorageError) as gone:
        home.make()
    assert gone.value.card.kind == "folder_gone"
