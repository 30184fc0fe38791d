"""A library over real files, with the default embedder loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.embedders import Embedder
from rag.library import Library
from tests.support.embedder import shared


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return shared()


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    made = Library(tmp_path / "library", lambda: embedder)
    yield made
    made.close()
