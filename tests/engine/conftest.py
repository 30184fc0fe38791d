"""An engine over real files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.catalog import Catalog, Limits
from engine.comparisons import Comparisons
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_panel import Panel
from tests.engine.engine_script import Engine, Script, Voices, a_model
from tests.engine.long_chat import Serve
from tests.support.counting_provider import CountingProvider
from tests.support.embedder import one_embedder as one_embedder


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    catalog = Catalog(
        models=(a_model(), a_model("other", context_window=200)), limits=Limits(running_answers=3)
    )
    script = Script()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, script.stream)
    yield Engine(turns, stores, script, catalog)
    await turns.shut_down()
    stores.close()


@pytest.fixture
async def panel(tmp_path: Path) -> AsyncIterator[Panel]:
    """Clouds a to e; near-1 and near-2 on one local host, far on another."""
    clouds = (a_model(name, kind="cloud") for name in "abcde")
    near = (a_model(name, base_url="http://127.0.0.1:1") for name in ("near-1", "near-2"))
    far = a_model("far", base_url="http://127.0.0.1:2")
    catalog = Catalog(models=(*clouds, *near, far), limits=Limits(running_answers=8))
    voices = Voices()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, voices.stream)
    yield Panel(Comparisons(catalog, stores, turns), turns, stores, voices, catalog)
    await turns.shut_down()
    stores.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    served: list[CountingProvider] = []

    def start(**how: object) -> CountingProvider:
        served.append(CountingProvider(**how))  # type: ignore[arg-type]
        return served[-1]

    yield start
    for provider in served:
        provider.close()
