"""A store that keeps chats in memory and speaks the storage protocol, for tests of the routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from core.conversation import Conversation
from core.errors import ChatNotFound, ChatReadOnly, NotInTrash, StorageError
from core.prune import put_back, take_out
from storage.protocol import (
    Change,
    ChatPage,
    ChatRow,
    Choose,
    Group,
    Pruned,
    SetAside,
    TrashPage,
    TrashRow,
)


class MemoryStore:
    def __init__(self) -> None:
        self.chats: dict[str, Conversation] = {}
        self.trash: dict[str, Conversation] = {}
        self.disk_is_full = False
        self.read_only: set[str] = set()

    async def load(self, chat_id: str) -> Conversation:
        if chat_id not in self.chats:
            raise ChatNotFound(chat_id)
        return self.chats[chat_id]

    async def create(self, conversation: Conversation) -> Conversation:
        self.chats[conversation.id] = conversation
        return conversation

    async def update(self, chat_id: str, change: Change) -> Conversation:
        before = await self.load(chat_id)
        if chat_id in self.read_only:
            raise ChatReadOnly(chat_id)
        if self.disk_is_full:
            raise StorageError("disk_full", path="/home/someone/chats")
        changed = change(before)
        if changed is not before:
            self.chats[chat_id] = replace(changed, rev=before.rev + 1)
        return self.chats[chat_id]

    async def list(self, offset: int = 0, limit: int = 50) -> ChatPage:
        return self._page(sorted(self.chats.values(), key=lambda c: c.id), offset, limit)

    async def outline(self, zone: tzinfo, now: datetime) -> tuple[Group, ...]:
        return (Group("today", len(self.chats)),) if self.chats else ()

    async def search(self, text: str, offset: int = 0, limit: int = 50) -> ChatPage:
        found = [c for c in self.chats.values() if text.casefold() in c.title.casefold()]
        return self._page(found, offset, limit)

    async def delete(self, chat_id: str) -> str:
        self.trash[f"{chat_id}.json"] = await self.load(chat_id)
        del self.chats[chat_id]
        return f"{chat_id}.json"

    async def restore(self, trashed: str) -> Conversation:
        if trashed not in self.trash:
            raise NotInTrash(trashed)
        found = self.trash.pop(trashed)
        if trashed.endswith("-part"):
            found = put_back(await self.load(found.id), found)
        return await self.create(found)

    async def trashed(self, offset: int = 0, limit: int = 50) -> TrashPage:
        rows = tuple(TrashRow(token, "chat", token, 0, "") for token in self.trash)
        return TrashPage(rows[offset : offset + limit], len(rows), "")

    async def discard(self, trashed: str) -> bool:
        return self.trash.pop(trashed, None) is not None

    async def empty_trash(self, until: str = "") -> int:
        gone, self.trash = len(self.trash), {}
        return gone

    async def prune(self, chat_id: str, choose: Choose, branch: str = "") -> Pruned:
        before = await self.load(chat_id)
        kept, piece = take_out(before, choose(before), branch)
        token = f"{chat_id}-{before.rev}-part"
        self.trash[token] = piece
        self.chats[chat_id] = replace(kept, rev=before.rev + 1)
        return Pruned(self.chats[chat_id], token, len(piece.messages))

    async def repair(self, chat_id: str) -> int:
        before = await self.load(chat_id)
        self.chats[chat_id] = replace(before, repairs=0)
        return before.repairs

    async def set_aside(self) -> tuple[SetAside, ...]:
        return ()

    async def version(self) -> int:
        return 7

    def _page(self, chats: Sequence[Conversation], offset: int, limit: int) -> ChatPage:
        rows = tuple(ChatRow(c.id, c.title, c.updated, c.pinned) for c in chats)
        return ChatPage(rows[offset : offset + limit], len(rows))


class MemoryStores:
    def __init__(self) -> None:
        self.by_owner: dict[str, MemoryStore] = {}

    def close(self) -> None:
        """Nothing is open."""

    def of(self, owner: str) -> MemoryStore:
        return self.by_owner.setdefault(owner, MemoryStore())
