"""Files to text. Nothing of a file is parsed in this process: a worker does, within limits."""

from __future__ import annotations

import atexit
import stat
from pathlib import Path

from rag.loaders.process import Workers
from rag.loaders.values import Loaded, LoadError, LoadKey, LoadLimits

__all__ = ["LoadError", "LoadKey", "LoadLimits", "Loaded", "load"]

_workers = Workers()
atexit.register(_workers.close)


def load(path: Path, name: str, limits: LoadLimits | None = None) -> Loaded:
    """The text of a file, which its owner calls `name`. Blocks, at most for `limits.seconds`; may
    be called from several threads. Raises LoadError for a file that gives no text, never for
    another reason than the file."""
    limits = limits or LoadLimits()
    try:
        found = path.lstat()
    except (OSError, ValueError) as error:
        raise LoadError("damaged", type(error).__name__) from error
    if not stat.S_ISREG(found.st_mode):
        raise LoadError("unsupported", "not a file")
    if not found.st_size:
        raise LoadError("empty")
    if found.st_size > limits.file_bytes:
        raise LoadError("too_large", f"{found.st_size} > {limits.file_bytes} bytes")
    return _workers.load(path.absolute(), name, limits)
