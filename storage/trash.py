"""The trash of one owner: whole chats, and parts of chats, as files a person can read."""

from __future__ import annotations

from pathlib import Path

from core.conversation import Conversation
from core.errors import ChatNotFound, StorageError
from core.prune import is_piece
from storage import codec, disk, ids
from storage.shape import Unreadable


class Trash:
    """The folder `trash/` beside the chats. Every method blocks. Raises StorageError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def file(self, token: str) -> Path:
        """Where the file with this token lies, or will."""
        return self._path / (token + ids.SUFFIX)

    def found(self, token: str) -> Path:
        """Where the file with this token lies. Raises ChatNotFound."""
        path = self.file(token)
        if disk.signature(path) is None or self._path.is_symlink():
            raise ChatNotFound(token)
        return path

    def write(self, token: str, data: bytes) -> None:
        """Put a file into the trash; on return it has reached the disk."""
        with disk.refusals(self._path):
            disk.make_folder(self._path)
            disk.replace(self.file(token), data)

    def piece(self, token: str) -> Conversation:
        """The part of a chat with this token. Raises ChatNotFound."""
        path = self.found(token)
        try:
            with disk.refusals(path):
                piece = codec.decode(disk.read(path)[0], ids.unstamped(token))
        except Unreadable as problem:
            raise _unreadable(problem.reason, path) from None
        if not is_piece(piece):
            raise _unreadable("it does not say where its messages stood", path)
        return piece


def _unreadable(detail: str, path: Path) -> StorageError:
    return StorageError("not_restored", detail=detail, path=f"trash/{path.name}")
