"""Files to text. Nothing of a file is parsed in this process: a worker does, within limits."""

from __future__ import annotations

import atexit
import stat
from pathlib import Path

from rag.loaders.reading import Report
from rag.loaders.values import Loaded, LoadError, LoadKey, LoadLimits, Unread
from rag.loaders.workers import Workers

__all__ = ["LoadError", "LoadKey", "LoadLimits", "Loaded", "Unread", "load"]

_workers = Workers()
atexit.register(_workers.close)


def load(
    path: Path,
    name: str,
    limits: LoadLimits | None = None,
    report: Report | None = None,
    reader: str = "",
    pages: tuple[int, ...] = (),
) -> Loaded:
    """The text of a file, which its owner calls `name`, and the pages whose text is missing; may be
    called from several threads. Blocks, at most for `limits.seconds` a page and
    `limits.file_seconds` in all. `reader` and `pages` have another reader look at some pages
    (`rag.loaders.worker`). Raises LoadError for a file that gives no text, never for another reason
    than the file, and what `report` raises, which is called as each page begins."""
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
    return _workers.load(path.absolute(), name, limits, reader, pages, report)
