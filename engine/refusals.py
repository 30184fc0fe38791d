"""What the disk or the database of the documents says, as an error for people."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import StorageError
from storage.disk import is_full

log = logging.getLogger(__name__)


@contextmanager
def refusals() -> Iterator[None]:
    """What the disk or the database says, as StorageError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if is_full(error):
            raise StorageError("documents_full") from error
        log.exception("the disk refused documents")
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise StorageError("documents_refused", detail=detail) from error
