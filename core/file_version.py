"""Noticing cheaply that a file has changed."""

from __future__ import annotations

from pathlib import Path

Version = tuple[int, int, int]
"""Time of the last change in nanoseconds, size in bytes, inode."""


def version_of(path: Path) -> Version | None:
    """Another value once the file was written or replaced; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino
