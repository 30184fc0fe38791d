"""Pages of the web that an answer rests on, from the provider's words to the next answer."""

from __future__ import annotations

import asyncio

from core.conversation import ChatSettings
from core.events import Finish, FinishReason, TextDelta, WebSource
from engine.live import LiveTurn
from tests.engine.engine_script import END, Engine

NONE = ChatSettings()
BRIDGE, TOWER = WebSource("https://a.example/", "Köprü", 1), WebSource("https://b.example/", "", 2)


async def _ended(turn: LiveTurn) -> None:
    async with asyncio.timeout(10):
        while not turn.ended:
            await turn.signal.after(turn.seq)


async def test_sources_are_kept_and_go_on_with_an_answer_that_goes_on(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("Açıldı [1] ve"), BRIDGE, Finish(FinishReason.LENGTH))
    await _ended(turn)
    store = engine.stores.of("")
    first = (await store.load(turn.chat_id)).path()[-1].answer
    assert first is not None
    assert first.web_sources == (BRIDGE,)
    going_on = await engine.turns.continue_answer("", turn.chat_id, turn.id, "m", NONE)
    engine.script.say(TextDelta(" kule [2]."), TOWER, END)
    await _ended(going_on)
    second = (await store.load(turn.chat_id)).path()[-1].answer
    assert second is not None
    assert second.web_sources == (BRIDGE, TOWER)
