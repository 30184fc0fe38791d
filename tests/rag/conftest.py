"""A library over real files, with the default embedder loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.embedders import Embedder, open_embedder
from rag.library import Library


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return open_embedder("use")


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    made = Library(tmp_path / "library", lambda: embedder)
    yield made
    made.close()
