"""A turn belongs to the server: it is followed, stopped, saved, and survives its views."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.catalog import Titles
from core.conversation import ChatSettings, Conversation, Outcome
from core.errors import ChatNotFound, ErrorKind, ProviderError, RejectedInput
from core.events import ReasoningDelta, Status, TextDelta, ToolCall, Usage
from engine.live import LiveTurn
from engine.turns import Turns
from tests.engine.engine_script import END, Engine

NONE = ChatSettings()


async def ended(turn: LiveTurn) -> None:
    async with asyncio.timeout(10):
        while not turn.ended:
            await turn.signal.after(turn.seq)


async def heard(turn: LiveTurn, text: str) -> None:
    async with asyncio.timeout(10):
        while turn.message.content != text:
            await turn.signal.after(turn.seq)


async def saved(engine: Engine, turn: LiveTurn) -> Conversation:
    return await engine.stores.of(turn.owner).load(turn.chat_id)


async def test_the_question_is_on_disk_before_the_provider_is_called(
    engine: Engine, tmp_path: Path
) -> None:
    turn = await engine.turns.send("", None, "Merhaba?", "m", NONE)
    assert engine.script.requests == []
    on_disk = json.loads((tmp_path / "chats" / f"{turn.chat_id}.json").read_text("utf-8"))
    assert [m["content"] for m in on_disk["messages"] if m["role"] == "user"] == ["Merhaba?"]
    engine.script.say(END)
    await ended(turn)


async def test_an_answer_keeps_where_it_came_from_and_what_it_took(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(
        ReasoningDelta("hm"), TextDelta("Ya"), TextDelta("nıt"), Usage(1000, 500), END
    )
    await ended(turn)
    chat = await saved(engine, turn)
    question, message = chat.path()
    answer = message.answer
    assert (question.content, message.content, message.reasoning) == ("Soru", "Yanıt", "hm")
    assert chat.title == "Soru"
    assert answer is not None
    assert (answer.outcome, answer.model, answer.provider) == (Outcome.COMPLETE, "m", "ollama")
    assert answer.returned_model == "returned-name"
    assert answer.usage == Usage(1000, 500)
    assert not answer.usage_estimated
    assert answer.cost_usd == pytest.approx(0.002)
    assert answer.first_token_s is not None
    assert answer.duration_s is not None
    assert answer.duration_s >= answer.first_token_s


async def test_tokens_the_provider_does_not_count_are_estimated_and_marked(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("a" * 400), END)
    await ended(turn)
    answer = (await saved(engine, turn)).path()[-1].answer
    assert answer is not None
    assert answer.usage_estimated
    assert answer.usage.output_tokens == 100


async def test_the_next_question_carries_the_whole_path(engine: Engine) -> None:
    first = await engine.turns.send("", None, "Bir", "m", NONE)
    engine.script.say(TextDelta("Yanıt"), END)
    await ended(first)
    second = await engine.turns.send("", first.chat_id, "İki", "other", NONE)
    engine.script.say(END)
    await ended(second)
    sent = [(m.role, m.text) for m in engine.script.requests[-1].messages]
    assert sent == [("user", "Bir"), ("assistant", "Yanıt"), ("user", "İki")]
    assert engine.script.requests[-1].model.id == "other"


async def test_stop_closes_the_stream_and_keeps_what_came(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("yarım"))
    await heard(turn, "yarım")
    await engine.turns.stop("", turn.id)
    assert engine.script.closed == [1]
    message = (await saved(engine, turn)).path()[-1]
    assert message.content == "yarım"
    assert message.answer is not None
    assert message.answer.outcome is Outcome.STOPPED
    assert engine.turns.running("") == ()


async def test_stop_in_the_silence_before_the_first_token(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    await turn.signal.after(0)
    await engine.turns.stop("", turn.id)
    message = (await saved(engine, turn)).path()[-1]
    assert message.answer is not None
    assert (message.content, message.answer.outcome) == ("", Outcome.STOPPED)
    assert message.answer.usage.output_tokens is None


async def test_a_provider_error_is_kept_with_the_answer_as_a_card(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    error = ProviderError(ErrorKind.NOT_PULLED, model="n", command="ollama pull n")
    engine.script.say(TextDelta("ilk"), error)
    await ended(turn)
    message = (await saved(engine, turn)).path()[-1]
    assert message.answer is not None
    assert message.answer.outcome is Outcome.FAILED
    assert message.content == "ilk"
    assert message.answer.error is not None
    assert "ollama pull n" in message.answer.error.hint("tr")


async def test_an_unforeseen_exception_ends_the_turn_and_not_the_server(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(RuntimeError("boom"))
    await ended(turn)
    message = (await saved(engine, turn)).path()[-1]
    assert message.answer is not None
    assert message.answer.error is not None
    assert message.answer.error.kind == "unknown"
    again = await engine.turns.send("", turn.chat_id, "Bir daha", "m", NONE)
    engine.script.say(END)
    await ended(again)


async def test_retry_adds_a_sibling_and_replaces_nothing(engine: Engine) -> None:
    first = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("bir"), ProviderError(ErrorKind.CUT_OFF, provider="p"))
    await ended(first)
    second = await engine.turns.retry("", first.chat_id, first.id, "other", NONE)
    engine.script.say(TextDelta("iki"), END)
    await ended(second)
    chat = await saved(engine, second)
    assert [m.content for m in chat.siblings(first.id)] == ["bir", "iki"]
    assert chat.path()[-1].content == "iki"
    assert [m.text for m in engine.script.requests[-1].messages] == ["Soru"]


async def test_two_pages_that_regenerate_at_once_keep_both_answers(engine: Engine) -> None:
    first = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("bir"), END)
    await ended(first)
    asked = (engine.turns.retry("", first.chat_id, first.id, "m", NONE) for _ in range(2))
    again = await asyncio.gather(*asked)
    engine.script.say(TextDelta("iki"), TextDelta("iki"), END, END)
    for turn in again:
        await ended(turn)
    chat = await saved(engine, first)
    assert {m.id for m in chat.siblings(first.id)} == {first.id, *(turn.id for turn in again)}
    assert chat.siblings(first.id)[0].content == "bir"
    assert chat.leaf in {turn.id for turn in again}
    outcomes = [m.answer.outcome for m in chat.siblings(first.id) if m.answer]
    assert outcomes == [Outcome.COMPLETE] * 3


async def test_an_edited_question_is_a_sibling_with_a_future_of_its_own(engine: Engine) -> None:
    first = await engine.turns.send("", None, "Eski soru", "m", NONE)
    engine.script.say(TextDelta("bir"), END)
    await ended(first)
    question = (await saved(engine, first)).path()[0]
    second = await engine.turns.send("", first.chat_id, "Yeni soru", "m", NONE, question.id)
    engine.script.say(TextDelta("iki"), END)
    await ended(second)
    chat = await saved(engine, second)
    assert [m.content for m in chat.siblings(question.id)] == ["Eski soru", "Yeni soru"]
    assert [m.content for m in chat.path()] == ["Yeni soru", "iki"]
    assert [m.text for m in engine.script.requests[-1].messages] == ["Yeni soru"]
    with pytest.raises(ChatNotFound):
        await engine.turns.send("", first.chat_id, "x", "m", NONE, first.id)


async def test_retry_of_something_that_is_no_answer_is_refused(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(END)
    await ended(turn)
    question = (await saved(engine, turn)).path()[0]
    with pytest.raises(ChatNotFound):
        await engine.turns.retry("", turn.chat_id, question.id, "m", NONE)


async def test_two_chats_answer_at_the_same_time(engine: Engine) -> None:
    one = await engine.turns.send("", None, "Bir", "m", NONE)
    two = await engine.turns.send("", None, "İki", "m", NONE)
    assert {r.chat for r in engine.turns.running("")} == {one.chat_id, two.chat_id}
    await engine.turns.stop("", one.id)
    assert [r.chat for r in engine.turns.running("")] == [two.chat_id]


async def test_a_second_question_while_an_answer_runs_is_refused(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Bir", "m", NONE)
    with pytest.raises(RejectedInput) as refused:
        await engine.turns.send("", turn.chat_id, "İki", "m", NONE)
    assert refused.value.card.kind == "already_answering"
    assert len((await saved(engine, turn)).messages) == 2


async def test_two_clicks_at_once_start_one_answer(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Bir", "m", NONE)
    engine.script.say(END)
    await ended(turn)
    asked = [engine.turns.send("", turn.chat_id, "İki", "m", NONE) for _ in range(2)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(r, RejectedInput) for r in results) == 1


async def test_more_answers_than_allowed_are_refused(engine: Engine) -> None:
    for _ in range(3):
        await engine.turns.send("", None, "Soru", "m", NONE)
    with pytest.raises(RejectedInput) as refused:
        await engine.turns.send("", None, "Soru", "m", NONE)
    assert refused.value.card.kind == "too_many_answers"


@pytest.mark.parametrize(
    ("text", "model", "settings", "kind"),
    [
        ("  \n", "m", NONE, "empty_message"),
        ("x" * 200_001, "m", NONE, "message_too_long"),
        ("x", "gone", NONE, "model_gone"),
        ("x", "m", ChatSettings(temperature=9), "setting_out_of_range"),
        ("x", "m", ChatSettings(max_output_tokens=0), "setting_out_of_range"),
        ("x", "m", ChatSettings(reasoning="fierce"), "setting_out_of_range"),
        ("x", "m", ChatSettings(system="s" * 50_001), "system_too_long"),
    ],
)
async def test_input_outside_the_limits_is_named_and_nothing_is_written(
    engine: Engine, text: str, model: str, settings: ChatSettings, kind: str
) -> None:
    with pytest.raises(RejectedInput) as refused:
        await engine.turns.send("", None, text, model, settings)
    assert refused.value.card.kind == kind
    assert (await engine.stores.of("").list()).total == 0


async def test_nobody_follows_or_stops_the_turn_of_another(engine: Engine) -> None:
    turn = await engine.turns.send("ali", None, "Gizli", "m", NONE)
    assert engine.turns.get("veli", turn.id) is None
    assert engine.turns.running("veli") == ()
    await engine.turns.stop("veli", turn.id)
    assert engine.turns.get("ali", turn.id) is turn


async def test_the_server_going_down_saves_what_came_as_interrupted(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("yarım"))
    await heard(turn, "yarım")
    await engine.turns.shut_down()
    message = (await saved(engine, turn)).path()[-1]
    assert message.answer is not None
    assert (message.content, message.answer.outcome) == ("yarım", Outcome.INTERRUPTED)


def improving(engine: Engine) -> Turns:
    titles = Titles(improve=True)
    catalog = engine.catalog.model_copy(update={"titles": titles})
    return Turns(catalog, engine.stores, engine.script.stream)


async def test_a_model_may_improve_the_title_after_the_first_answer(engine: Engine) -> None:
    turns = improving(engine)
    turn = await turns.send("", None, "uzunca bir ilk soru", "m", NONE)
    engine.script.say(TextDelta("Yanıt"), END)
    await ended(turn)
    engine.script.say(TextDelta('"İlk Soru"'), END)
    await turns.titles.idle()
    assert (await saved(engine, turn)).title == "İlk Soru"
    assert not engine.script.requests[-1].stream


async def test_a_title_the_person_wrote_is_not_improved(engine: Engine) -> None:
    turns = improving(engine)
    turn = await turns.send("", None, "ilk soru", "m", NONE)
    await engine.stores.of("").update(turn.chat_id, lambda c: replace(c, title="Benim"))
    engine.script.say(TextDelta("Yanıt"), END)
    await ended(turn)
    await turns.titles.idle()
    assert len(engine.script.requests) == 1
    assert (await saved(engine, turn)).title == "Benim"


async def test_a_chat_deleted_in_mid_answer_stays_deleted(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    await engine.stores.of("").delete(turn.chat_id)
    engine.script.say(TextDelta("geç"), END)
    await ended(turn)
    with pytest.raises(ChatNotFound):
        await saved(engine, turn)


async def test_renaming_in_mid_answer_is_kept(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    await engine.stores.of("").update(turn.chat_id, lambda c: replace(c, title="Benim adım"))
    engine.script.say(TextDelta("tamam"), END)
    await ended(turn)
    chat = await saved(engine, turn)
    assert (chat.title, chat.path()[-1].content) == ("Benim adım", "tamam")


async def test_a_view_gets_what_it_missed_and_then_the_rest(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("bir "))
    await heard(turn, "bir ")
    first = turn.since(0)
    engine.script.say(ToolCall("1", "clock", "{}"), TextDelta("iki "), Status("loading"))
    await heard(turn, "bir iki ")
    second = turn.since(first.seq)
    assert (first.reset, first.text) == (True, "bir ")
    assert (second.reset, second.text) == (False, "iki ")
    assert second.tools is not None
    assert turn.since(10**6).reset
    assert turn.since(10**6).text == "bir iki "
    nothing_new = turn.since(turn.seq)
    assert (nothing_new.text, nothing_new.tools) == ("", None)


async def test_a_slow_view_costs_one_larger_frame_and_no_memory(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(*(TextDelta("a") for _ in range(5000)))
    await heard(turn, "a" * 5000)
    assert turn.since(0).text == "a" * 5000
    assert turn.since(turn.seq - 3).text == "aaa"
