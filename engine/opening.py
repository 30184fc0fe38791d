"""Opening a library of documents, and looking into one without opening it."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from core.catalog import DocumentRules
from engine.embedders import Embedders
from engine.indexing import EMBEDDER

if TYPE_CHECKING:
    from rag.embedders import Embedder
    from rag.library import Library

log = logging.getLogger(__name__)

_UNFINISHED = "SELECT 1 FROM documents WHERE state IN ('waiting', 'working') LIMIT 1"


def has_unfinished(path: Path) -> bool:
    """Whether documents of the library with this database still wait; imports nothing of rag."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return database.execute(_UNFINISHED).fetchone() is not None
    except sqlite3.Error:
        log.warning("the documents in %s cannot be read", path, exc_info=True)
        return False


def open_library(folder: Path, embedders: Embedders, rules: DocumentRules) -> Library:
    """The library in a folder, with the embedder its documents were embedded with so far."""
    from rag.fusion import SETTINGS
    from rag.library import Library

    def embedder() -> Embedder:
        return embedders.open(library.records.setting(EMBEDDER))

    library = Library(folder, embedder, SETTINGS[rules.search], embedders.reranker)
    if not library.records.setting(EMBEDDER):
        library.records.note(EMBEDDER, embedders.wanted)
    return library
