"""Small certain steps on the disk: read a file, replace it whole, move it, make a folder.

Every failure of the disk leaves here as StorageError, with the old file as it was.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from core.errors import StorageError

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_FRESH_S = 3.0
_WINDOWS_TRIES = 20
_WINDOWS_WAIT = 0.05


class Signature(NamedTuple):
    """What tells two versions of a file apart without reading it."""

    mtime_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Signature:
        return cls(found.st_mtime_ns, found.st_size, found.st_ino)

    @property
    def is_fresh(self) -> bool:
        """Whether the version is so young that its writer may still be at it."""
        return abs(time.time() - self.mtime_ns / 1e9) < _FRESH_S


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turns what the operating system says about `path` into StorageError."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise StorageError("disk_full") from error
        detail = error.strerror or type(error).__name__
        raise StorageError("disk_refused", detail=detail, path=str(path.parent)) from error


def is_full(error: Exception) -> bool:
    """Whether the disk, or what a database may have of it, has no room left."""
    code = getattr(error, "sqlite_errorcode", None)
    return getattr(error, "errno", None) in _FULL or code == sqlite3.SQLITE_FULL


def signature(path: Path) -> Signature | None:
    """The signature of a regular file; None where there is none. Symlinks count as none."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return None
    return Signature.of(found) if stat.S_ISREG(found.st_mode) else None


def read(path: Path) -> tuple[bytes, Signature]:
    """The bytes of a regular file and the signature of the version read."""
    descriptor = os.open(path, os.O_RDONLY | _NO_FOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        data = file.read()
        return data, Signature.of(os.fstat(descriptor))


def replace(path: Path, data: bytes) -> Signature:
    """Write the file whole or not at all; on return it has reached the disk.

    The caller holds the file's lock: the temporary name is fixed, so that a crash leaves at most
    one leftover a file and the next save takes it away.
    """
    temporary = temporary_of(path)
    try:
        written = _write(temporary, data, _mode_of(path))
        rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return written


def temporary_of(path: Path) -> Path:
    """Where the next version of a file is written before it takes the name."""
    return path.with_name(f".{path.name}.tmp")


def rename(source: Path, target: Path) -> None:
    """Rename within one file system; on return both folders have reached the disk."""
    for attempt in range(_WINDOWS_TRIES):
        try:
            os.replace(source, target)
            break
        except PermissionError:
            # Windows: a virus scanner or an indexer may hold the file for a moment.
            if sys.platform != "win32" or attempt == _WINDOWS_TRIES - 1:
                raise
            time.sleep(_WINDOWS_WAIT)
    for folder in {source.parent, target.parent}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make names created or removed in the folder outlive a power cut."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, *, parents: bool = True) -> Path:
    """The folder, made where it is missing. A symlink in its place is refused."""
    folder.mkdir(mode=0o700, parents=parents, exist_ok=True)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "a symbolic link stands in the place of a folder", str(folder))
    return folder


def _write(path: Path, data: bytes, mode: int) -> Signature:
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if sys.platform != "win32":
            os.fchmod(descriptor, mode)
        _sync(descriptor)
        return Signature.of(os.fstat(descriptor))


def _mode_of(path: Path) -> int:
    with suppress(OSError):
        return stat.S_IMODE(path.lstat().st_mode)
    return 0o600


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # On macOS fsync alone leaves the bytes in the drive's cache.
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)
