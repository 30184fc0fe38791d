"""Going on with a cut-off answer: all there is of it stays, only the new part is measured."""

from __future__ import annotations

import pytest

from core.conversation import Conversation, Message, Outcome
from core.errors import ErrorKind, ProviderError, RejectedInput
from core.events import Finish, FinishReason, ReasoningDelta, StreamEvent, TextDelta, Usage
from engine.live import LiveTurn
from engine.seam import Seam
from tests.engine.engine_panel import NONE, ended
from tests.engine.engine_script import END, Engine

CUT = Finish(FinishReason.LENGTH)
BEGUN = "Bir varmış bir yokmuş, evvel zaman içinde"


async def cut_off(engine: Engine, *said: StreamEvent | BaseException) -> LiveTurn:
    turn = await engine.turns.send("", None, "Bir masal anlat", "m", NONE)
    engine.script.say(*said)
    await ended(turn)
    return turn


async def went_on(
    engine: Engine, old: LiveTurn, *said: StreamEvent | BaseException, model: str = "m"
) -> tuple[Conversation, Message]:
    turn = await engine.turns.continue_answer("", old.chat_id, old.id, model, NONE)
    engine.script.say(*said)
    await ended(turn)
    chat = await engine.stores.of("").load(old.chat_id)
    message = chat.message(turn.id)
    assert message is not None
    return chat, message


async def test_the_continued_answer_is_a_sibling_that_begins_with_what_there_was(
    engine: Engine,
) -> None:
    old = await cut_off(engine, TextDelta(BEGUN), Usage(900, 800), CUT)
    chat, message = await went_on(
        engine, old, TextDelta(", kalbur"), TextDelta(" saman içinde."), Usage(50, 7), END
    )
    assert message.content == f"{BEGUN}, kalbur saman içinde."
    assert [m.id for m in chat.siblings(old.id)] == [old.id, message.id]
    assert chat.siblings(old.id)[0].content == BEGUN
    assert chat.leaf == message.id
    answer = message.answer
    assert answer is not None
    assert (answer.continues, answer.outcome) == (old.id, Outcome.COMPLETE)
    assert answer.usage == Usage(50, 7)
    assert answer.cost_usd == pytest.approx((50 + 7 * 2) / 1e6)


async def test_the_model_is_sent_what_it_had_said_and_asked_to_go_on(engine: Engine) -> None:
    old = await cut_off(engine, TextDelta(BEGUN), CUT)
    await went_on(engine, old, END)
    sent = [(m.role, m.text) for m in engine.script.requests[-1].messages]
    assert sent[:2] == [("user", "Bir masal anlat"), ("assistant", BEGUN)]
    assert [role for role, _ in sent] == ["user", "assistant", "user"]
    assert "cut off" in sent[2][1]


async def test_estimated_tokens_are_those_of_the_new_part(engine: Engine) -> None:
    old = await cut_off(engine, TextDelta("a" * 4000), CUT)
    _, message = await went_on(engine, old, TextDelta("b" * 40), END)
    assert message.answer is not None
    assert message.answer.usage_estimated
    assert message.answer.usage.output_tokens == 10


