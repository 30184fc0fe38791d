"""Killed writers, full disks, several processes: what was acknowledged stays."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import Conversation
from core.errors import StorageError
from storage.codec import decode
from storage.files import FileStore, FileStores

resource = pytest.importorskip("resource", reason="limits and signals are POSIX")
MakeChat = Callable[..., Conversation]
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import asyncio, sys
from pathlib import Path
from core.conversation import Message
from storage.files import FileStores

async def write(folder, chat_id, mark, count):
    store = FileStores(folder / "chats", folder / "data").of("")
    for number in range(count):
        name = f"{mark}-{number}"
        await store.update(chat_id, lambda c: c.append(Message(name, "m1", "user", name, "t")))
        print(name, flush=True)
    store.close()

asyncio.run(write(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
"""


def start_writer(folder: Path, mark: str, count: int) -> subprocess.Popen[bytes]:
    """A process that adds messages to chat-1 and tells each one that was saved."""
    command = [sys.executable, "-c", WRITER, str(folder), "chat-1", mark, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, bufsize=0)


def kill_in_mid_work(writer: subprocess.Popen[bytes], after_s: float) -> list[str]:
    """Wait for the first save, let it go on for a moment, kill it; the saves it told."""
    assert writer.stdout is not None
    told = writer.stdout.read(1) or b""
    select.select([], [], [], after_s)
    writer.send_signal(signal.SIGKILL)
    told += writer.stdout.read()
    writer.wait()
    writer.stdout.close()
    return [line.decode() for line in told.split(b"\n")[:-1]]


async def test_killed_again_and_again_no_acknowledged_message_is_lost(
    store: FileStore, chats: Path, tmp_path: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat("chat-1", "uzun " * 200_000, "yanıt"))
    dice, acknowledged = random.Random(5), set[str]()
    for round_ in range(10):
        writer = start_writer(tmp_path, f"round-{round_}", 100_000)
        acknowledged.update(kill_in_mid_work(writer, dice.uniform(0, 0.05)))
        found = decode((chats / "chat-1.json").read_bytes(), "chat-1")
        assert acknowledged <= {m.id for m in found.messages}
    assert len(acknowledged) >= 10
    assert (await store.load("chat-1")).messages[0].content == "uzun " * 200_000
    await store.update("chat-1", lambda c: replace(c, title="sonra"))
    assert [name for name in os.listdir(chats) if name.endswith(".tmp")] == []
    assert await store.set_aside() == ()


async def test_a_leftover_of_a_killed_writer_is_swept_away(store: FileStore, chats: Path) -> None:
    chats.mkdir()
    old, new = chats / ".old.json.tmp", chats / ".new.json.tmp"
    for leftover in (old, new):
        leftover.write_bytes(b"{")
    os.utime(old, (time.time() - 3600, time.time() - 3600))
    await store.refresh()
    assert (old.exists(), new.exists()) == (False, True)


