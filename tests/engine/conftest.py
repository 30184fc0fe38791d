"""An engine over real files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.catalog import Catalog, Limits
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_script import Engine, Script, a_model


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
