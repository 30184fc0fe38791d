"""Parts of chats in the trash: there before they leave the chat, and back without a loss."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import Branch, Conversation, Message, Summary
from core.errors import ChatNotFound, ChatReadOnly, RejectedInput, StorageError
from core.tree import off_path, only_of
from storage.codec import decode
from storage.files import FileStore

MakeChat = Callable[..., Conversation]
ROOT = Path(__file__).resolve().parents[2]
CRASH = """
import asyncio, os, sys
from pathlib import Path
from core.tree import off_path
from storage import disk
from storage.files import FileStores

replace = disk.replace
def crashing(path, data):
    if path.parent.name == "chats":
        os._exit(9)
    return replace(path, data)
disk.replace = crashing

folder = Path(sys.argv[1])
asyncio.run(FileStores(folder / "chats", folder / "data").of("").prune("chat-1", off_path))
"""


@pytest.fixture
async def forked(store: FileStore, make_chat: MakeChat) -> Conversation:
    """A chat of four messages whose first answer has another version, chosen and named."""
    chat = make_chat("chat-1", "soru", "yanıt", "ek soru", "ek yanıt")
    other = replace(chat.messages[1], id="b1", content="öbür yanıt")
    chat = replace(chat, messages=(*chat.messages, other), leaf="b1")
    branches = (Branch("Uzun", "m3", "1"), Branch("Kısa", "b1", "2"))
    summary = Summary("s1", "m0", "m1", 2, "kısaca", "qwen", "3")
    return await store.create(replace(chat, branches=branches, branch="Kısa", summaries=(summary,)))


def same(found: Conversation, expected: Conversation) -> bool:
    """Whether two versions differ in nothing but their number."""
    return replace(found, rev=0) == replace(expected, rev=0)


async def test_what_is_pruned_lies_readable_in_the_trash_and_comes_back(
    store: FileStore, chats: Path, forked: Conversation
) -> None:
    pruned = await store.prune("chat-1", off_path)
    assert pruned.count == 3
    assert [m.id for m in pruned.conversation.messages] == ["m0", "b1"]
    assert [b.name for b in pruned.conversation.branches] == ["Kısa"]
    assert pruned.conversation.summaries == ()
    text = json.loads((chats / "trash" / f"{pruned.token}.json").read_text())
    assert [m["content"] for m in text["messages"]] == ["yanıt", "ek soru", "ek yanıt"]
    assert (text["title"], text["branches"][0]["name"]) == ("Hava", "Uzun")
    assert text["taken_from"]["stood_after"] == {"m1": "m0"}
    assert same(await store.restore(pruned.token), forked)
    assert same(decode((chats / "chat-1.json").read_bytes(), "chat-1"), forked)
    assert os.listdir(chats / "trash") == []


async def test_a_dropped_branch_comes_back(store: FileStore, forked: Conversation) -> None:
    dropped = await store.prune("chat-1", lambda c: only_of(c, "Kısa"), "Kısa")
    assert (dropped.count, dropped.conversation.leaf) == (1, "m3")
    assert dropped.conversation.branch == "Uzun"
    assert same(await store.restore(dropped.token), forked)


async def test_a_branch_that_shares_all_goes_as_a_name_alone(
    store: FileStore, make_chat: MakeChat
) -> None:
    chat = replace(make_chat(), branches=(Branch("Tek", "m1", "1"),), branch="Tek")
    await store.create(chat)
    dropped = await store.prune("chat-1", lambda c: only_of(c, "Tek"), "Tek")
    assert (dropped.count, len(dropped.conversation.messages)) == (0, 2)
    assert (dropped.conversation.branches, dropped.conversation.branch) == ((), "")
    assert (await store.restore(dropped.token)).branches == chat.branches


async def test_nothing_to_prune_writes_nothing(
    store: FileStore, chats: Path, make_chat: MakeChat
) -> None:
    await store.create(make_chat())
    pruned = await store.prune("chat-1", off_path)
    assert (pruned.token, pruned.count, pruned.conversation.rev) == ("", 0, 1)
    assert not (chats / "trash").exists()


async def test_the_program_dies_between_trash_and_chat(
    store: FileStore, chats: Path, tmp_path: Path, forked: Conversation
) -> None:
    before = (chats / "chat-1.json").read_bytes()
    died = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], cwd=ROOT, check=False)
    assert died.returncode == 9
    assert (chats / "chat-1.json").read_bytes() == before
    (piece,) = (chats / "trash").iterdir()
    assert await store.restore(piece.stem) == forked
    assert (chats / "chat-1.json").read_bytes() == before
    assert not piece.exists()
    again = await store.prune("chat-1", off_path)
    assert same(await store.restore(again.token), forked)


async def test_a_trash_that_cannot_be_written_keeps_the_chat_whole(
    store: FileStore, chats: Path, forked: Conversation
) -> None:
    (chats / "trash").write_text("not a folder")
    with pytest.raises(StorageError):
        await store.prune("chat-1", off_path)
    assert await store.load("chat-1") == forked


async def test_a_refused_prune_changes_nothing(
    store: FileStore, chats: Path, forked: Conversation
) -> None:
    def choose(chat: Conversation) -> list[str]:
        raise RejectedInput("already_answering")

    with pytest.raises(RejectedInput):
        await store.prune("chat-1", choose)
    assert await store.load("chat-1") == forked
    assert not (chats / "trash").exists()


async def test_restoring_into_a_chat_that_went_on(store: FileStore, forked: Conversation) -> None:
    pruned = await store.prune("chat-1", off_path)
    await store.update("chat-1", lambda c: c.append(Message("q9", "b1", "user", "yeni", "t")))
    whole = await store.restore(pruned.token)
    assert [m.id for m in whole.messages] == ["m0", "m1", "m2", "m3", "b1", "q9"]
    assert (whole.leaf, whole.branch) == ("q9", "Kısa")
    assert await store.load("chat-1") == whole


async def test_an_id_and_a_name_taken_meanwhile_are_not_overwritten(
    store: FileStore, forked: Conversation
) -> None:
    pruned = await store.prune("chat-1", off_path)
    mine = Message("m1", "b1", "user", "benim", "t")
    await store.update(
        "chat-1", lambda c: replace(c.append(mine), branches=(Branch("Uzun", "m1", "9"),))
    )
    whole = await store.restore(pruned.token)
    assert {m.id: m.content for m in whole.messages} == {
        "m0": "soru", "m1-2": "yanıt", "m2": "ek soru", "m3": "ek yanıt", "b1": "öbür yanıt",
        "m1": "benim",
    }  # fmt: skip
    assert {b.name: b.leaf for b in whole.branches} == {"Uzun 2": "m3", "Uzun": "m1"}
    assert [m.id for m in whole.path("m3")] == ["m0", "m1-2", "m2", "m3"]


async def test_a_part_waits_in_the_trash_until_its_chat_is_there(
    store: FileStore, chats: Path, forked: Conversation
) -> None:
    pruned = await store.prune("chat-1", off_path)
    deleted = await store.delete("chat-1")
    with pytest.raises(ChatNotFound):
        await store.restore(pruned.token)
    assert (chats / "trash" / f"{pruned.token}.json").exists()
    await store.restore(deleted)
    assert same(await store.restore(pruned.token), forked)


@pytest.mark.parametrize("text", ["{", "{}", '{"taken_from": {"stood_after": 3}}'])
async def test_a_part_that_somebody_broke_stays_where_it_is(
    store: FileStore, chats: Path, forked: Conversation, text: str
) -> None:
    pruned = await store.prune("chat-1", off_path)
    piece = chats / "trash" / f"{pruned.token}.json"
    piece.write_text(text)
    with pytest.raises(StorageError) as refused:
        await store.restore(pruned.token)
    assert refused.value.card.kind == "not_restored"
    assert piece.read_text() == text
    assert await store.load("chat-1") == pruned.conversation


async def test_several_prunes_at_once_lose_nothing(store: FileStore, forked: Conversation) -> None:
    pruned = await asyncio.gather(*(store.prune("chat-1", off_path) for _ in range(5)))
    assert sorted(each.count for each in pruned) == [0, 0, 0, 0, 3]
    (token,) = (each.token for each in pruned if each.token)
    assert same(await store.restore(token), forked)


async def test_a_newer_chat_is_not_pruned(
    store: FileStore, chats: Path, forked: Conversation
) -> None:
    path = chats / "chat-1.json"
    path.write_text(path.read_text().replace('"schema": 1', '"schema": 2'))
    with pytest.raises(ChatReadOnly):
        await store.prune("chat-1", off_path)
    assert not (chats / "trash").exists()
