"""What a page is told while a model has said nothing for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.catalog import Catalog
from core.conversation import ChatSettings
from core.events import Status, TextDelta
from engine.live import LiveTurn
from engine.turns import Turns
from tests.engine.engine_script import END, Engine, a_model

KINDS = ("local", "custom", "cloud")


@pytest.fixture
async def turns(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Turns]:
    """Turns over a model of each kind, which explain a wait at once."""
    monkeypatch.setattr("engine.run._LONG_WAIT_S", 0.0)
    catalog = Catalog(models=tuple(a_model(kind, kind=kind) for kind in KINDS))
    made = Turns(catalog, engine.stores, engine.script.stream)
    yield made
    await made.shut_down()


async def shown(turn: LiveTurn, key: str) -> None:
    async with asyncio.timeout(10):
        while turn.status is None or turn.status.key != key:
            await turn.signal.after(turn.seq)


async def keys_to_the_end(turn: LiveTurn) -> list[str]:
    """The statuses from now on."""
    keys = []
    async with asyncio.timeout(10):
        while not turn.ended:
            keys.append(turn.status.key if turn.status else "")
            await turn.signal.after(turn.seq)
    return keys


@pytest.mark.parametrize("kind", ["local", "custom"])
async def test_a_model_of_ones_own_that_says_nothing_may_be_loading(
    engine: Engine, turns: Turns, kind: str
) -> None:
    turn = await turns.send("", None, "Soru", kind, ChatSettings())
    await shown(turn, "waiting_long")
    engine.script.say(TextDelta("Merhaba"), END)
    assert (await keys_to_the_end(turn))[-1] == ""


async def test_a_cloud_loads_nothing(engine: Engine, turns: Turns) -> None:
    turn = await turns.send("", None, "Soru", "cloud", ChatSettings())
    await shown(turn, "waiting")
    for _ in range(10):
        await asyncio.sleep(0)
    engine.script.say(TextDelta("Merhaba"), END)
    assert "waiting_long" not in await keys_to_the_end(turn)


async def test_a_provider_that_says_what_it_does_needs_no_explanation(
    engine: Engine, turns: Turns
) -> None:
    engine.script.say(Status("loading", {"model": "local"}))
    turn = await turns.send("", None, "Soru", "local", ChatSettings())
    await shown(turn, "loading")
    for _ in range(10):
        await asyncio.sleep(0)
    engine.script.say(TextDelta("Merhaba"), END)
    assert "waiting_long" not in await keys_to_the_end(turn)