async def test_two_processes_keep_all_of_each_others_messages(
    store: FileStore, tmp_path: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    writers = [start_writer(tmp_path, mark, 100) for mark in ("a", "b")]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    found = await store.load("chat-1")
    written = {f"{mark}-{number}" for mark in "ab" for number in range(100)}
    assert {m.id for m in found.messages} == {"m0", "m1"} | written
    assert found.rev == 201


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A real disk of its own, so small that it fills up; skips where nobody may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="divan-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("a small disk can only be mounted by root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


async def test_a_full_disk_leaves_the_old_file_as_it_was(
    tmp_path: Path, make_chat: MakeChat
) -> None:
    with small_disk("256k") as disk:
        stores = FileStores(disk / "chats", tmp_path / "data")
        store = stores.of("")
        await store.create(make_chat("chat-1", "x" * 100_000))
        before = (disk / "chats" / "chat-1.json").read_bytes()
        with pytest.raises(StorageError) as full:
            await store.update("chat-1", lambda c: grown(c, 200_000))
        assert full.value.card.kind == "disk_full"
        assert (disk / "chats" / "chat-1.json").read_bytes() == before
        assert sorted(os.listdir(disk / "chats")) == [".locks", "chat-1.json"]
        saved = await store.update("chat-1", lambda c: grown(c, 50_000))
        assert await store.load("chat-1") == saved
        stores.close()


async def test_a_file_that_may_not_grow_leaves_the_old_one_as_it_was(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat("chat-1", "x" * 1_000_000))
    before = (chats / "chat-1.json").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, limits[1]))
    try:
        with pytest.raises(StorageError) as full:
            await store.update("chat-1", lambda c: grown(c, 2_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert full.value.card.kind == "disk_full"
    assert (chats / "chat-1.json").read_bytes() == before
    assert sorted(os.listdir(chats)) == [".locks", "chat-1.json"]
    assert (await store.update("chat-1", lambda c: grown(c, 2_000_000))).rev == 2


def grown(conversation: Conversation, size: int) -> Conversation:
    return conversation.put(replace(conversation.messages[0], content="y" * size))


async def test_a_full_disk_under_the_index_does_not_stop_a_save(
    tmp_path: Path, make_chat: MakeChat
) -> None:
    with small_disk("64k") as disk:
        stores = FileStores(tmp_path / "chats", disk / "data")
        store = stores.of("")
        for number in range(200):
            await store.create(make_chat(f"chat-{number}", "ş" * 500))
        assert len(list((tmp_path / "chats").glob("*.json"))) == 200
        assert (await store.load("chat-199")).title == "Hava"
        stores.close()


async def test_a_full_disk_under_the_index_does_not_stop_a_search(
    tmp_path: Path, make_chat: MakeChat
) -> None:
    with small_disk("512k") as disk:
        stores = FileStores(tmp_path / "chats", disk / "data")
        store = stores.of("")
        await store.create(make_chat("chat-1", "şeker"))
        await store.refresh()
        with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"x" * 4096)
        await store.create(make_chat("chat-2", "uzun " * 100_000))
        assert (await store.search("seker")).total == 1
        assert "chat-1" in [row.id for row in (await store.list()).rows]
        stores.close()


async def test_a_disk_that_became_read_only_is_told_and_still_read(
    tmp_path: Path, make_chat: MakeChat
) -> None:
    with small_disk("256k") as disk:
        stores = FileStores(disk / "chats", tmp_path / "data")
        store = stores.of("")
        created = await store.create(make_chat())
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for attempt in (
            store.update("chat-1", lambda c: replace(c, title="x")),
            store.create(make_chat("chat-2")),
            store.delete("chat-1"),
        ):
            with pytest.raises(StorageError) as refused:
                await attempt
            assert refused.value.card.kind == "disk_refused"
        assert await store.load("chat-1") == created
        assert [row.id for row in (await store.list()).rows] == ["chat-1"]
        stores.close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_without_permission_is_told(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    created = await store.create(make_chat())
    chats.chmod(0o500)
    try:
        with pytest.raises(StorageError) as refused:
            await store.update("chat-1", lambda c: replace(c, title="x"))
        assert refused.value.card.kind == "disk_refused"
        assert await store.load("chat-1") == created
    finally:
        chats.chmod(0o700)


async def test_the_list_works_while_the_index_is_being_built(
    chats: Path, tmp_path: Path, make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = FileStores(chats, tmp_path / "data")
    for number in range(60):
        await first.of("").create(make_chat(f"chat-{number}"))
    first.close()
    again = FileStores(chats, tmp_path / "fresh")
    store = again.of("")
    gate = threading.Event()
    whole = store._folder.version
    monkeypatch.setattr(store._folder, "version", lambda chat_id: (gate.wait(), whole(chat_id))[1])
    assert (await store.list()).total == 0
    await store.create(make_chat("mine"))
    assert [row.id for row in (await store.list()).rows] == ["mine"]
    gate.set()
    await store.refresh()
    assert (await store.list()).total == 61
    again.close()
