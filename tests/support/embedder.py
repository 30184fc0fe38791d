"""The default embedder for tests, loaded once and embedding no text twice.

from tests.support.embedder import one_embedder  # in a conftest: for all that is opened
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from bench.remembering import Remembering
from rag.embedders import Embedder
from rag.embedders.use import UniversalSentenceEncoder

__all__ = ["one_embedder", "shared"]


@cache
def shared() -> Embedder:
    """The one embedder of this process."""
    return Remembering(UniversalSentenceEncoder())


@pytest.fixture(scope="session", autouse=True)
def one_embedder() -> Iterator[None]:
    """Whatever opens the default embedder in this process gets the shared one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.embedders.use.open_embedder", lambda _name="": shared())
        yield