async def test_what_the_model_repeats_at_the_seam_is_dropped_and_still_counted(
    engine: Engine,
) -> None:
    old = await cut_off(engine, TextDelta(BEGUN), CUT)
    pieces = ("evvel ", "zaman ", "içinde", ", kalbur ", "saman")
    _, message = await went_on(engine, old, *map(TextDelta, pieces), END)
    assert message.content == f"{BEGUN}, kalbur saman"
    assert message.answer is not None
    assert message.answer.usage.output_tokens == -(-len("".join(pieces).encode()) // 4)


async def test_a_stop_in_the_middle_of_a_repeat_loses_nothing_that_is_new(engine: Engine) -> None:
    old = await cut_off(engine, TextDelta(BEGUN), CUT)
    error = ProviderError(ErrorKind.CUT_OFF, provider="p")
    _, message = await went_on(engine, old, TextDelta("Bir varmış"), error)
    assert message.content == f"{BEGUN}Bir varmış"
    assert message.answer is not None
    assert message.answer.outcome is Outcome.FAILED


async def test_an_answer_is_continued_twice_and_by_another_model(engine: Engine) -> None:
    old = await cut_off(engine, TextDelta("bir"), ProviderError(ErrorKind.CUT_OFF, provider="p"))
    await went_on(engine, old, TextDelta(" iki"), CUT)
    chat = await engine.stores.of("").load(old.chat_id)
    second = await engine.turns.continue_answer("", chat.id, chat.leaf or "", "other", NONE)
    engine.script.say(TextDelta(" üç"), END)
    await ended(second)
    chat = await engine.stores.of("").load(old.chat_id)
    assert [m.content for m in chat.siblings(old.id)] == ["bir", "bir iki", "bir iki üç"]
    assert chat.model == "other"


async def test_an_answer_without_a_word_is_asked_for_anew(engine: Engine) -> None:
    old = await cut_off(engine, ProviderError(ErrorKind.SERVER, provider="p"))
    _, message = await went_on(engine, old, TextDelta("Yanıt"), END)
    assert [m.text for m in engine.script.requests[-1].messages] == ["Bir masal anlat"]
    assert message.content == "Yanıt"
    assert message.answer is not None
    assert message.answer.continues is None


@pytest.mark.parametrize(
    "said",
    [
        [ProviderError(ErrorKind.EMPTY, model="m")],
        [TextDelta("evvel zaman içinde"), END],
    ],
    ids=["nothing", "a repeat"],
)
async def test_a_model_with_nothing_to_add_has_ended_its_answer(
    engine: Engine, said: list[StreamEvent | BaseException]
) -> None:
    old = await cut_off(engine, TextDelta(BEGUN), CUT)
    _, message = await went_on(engine, old, *said)
    assert message.content == BEGUN
    assert message.answer is not None
    assert (message.answer.outcome, message.answer.error) == (Outcome.COMPLETE, None)
    assert [notice.key for notice in message.answer.notices] == ["nothing_added"]


async def test_thoughts_that_took_all_tokens_of_a_continued_answer_keep_what_there_was(
    engine: Engine,
) -> None:
    old = await cut_off(engine, TextDelta(BEGUN), CUT)
    error = ProviderError(ErrorKind.ONLY_THOUGHTS_LIMIT, model="m", limit="64")
    _, message = await went_on(engine, old, ReasoningDelta("Hm."), Usage(9, 64), error)
    assert (message.content, message.reasoning) == (BEGUN, "Hm.")
    assert message.answer is not None
    assert message.answer.outcome is Outcome.FAILED
    assert message.answer.usage == Usage(9, 64)


async def test_an_answer_that_is_being_written_is_not_continued(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    with pytest.raises(RejectedInput) as refused:
        await engine.turns.continue_answer("", turn.chat_id, turn.id, "m", NONE)
    assert refused.value.card.kind == "already_answering"


@pytest.mark.parametrize(
    ("before", "said", "shown"),
    [
        ("", ["Merhaba"], "Merhaba"),
        ("one two three four", [" five"], " five"),
        ("one two three four", ["two three four", " five"], " five"),
        ("one two three four", ["o", "ne two", " three four five"], " five"),
        ("one two three four", ["two three five"], "two three five"),
        ("one two three four", ["four four"], "four four"),
        ("    }\n        }\n    }\n", ["        }\n    }\n", "}"], "        }\n    }\n}"),
        ("ab ab ab ab ab ab", ["ab ab ab ab ab ab", "."], "."),
        ("one two three four", ["one two three four"], ""),
    ],
)
def test_only_a_whole_and_long_repeat_of_the_end_is_dropped(
    before: str, said: list[str], shown: str
) -> None:
    seam = Seam(before)
    assert "".join(map(seam.take, said)) + seam.rest() == shown
