"""One owner's chats as files. Everything here blocks; `storage.files` calls it from threads."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from core.conversation import SCHEMA, Conversation
from core.errors import ChatNotFound, ChatReadOnly, RejectedInput, StorageError
from core.prune import put_back, take_out
from storage import codec, disk, ids
from storage.aside import set_aside_in, shown_path
from storage.disk import Signature
from storage.home import Home
from storage.locks import ChatLocks
from storage.protocol import Change, Choose, Pruned, SetAside
from storage.shape import Unreadable
from storage.trash import Trash
from storage.versions import Remembered, Version, same_words, sound
from storage.writing import Writing

_SECOND_LOOK_S = 0.2
_OLD_LEFTOVER_S = 60.0


class Watcher(Protocol):
    """Whoever wants to know what this process changed, before the change is reported."""

    def saved(
        self, conversation: Conversation, signature: Signature, same_words: Signature | None = None
    ) -> None:
        """A chat was saved. `same_words` is the version before it, where its text is the same."""
        ...

    def removed(self, chat_id: str) -> None: ...


class _Damaged(Exception):
    def __init__(self, signature: Signature, reason: str) -> None:
        self.signature = signature
        self.reason = reason


class ChatFolder:
    """Reads and writes the chats in `home`, one writer a chat, each write whole or not at all."""

    def __init__(self, home: Home, writing: Writing, watcher: Watcher, trash: Trash) -> None:
        self.path = home.path
        self._home = home
        self._writing = writing
        self._watcher = watcher
        self._locks = ChatLocks(home)
        self._remembered = Remembered()
        self._trash = trash

    def load(self, chat_id: str) -> Conversation:
        """The chat as it is on disk; answers nobody is writing any more are `interrupted`."""
        path = self._path(chat_id)
        while True:
            try:
                version = self._current(chat_id)
            except _Damaged:
                with self._locks.hold(chat_id):
                    return self._writing.settled(self._current_or_aside(chat_id, path))
            settled = self._writing.settled(version.conversation)
            # An answer that came to its end between the two looks was not cut off.
            if settled is version.conversation or self.signature(chat_id) == version.signature:
                return settled

    def create(self, conversation: Conversation) -> Conversation:
        """Write a chat whose name must be free."""
        path = self._path(conversation.id)
        with self._locks.hold(conversation.id):
            if os.path.lexists(path):
                detail = f"{path.name} is there already"
                raise StorageError("disk_refused", detail=detail, path=str(self.path))
            return self._save(path, conversation)

    def update(self, chat_id: str, change: Change) -> Conversation:
        """Apply the change to the newest version and write it."""
        path = self._path(chat_id)
        with self._locks.hold(chat_id):
            current = self._writable(chat_id)
            changed = change(current)
            if changed is current:
                return current
            return self._save(path, replace(changed, id=chat_id, rev=current.rev))

    def trash(self, chat_id: str) -> str:
        """Move the chat to the trash; the result names it there."""
        path = self._path(chat_id)
        with self._locks.hold(chat_id):
            if disk.signature(path) is None:
                raise self._absent(chat_id)
            token = ids.stamped(chat_id)
            self._move(path, self._trash.file(token))
            self._watcher.removed(chat_id)
            return token

    def prune(self, chat_id: str, choose: Choose, branch: str) -> Pruned:
        """Move messages to the trash; they are whole there before they leave the chat."""
        with self._locks.hold(chat_id):
            current = self._writable(chat_id)
            gone = choose(current)
            if not gone and not branch:
                return Pruned(current, "", 0)
            kept, piece = take_out(current, gone, branch)
            token = ids.stamped_part(chat_id)
            self._trash.write(token, codec.encode(piece))
            return Pruned(self._save(self._path(chat_id), kept), token, len(piece.messages))

    def repair(self, chat_id: str) -> int:
        """Write the mended tree; the file as it was is in the trash before."""
        path = self._path(chat_id)
        with self._locks.hold(chat_id):
            current = self._writing.settled(self._current_or_aside(chat_id, path))
            if not current.repairs:
                return 0
            with disk.refusals(path):
                data, _ = disk.read(path)
            self._trash.write(ids.stamped(chat_id), data)
            self._save(path, replace(current, repairs=0))
            return current.repairs

    def restore(self, token: str) -> Conversation:
        """Bring back from the trash: messages into their chat, or a whole chat, under a new id
        where its own is taken."""
        chat_id = ids.unstamped(token)
        if ids.is_part(token):
            return self._put_back(chat_id, token)
        while not self._restored(token, chat_id):
            chat_id = ids.another(chat_id)
        return self.load(chat_id)

    def aside(self) -> tuple[SetAside, ...]:
        """What lies in `corrupt/`, latest first, and why it cannot be read."""
        return set_aside_in(self.path / "corrupt")

    def version(self, chat_id: str) -> Version | None:
        """The chat as its file has it; None where it is gone or somebody is still writing it.

        A damaged file that has come to rest is moved aside.
        """
        try:
            return self._read(chat_id)
        except ChatNotFound:
            return None
        except _Damaged as damage:
            if not damage.signature.is_fresh:
                with suppress(StorageError, ChatNotFound):
                    self.load(chat_id)
            return None

    def signatures(self) -> dict[str, Signature]:
        """All chats in the folder with their signatures; sweeps leftovers of killed writers.
        Raises StorageError where the folder is gone."""
        found = {}
        with suppress(FileNotFoundError), os.scandir(self.path) as entries:
            for entry in entries:
                chat_id = ids.chat_of(entry.name)
                if chat_id and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        found[chat_id] = Signature.of(entry.stat(follow_symlinks=False))
                elif entry.name.endswith(".json.tmp"):
                    self._sweep(Path(entry.path))
        self._home.look()
        return found

    def signature(self, chat_id: str) -> Signature | None:
        """The present signature of one chat."""
        return disk.signature(self.path / ids.chat_file(chat_id))

    def _path(self, chat_id: str) -> Path:
        return self.path / ids.chat_file(chat_id)

    def _writable(self, chat_id: str) -> Conversation:
        """The current version, which may be changed; the caller holds the lock."""
        current = self._writing.settled(self._current_or_aside(chat_id, self._path(chat_id)))
        if current.schema > SCHEMA:
            raise ChatReadOnly(chat_id)
        if current.repairs:
            raise RejectedInput("damaged_tree", count=str(current.repairs))
        return current

    def _current(self, chat_id: str) -> Version:
        found = self.signature(chat_id)
        if found is None:
            raise self._absent(chat_id)
        remembered = self._remembered.get(chat_id)
        if remembered and remembered.signature == found:
            return remembered
        version = self._read(chat_id)
        self._remembered.put(chat_id, version)
        return version

    def _read(self, chat_id: str) -> Version:
        path = self._path(chat_id)
        if disk.signature(path) is None:
            raise self._absent(chat_id)
        with disk.refusals(path):
            try:
                data, signature = disk.read(path)
            except FileNotFoundError:
                raise self._absent(chat_id) from None
        try:
            return Version(sound(codec.decode(data, chat_id)), signature)
        except Unreadable as problem:
            raise _Damaged(signature, problem.reason) from None

    def _absent(self, chat_id: str) -> ChatNotFound:
        """What says that the chat has no file. Raises StorageError where that is not certain: its
        folder is gone, or the disk does not answer."""
        self._home.look()
        path = self._path(chat_id)
        with disk.refusals(path), suppress(FileNotFoundError):
            if stat.S_ISREG(path.lstat().st_mode):
                raise StorageError("folder_gone", path=str(self.path))  # it has just come back
        return ChatNotFound(chat_id)

    def _current_or_aside(self, chat_id: str, path: Path) -> Conversation:
        """The current version; the caller holds the lock. Damage gets a second look first."""
        try:
            return self._current(chat_id).conversation
        except _Damaged as damage:
            if damage.signature.is_fresh:
                time.sleep(_SECOND_LOOK_S)
        try:
            return self._current(chat_id).conversation
        except _Damaged as damage:
            raise self._set_aside(path, chat_id, damage) from None

    def _set_aside(self, path: Path, chat_id: str, damage: _Damaged) -> StorageError:
        target = self.path / "corrupt" / (ids.stamped(chat_id) + ids.SUFFIX)
        if disk.signature(path) == damage.signature:
            self._move(path, target)
            self._watcher.removed(chat_id)
        return StorageError("unreadable", detail=damage.reason, path=shown_path(target))

    def _save(self, path: Path, conversation: Conversation) -> Conversation:
        saved = replace(conversation, rev=conversation.rev + 1, schema=SCHEMA)
        before = self._remembered.get(saved.id)
        blocks = before.blocks if before else codec.Blocks()
        try:
            data = codec.encode(saved, blocks)
        except TypeError as error:
            raise StorageError("disk_refused", detail=str(error), path=path.name) from error
        self._writing.claim(saved)
        with disk.refusals(path), self._home.there():
            signature = disk.replace(path, data)
        self._writing.release(saved)
        self._remembered.put(saved.id, Version(saved, signature, blocks))
        same = before is not None and same_words(before.conversation, saved)
        self._watcher.saved(saved, signature, before.signature if before and same else None)
        return saved

    def _move(self, source: Path, target: Path) -> None:
        with disk.refusals(target), self._home.there():
            if target.parent != self.path:
                self._home.inner(target.parent.name)
            disk.rename(source, target)

    def _put_back(self, chat_id: str, token: str) -> Conversation:
        with self._locks.hold(chat_id):
            piece = self._trash.piece(token)
            current = self._writable(chat_id)
            whole = put_back(current, piece)
            saved = current if whole is current else self._save(self._path(chat_id), whole)
            # A file that stays is no harm: putting it back once more changes nothing.
            with suppress(OSError):
                self._trash.file(token).unlink()
            return saved

    def _restored(self, token: str, chat_id: str) -> bool:
        path = self._path(chat_id)
        with self._locks.hold(chat_id):
            source = self._trash.found(token)
            if os.path.lexists(path):
                return False
            try:
                self._move(source, path)
            except StorageError:
                self._trash.found(token)  # deleted for good meanwhile: this says so
                raise
            with suppress(_Damaged):
                version = self._read(chat_id)
                self._watcher.saved(version.conversation, version.signature)
            return True

    def _sweep(self, leftover: Path) -> None:
        chat_id = ids.chat_of(leftover.name.removeprefix(".").removesuffix(".tmp"))
        found = disk.signature(leftover)
        if chat_id and found and time.time() - found.mtime_ns / 1e9 > _OLD_LEFTOVER_S:
            with suppress(OSError, StorageError), self._locks.hold(chat_id):
                leftover.unlink()
