"""Text that turned out to be reasoning is neither a title nor a part of a summary."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from core.catalog import Titles
from core.conversation import ChatSettings, Message
from core.events import Finish, FinishReason, StreamEvent, TextDelta, TextWasReasoning
from core.request import ChatRequest
from engine.calibration import Calibration
from engine.summary_writer import SummaryWriter
from engine.turns import Turns
from tests.engine.engine_panel import ended
from tests.engine.engine_script import Engine, a_model

THOUGHT = "Ne konuşuldu, bakayım."
SAID = (
    TextDelta(THOUGHT),
    TextWasReasoning(THOUGHT),
    TextDelta("Çay konuşuldu"),
    Finish(FinishReason.STOP),
)


async def test_a_summary_is_what_follows_the_thoughts() -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        for event in SAID:
            yield event

    writer = SummaryWriter(a_model(), stream, Calibration())
    written = await writer.write("", [Message("q", None, "user", "Çay?", "")], 200)
    assert written.text == "Çay konuşuldu"


async def test_a_title_is_what_follows_the_thoughts(engine: Engine) -> None:
    catalog = engine.catalog.model_copy(update={"titles": Titles(improve=True)})
    turns = Turns(catalog, engine.stores, engine.script.stream)
    turn = await turns.send("", None, "uzunca bir ilk soru", "m", ChatSettings())
    engine.script.say(TextDelta("Yanıt"), Finish(FinishReason.STOP))
    await ended(turn)
    engine.script.say(*SAID)
    await turns.titles.idle()
    assert (await engine.stores.of("").load(turn.chat_id)).title == "Çay konuşuldu"
