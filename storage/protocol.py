"""What Divan asks of a place that keeps chats; files are one such place.

A store belongs to one owner: whoever holds it sees that owner's chats and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, Protocol

from core.conversation import Conversation

Change = Callable[[Conversation], Conversation]
Choose = Callable[[Conversation], Collection[str]]
"""Names messages of a chat by their ids."""


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One line of the chat list. `updated` is ISO 8601 in UTC.

    `snippet` is the text around a search hit; hits stand between U+E000 and U+E001.
    """

    id: str
    title: str
    updated: str
    pinned: bool = False
    model: str = ""
    messages: int = 0
    read_only: bool = False
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class ChatPage:
    """Some rows of the list, and how many there are in all."""

    rows: tuple[ChatRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand together in the list: pinned, today, yesterday, week, or a month 2026-10."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A chat file that could not be read: where it was moved, and why."""

    name: str
    moved_to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pruned:
    """A chat without some of its messages. `token` names them in the trash, `count` is how many."""

    conversation: Conversation
    token: str
    count: int


@dataclass(frozen=True, slots=True)
class TrashRow:
    """One file in the trash. `deleted` is ISO 8601 in UTC, `messages` how many the file holds.

    `home` says where the chat it is of, or a part of, is: in the list, only in the trash as a
    whole, or nowhere. `branches` are the names that went with a part.
    """

    token: str
    kind: Literal["chat", "part", "unreadable"]
    file: str
    size: int
    deleted: str
    title: str = ""
    messages: int = 0
    branches: tuple[str, ...] = ()
    home: Literal["list", "trash", "gone"] = "gone"


@dataclass(frozen=True, slots=True)
class TrashPage:
    """Some rows of the trash, how many there are in all, and the moment of the newest."""

    rows: tuple[TrashRow, ...]
    total: int
    newest: str


class ChatStore(Protocol):
    """Raises ChatNotFound, ChatReadOnly and StorageError (core.errors), and RejectedInput where
    a chat is to be changed whose tree is damaged (`damaged_tree`)."""

    async def load(self, chat_id: str) -> Conversation:
        """The chat as it is on disk. An answer left `streaming` by a dead process comes back as
        `interrupted`; one that a running turn of this process owns stays `streaming`."""
        ...

    async def create(self, conversation: Conversation) -> Conversation:
        """Write a new chat; on return it has reached the disk."""
        ...

    async def update(self, chat_id: str, change: Change) -> Conversation:
        """Apply a pure change to the newest version under the chat's lock, and write the result
        with `rev` + 1. A change that returns its argument writes nothing."""
        ...

    async def list(self, offset: int = 0, limit: int = 50) -> ChatPage:
        """Pinned chats first, then the latest changed."""
        ...

    async def outline(self, zone: tzinfo, now: datetime) -> tuple[Group, ...]:
        """The groups of `list` in its order, for the headings of a virtual list."""
        ...

    async def search(self, text: str, offset: int = 0, limit: int = 50) -> ChatPage:
        """Chats whose title or messages hold all the words (the last one as a beginning)."""
        ...

    async def delete(self, chat_id: str) -> str:
        """Move to the trash; the result undoes it through `restore`."""
        ...

    async def restore(self, trashed: str) -> Conversation:
        """Undo a delete or a prune; a name or id taken meanwhile gives a new one, nothing is
        overwritten. Raises NotInTrash."""
        ...

    async def trashed(self, offset: int = 0, limit: int = 50) -> TrashPage:
        """What is in the trash, latest deleted first. Only the files of these rows are read."""
        ...

    async def discard(self, trashed: str) -> bool:
        """Delete a file of the trash for good; False where it was not there any more."""
        ...

    async def empty_trash(self, until: str = "") -> int:
        """Delete for good what came into the trash up to a moment (`TrashPage.newest`), or all of
        it; how many files that was."""
        ...

    async def prune(self, chat_id: str, choose: Choose, branch: str = "") -> Pruned:
        """Move messages of the newest version, all of whose children go with them, to the trash,
        and with them the branches and summaries that end there, and this branch, if one is named.
        `restore` undoes it. Whatever `choose` raises leaves here, and nothing has changed."""
        ...

    async def repair(self, chat_id: str) -> int:
        """Write the mended tree of a damaged chat; the file as it was goes to the trash first.
        The number of repairs: 0 where there was nothing to do."""
        ...

    async def set_aside(self) -> tuple[SetAside, ...]:
        """Files that were moved out of the way because they cannot be read."""
        ...

    async def version(self) -> int:
        """Grows when the list changed, also by hands other than ours; cheap to ask often."""
        ...


class Stores(Protocol):
    """Where the stores of all owners come from; `""` is the one person without a login."""

    def of(self, owner: str) -> ChatStore: ...

    def close(self) -> None:
        """End background work and give back what is open; called once, at the end."""
        ...
