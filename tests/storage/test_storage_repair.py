"""A file with a damaged tree: shown mended, never written unless somebody asks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.conversation import Conversation, Message
from core.errors import ChatReadOnly, RejectedInput
from core.tree import off_path
from storage.files import FileStore

MESSAGES: list[dict[str, Any]] = [
    {"id": "1", "parent": "2", "role": "user", "content": "bir"},
    {"id": "2", "parent": "1", "role": "assistant", "content": "iki"},
    {"id": "3", "parent": "gone", "role": "user", "content": "üç", "stars": 5},
]
CIRCLE = {"title": "Halka", "folder": "iş", "leaf": "nowhere", "messages": MESSAGES}


def write(chats: Path, **changes: Any) -> Path:
    chats.mkdir(exist_ok=True)
    path = chats / "chat-1.json"
    path.write_text(json.dumps({**CIRCLE, **changes}))
    return path


async def test_it_is_read_mended_and_its_file_is_left_alone(store: FileStore, chats: Path) -> None:
    path = write(chats)
    before = path.read_bytes()
    found = await store.load("chat-1")
    assert (found.repairs, found.leaf) == (3, "3")
    assert [(m.id, m.parent) for m in found.messages] == [("1", None), ("2", "1"), ("3", None)]
    assert [row.title for row in (await store.search("üç")).rows] == ["Halka"]
    assert path.read_bytes() == before


async def test_no_change_is_written_until_it_is_repaired(store: FileStore, chats: Path) -> None:
    path = write(chats)
    before = path.read_bytes()

    def grow(chat: Conversation) -> Conversation:
        return chat.append(Message("4", "3", "user", "dört", "t"))

    for attempt in (store.update("chat-1", grow), store.prune("chat-1", off_path)):
        with pytest.raises(RejectedInput) as refused:
            await attempt
        assert refused.value.card.kind == "damaged_tree"
        assert refused.value.card.params == {"count": "3"}
    assert path.read_bytes() == before
    assert await store.repair("chat-1") == 3
    grown = await store.update("chat-1", grow)
    assert (grown.repairs, [m.id for m in grown.path()]) == (0, ["3", "4"])


async def test_repairing_keeps_the_old_file_in_the_trash(store: FileStore, chats: Path) -> None:
    path = write(chats)
    before = path.read_bytes()
    found = await store.load("chat-1")
    assert await store.repair("chat-1") == 3
    (kept,) = (chats / "trash").iterdir()
    assert kept.read_bytes() == before
    written = json.loads(path.read_text())
    assert (written["folder"], written["messages"][2]["stars"]) == ("iş", 5)
    assert "repairs" not in written
    repaired = await store.load("chat-1")
    assert repaired == replace(found, repairs=0, rev=1)
    assert await store.repair("chat-1") == 0
    assert len(list((chats / "trash").iterdir())) == 1


async def test_a_damaged_chat_can_be_deleted_and_comes_back_as_it_was(
    store: FileStore, chats: Path
) -> None:
    path = write(chats)
    before = path.read_bytes()
    await store.restore(await store.delete("chat-1"))
    assert path.read_bytes() == before


async def test_a_part_comes_back_only_into_a_sound_chat(store: FileStore, chats: Path) -> None:
    sound = [{**message, "parent": None} for message in MESSAGES]
    write(chats, messages=sound, leaf="1")
    pruned = await store.prune("chat-1", off_path)
    write(chats, messages=MESSAGES[2:], leaf="3")
    with pytest.raises(RejectedInput):
        await store.restore(pruned.token)
    await store.repair("chat-1")
    back = await store.restore(pruned.token)
    assert {m.content for m in back.messages} == {"iki", "üç"}


async def test_a_newer_file_is_neither_called_damaged_nor_repaired(
    store: FileStore, chats: Path
) -> None:
    path = write(chats, schema=2)
    before = path.read_bytes()
    found = await store.load("chat-1")
    assert (found.repairs, [m.id for m in found.path()]) == (0, ["3"])
    with pytest.raises(ChatReadOnly):
        await store.update("chat-1", lambda c: replace(c, title="x"))
    assert await store.repair("chat-1") == 0
    assert path.read_bytes() == before


async def test_a_key_called_repairs_is_a_key_like_any_other(store: FileStore, chats: Path) -> None:
    path = write(chats, messages=[], leaf=None, repairs=7)
    found = await store.load("chat-1")
    assert (found.repairs, found.extra["repairs"]) == (0, 7)
    await store.update("chat-1", lambda c: replace(c, title="x"))
    assert json.loads(path.read_text())["repairs"] == 7
