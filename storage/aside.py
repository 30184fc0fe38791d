"""Files that were set aside in `corrupt/` because nobody could read them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from core.errors import ChatNotFound
from storage import codec, disk, ids
from storage.protocol import SetAside
from storage.shape import Unreadable

_MOST = 100


def set_aside_in(folder: Path) -> tuple[SetAside, ...]:
    """What lies in the folder, latest first, and why it cannot be read. Raises StorageError."""
    if folder.is_symlink():
        return ()
    with disk.refusals(folder), suppress(FileNotFoundError):
        names = sorted(os.listdir(folder), key=ids.stamp_of, reverse=True)
        return tuple(_why(folder / name) for name in names[:_MOST])
    return ()


def shown_path(path: Path) -> str:
    """The address of a file as people are told it: from the owner's folder on."""
    return "/".join(path.parts[-3:])


def _why(path: Path) -> SetAside:
    try:
        name = ids.unstamped(path.stem) + ids.SUFFIX
    except ChatNotFound:
        name = path.name
    return SetAside(name, shown_path(path), _reason(path))


def _reason(path: Path) -> str:
    try:
        codec.decode(disk.read(path)[0], path.stem)
    except Unreadable as problem:
        return problem.reason
    except OSError as error:
        return error.strerror or "cannot be opened"
    return "can be read again: move it back to take it up"
