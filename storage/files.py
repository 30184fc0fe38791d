"""Chats kept as files: the store that Divan uses. One JSON file a chat, `docs/chat-files.md`."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from core.conversation import Conversation
from core.errors import StorageError
from storage import ids, outline
from storage.database import Database
from storage.folder import ChatFolder
from storage.home import Home
from storage.index import Index
from storage.protocol import Change, ChatPage, Choose, Group, Pruned, SetAside, TrashPage
from storage.scan import Scanner
from storage.trash import Trash
from storage.writing import IsLive, Writing

_T = TypeVar("_T")
_Given = ParamSpec("_Given")


class FileStore:
    """A `ChatStore` over one folder. Everything that waits does so in threads.

    Where the folder may not be `linked`, a symlink in its place raises StorageError.
    """

    def __init__(
        self, home: Home, database: Database, is_live: IsLive, *, linked: bool = True
    ) -> None:
        self._home = home
        self._linked = linked
        self._database = database
        self._index = Index(self._database)
        self._trash = Trash(home)
        self._writing = Writing(home, is_live)
        self._folder = ChatFolder(home, self._writing, self._index, self._trash)
        self._scanner = Scanner(self._folder, self._index, self._database)

    async def load(self, chat_id: str) -> Conversation:
        """The chat as it is on disk."""
        return await self._run(self._folder.load, chat_id)

    async def create(self, conversation: Conversation) -> Conversation:
        """Write a new chat; on return it has reached the disk."""
        return await self._run(self._folder.create, conversation)

    async def update(self, chat_id: str, change: Change) -> Conversation:
        """Apply a change to the newest version under the chat's lock."""
        return await self._run(self._folder.update, chat_id, change)

    async def list(self, offset: int = 0, limit: int = 50) -> ChatPage:
        """Pinned chats first, then the latest changed."""
        return await self._run(self._list, offset, limit)

    async def outline(self, zone: tzinfo, now: datetime) -> tuple[Group, ...]:
        """The groups of `list` in its order."""
        return await self._run(self._outline, zone, now)

    async def search(self, text: str, offset: int = 0, limit: int = 50) -> ChatPage:
        """Chats whose title or messages hold all the words."""
        return await self._run(self._search, text, offset, limit)

    async def delete(self, chat_id: str) -> str:
        """Move to the trash; the result undoes it through `restore`."""
        return await self._run(self._folder.trash, chat_id)

    async def restore(self, trashed: str) -> Conversation:
        """Undo a delete or a prune."""
        return await self._run(self._folder.restore, trashed)

    async def trashed(self, offset: int = 0, limit: int = 50) -> TrashPage:
        """What is in the trash, latest deleted first."""
        return await self._run(self._trash.page, offset, limit)

    async def discard(self, trashed: str) -> bool:
        """Delete a file of the trash for good."""
        return await self._run(self._trash.remove, trashed)

    async def empty_trash(self, until: str = "") -> int:
        """Delete for good what came into the trash up to a moment, or all of it."""
        return await self._run(self._trash.empty, until)

    async def prune(self, chat_id: str, choose: Choose, branch: str = "") -> Pruned:
        """Move messages of a chat to the trash."""
        return await self._run(self._folder.prune, chat_id, choose, branch)

    async def repair(self, chat_id: str) -> int:
        """Write the mended tree of a damaged chat."""
        return await self._run(self._folder.repair, chat_id)

    async def set_aside(self) -> tuple[SetAside, ...]:
        """Files that were moved out of the way because they cannot be read."""
        return await self._run(self._folder.aside)

    async def version(self) -> int:
        """Grows when the list changed, also by hands other than ours."""
        return await self._run(self._version)

    async def refresh(self) -> None:
        """Bring list and search up to the files now, without waiting for the next scan."""
        await self._run(self._scanner.scan)

    def close(self) -> None:
        """End background work and give the index back."""
        self._scanner.close()
        self._writing.close()
        self._database.close()

    async def _run(
        self, work: Callable[_Given, _T], *given: _Given.args, **named: _Given.kwargs
    ) -> _T:
        def run() -> _T:
            path = self._home.path
            if not self._linked and path.is_symlink():
                raise StorageError("disk_refused", detail="a symbolic link", path=str(path))
            with suppress(StorageError):
                self._home.look()
            return work(*given, **named)

        return await asyncio.to_thread(run)

    def _list(self, offset: int, limit: int) -> ChatPage:
        return self._scanner.answer(partial(self._index.page, offset, limit))

    def _outline(self, zone: tzinfo, now: datetime) -> tuple[Group, ...]:
        pinned, moments = self._scanner.answer(self._index.moments)
        return outline.groups(pinned, moments, zone, now)

    def _search(self, text: str, offset: int, limit: int) -> ChatPage:
        def found() -> ChatPage:
            self._scanner.read_up()
            return self._index.search(text, offset, limit)

        return self._scanner.answer(found)

    def _version(self) -> int:
        self._scanner.nudge()
        return self._index.version()


class FileStores:
    """The stores of all owners: `chats` itself for the one person, `chats/<login>` for each login.

    `is_live` says of an answer's id whether a running turn of this process owns it; every other
    answer found `streaming` comes back as `interrupted`.
    """

    def __init__(self, chats: Path, data: Path, is_live: IsLive = lambda _: False) -> None:
        self._home = Home(chats)
        self._data = Home(data)
        for home in (self._home, self._data):
            home.look()
        # The folder's address is in the name, so that two chats folders share no index.
        address = str(chats.resolve()).encode()
        self._address = hashlib.blake2s(address, digest_size=4).hexdigest()
        self._is_live = is_live
        self._lock = threading.Lock()
        self._stores: dict[str, FileStore] = {}

    def of(self, owner: str) -> FileStore:
        """The owner's store. Raises ValueError for a login that cannot be a folder."""
        name = ids.owner_folder(owner) if owner else ""
        with self._lock:
            if name not in self._stores:
                self._stores[name] = self._open(name)
            return self._stores[name]

    def close(self) -> None:
        """Close every store."""
        with self._lock:
            for store in self._stores.values():
                store.close()
            self._stores.clear()

    def _open(self, name: str) -> FileStore:
        home = Home(self._home.path / name, self._home) if name else self._home
        database = Database(self._data, f"{name or '_'}-{self._address}.sqlite")
        return FileStore(home, database, self._is_live, linked=not name)
