"""The trash of one owner: whole chats, and parts of chats, as files a person can read."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from core.conversation import Conversation
from core.errors import NotInTrash, StorageError
from core.prune import is_piece
from storage import codec, disk, ids
from storage.disk import Signature
from storage.home import Home
from storage.protocol import TrashPage, TrashRow
from storage.shape import Unreadable

_REMEMBERED = 500
_OLD_LEFTOVER_S = 60.0


class _Facts(NamedTuple):
    title: str
    messages: int
    branches: tuple[str, ...]


class Trash:
    """The folder `trash/` beside the chats. Every method blocks. Raises StorageError.

    Only files that Divan put there are listed and deleted; a symlink in the place of the folder
    or of a file is none.
    """

    def __init__(self, home: Home) -> None:
        self._chats = home
        self._path = home.path / "trash"
        # What lies here does not change: a row that was seen once need not be read again.
        self._facts = lru_cache(_REMEMBERED)(self._read_facts)

    def file(self, token: str) -> Path:
        """Where the file with this token lies, or will."""
        return self._path / (token + ids.SUFFIX)

    def found(self, token: str) -> Path:
        """Where the file with this token lies. Raises NotInTrash."""
        path = self.file(token)
        if disk.signature(path) is None or self._path.is_symlink():
            self._chats.look()
            raise NotInTrash(token)
        return path

    def write(self, token: str, data: bytes) -> None:
        """Put a file into the trash; on return it has reached the disk."""
        with disk.refusals(self._path):
            self._chats.inner(self._path.name)
            disk.replace(self.file(token), data)

    def piece(self, token: str) -> Conversation:
        """The part of a chat with this token. Raises NotInTrash."""
        path = self.found(token)
        try:
            with disk.refusals(path):
                piece = codec.decode(_read(path), ids.unstamped(token))
        except Unreadable as problem:
            raise _unreadable(problem.reason, path) from None
        if not is_piece(piece):
            raise _unreadable("it does not say where its messages stood", path)
        return piece

    def page(self, offset: int, limit: int) -> TrashPage:
        """Some of what lies here, latest deleted first; only the files of these rows are read."""
        tokens = self._tokens()
        whole = {ids.unstamped(token) for token in tokens if not ids.is_part(token)}
        rows = (self._row(token, whole) for token in tokens[offset : offset + limit])
        newest = ids.moment_of(tokens[0]) if tokens else ""
        return TrashPage(tuple(row for row in rows if row), len(tokens), newest)

    def remove(self, token: str) -> bool:
        """Delete the file with this token for good; False where it is not here any more."""
        ids.unstamped(token)
        try:
            path = self.found(token)
            with self._refusals():
                _unlink(path)
                disk.sync_folder(self._path)
        except NotInTrash:
            return False
        return True

    def empty(self, until: str) -> int:
        """Delete for good what came here up to a moment, or all of it; how many files that was.

        A file that the disk refuses to delete does not keep the others.
        """
        refused: OSError | None = None
        count = 0
        for token in self._tokens():
            if until and ids.moment_of(token) > until:
                continue
            try:
                _unlink(self.file(token))
                count += 1
            except NotInTrash:
                continue
            except OSError as error:
                refused = error
        with self._refusals():
            self._sweep()
            if refused:
                raise refused
        return count

    def _tokens(self) -> list[str]:
        """The tokens of all files, latest deleted first."""
        self._chats.look()
        if self._path.is_symlink():
            return []
        with self._refusals(), suppress(FileNotFoundError), os.scandir(self._path) as entries:
            names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
            tokens = (token for name in names if (token := ids.token_of(name)))
            return sorted(tokens, key=lambda one: (ids.moment_of(one), one), reverse=True)
        return []

    def _row(self, token: str, whole: Collection[str]) -> TrashRow | None:
        """The file as a row; None where it has gone since it was listed."""
        path = self.file(token)
        found = disk.signature(path)
        if found is None:
            return None
        deleted = ids.iso_of(ids.moment_of(token))
        row = TrashRow(token, "unreadable", path.name, found.size, deleted)
        try:
            facts = self._facts(token, found)
        except NotInTrash:
            return None
        except (OSError, Unreadable):
            return row
        kind: Literal["chat", "part"] = "part" if ids.is_part(token) else "chat"
        home = self._home(ids.unstamped(token), whole)
        return replace(row, kind=kind, home=home, **facts._asdict())

    def _read_facts(self, token: str, _: Signature) -> _Facts:
        """What the version of a file with this signature holds."""
        chat = codec.decode(_read(self.file(token)), ids.unstamped(token))
        if ids.is_part(token) and not is_piece(chat):
            raise Unreadable("it does not say where its messages stood")
        names = tuple(branch.name for branch in chat.branches)
        return _Facts(chat.title, len(chat.messages), names)

    def _home(self, chat_id: str, whole: Collection[str]) -> Literal["list", "trash", "gone"]:
        if os.path.lexists(self._path.parent / ids.chat_file(chat_id)):
            return "list"
        return "trash" if chat_id in whole else "gone"

    def _sweep(self) -> None:
        """Delete what a killed writer left, and let the disk know what is gone."""
        if self._path.is_symlink() or not self._path.is_dir():
            return
        for leftover in self._path.glob(f".*{ids.SUFFIX}.tmp"):
            found = disk.signature(leftover)
            if found and time.time() - found.mtime_ns / 1e9 > _OLD_LEFTOVER_S:
                leftover.unlink(missing_ok=True)
        disk.sync_folder(self._path)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turns what the operating system says about the trash into StorageError."""
        try:
            yield
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise StorageError("trash_refused", detail=detail, path=str(self._path)) from error


def _read(path: Path) -> bytes:
    try:
        return disk.read(path)[0]
    except FileNotFoundError:
        raise NotInTrash(path.stem) from None


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except FileNotFoundError:
        raise NotInTrash(path.stem) from None


def _unreadable(detail: str, path: Path) -> StorageError:
    return StorageError("not_restored", detail=detail, path=f"trash/{path.name}")
