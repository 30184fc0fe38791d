"""Questions asked while an answer runs: when they are asked, of whom, and what holds them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.conversation import ChatSettings
from core.errors import ChatNotFound, ErrorKind, ProviderError, RejectedInput
from core.events import TextDelta
from engine import compared
from engine.waiting import WaitingQuestions
from engine.waiting_file import WaitingFile
from tests.engine.engine_panel import NONE, Panel, ended
from tests.engine.engine_script import END


@pytest.fixture
def waiting(panel: Panel, tmp_path: Path) -> WaitingQuestions:
    return WaitingQuestions(
        tmp_path / "data", panel.catalog, panel.stores, panel.turns, panel.comparisons
    )


async def texts(waiting: WaitingQuestions, chat: str) -> list[str]:
    return [one.text for one in await waiting.of("", chat)]


async def questions(panel: Panel, chat: str) -> list[str]:
    """The questions in the chat's file, oldest first."""
    return [m.content for m in (await panel.load(chat)).messages if m.role == "user"]


async def changed(waiting: WaitingQuestions, after: int) -> int:
    async with asyncio.timeout(10):
        return await waiting.changed.after(after)


async def empty(waiting: WaitingQuestions, chat: str) -> None:
    seen = waiting.changed.version
    while await texts(waiting, chat):
        seen = await changed(waiting, seen)


async def test_what_waits_is_asked_in_its_order_once_the_answer_before_has_ended(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    chat = turn.chat_id
    await waiting.add("", chat, "iki", in_lanes=False)
    await waiting.add("", chat, "üç", in_lanes=False)
    assert await texts(waiting, chat) == ["iki", "üç"]
    assert await questions(panel, chat) == ["bir"]
    panel.voices.say("a", TextDelta("1"), END, TextDelta("2"), END, TextDelta("3"), END)
    await empty(waiting, chat)
    await panel.voices.asked(3)
    await ended(*panel.turns.of_chat("", chat))
    path = [message.content for message in (await panel.load(chat)).path()]
    assert path == ["bir", "1", "iki", "2", "üç", "3"]


async def test_it_is_asked_with_the_model_and_settings_of_that_moment(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    await waiting.add("", turn.chat_id, "iki", in_lanes=False)
    warm = ChatSettings(temperature=0.5)
    await panel.stores.of("").update(
        turn.chat_id, lambda chat: replace(chat, model="b", settings=warm)
    )
    panel.voices.say("a", TextDelta("1"), END)
    await panel.voices.asked(2)
    [sent] = panel.voices.requests["b"]
    assert sent.options.temperature == 0.5


@pytest.mark.parametrize("how", ["stopped", "failed"])
async def test_an_answer_that_does_not_end_well_holds_the_queue_until_it_is_sent(
    panel: Panel, waiting: WaitingQuestions, how: str
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    await waiting.add("", turn.chat_id, "iki", in_lanes=False)
    assert not waiting.is_held("", turn.chat_id)
    seen = waiting.changed.version
    if how == "stopped":
        await panel.turns.stop("", turn.id)
    else:
        panel.voices.say("a", ProviderError(ErrorKind.NO_KEY, key="K"))
    await ended(turn)
    await changed(waiting, seen)
    assert waiting.is_held("", turn.chat_id)
    assert await texts(waiting, turn.chat_id) == ["iki"]
    await waiting.send("", turn.chat_id)
    assert await questions(panel, turn.chat_id) == ["bir", "iki"]
    assert await texts(waiting, turn.chat_id) == []


async def test_where_nothing_runs_any_more_it_is_asked_at_once(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    panel.voices.say("a", TextDelta("1"), END)
    await ended(turn)
    await waiting.add("", turn.chat_id, "iki", in_lanes=False)
    assert await texts(waiting, turn.chat_id) == []
    assert await questions(panel, turn.chat_id) == ["bir", "iki"]


async def test_what_is_withdrawn_is_not_asked_and_what_was_asked_cannot_be_withdrawn(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    chat = turn.chat_id
    await waiting.add("", chat, "iki", in_lanes=False)
    await waiting.add("", chat, "üç", in_lanes=False)
    two, three = await waiting.of("", chat)
    assert await waiting.withdraw("", chat, two.id) == "iki"
    panel.voices.say("a", TextDelta("1"), END)
    await empty(waiting, chat)
    assert await questions(panel, chat) == ["bir", "üç"]
    with pytest.raises(RejectedInput):
        await waiting.withdraw("", chat, three.id)


async def test_it_is_rewritten_in_its_place_until_it_has_been_asked(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    chat = turn.chat_id
    for text in ("iki", "üç"):
        await waiting.add("", chat, text, in_lanes=False)
    first, _ = await waiting.of("", chat)
    await waiting.rewrite("", chat, first.id, "ikinci")
    assert await texts(waiting, chat) == ["ikinci", "üç"]
    with pytest.raises(RejectedInput):
        await waiting.rewrite("", chat, first.id, " ")
    panel.voices.say("a", TextDelta("1"), END, TextDelta("2"), END)
    await empty(waiting, chat)
    with pytest.raises(RejectedInput):
        await waiting.rewrite("", chat, first.id, "geç kaldı")
    assert await questions(panel, chat) == ["bir", "ikinci", "üç"]


async def test_a_question_for_lanes_needs_lanes_and_is_never_dropped(
    panel: Panel, waiting: WaitingQuestions, tmp_path: Path
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    with pytest.raises(RejectedInput):
        await waiting.add("", turn.chat_id, "iki", in_lanes=True)
    started = await panel.ask(None, "bir", ["a", "b", "c"])
    await waiting.add("", started.chat, "iki", in_lanes=True)
    await panel.comparisons.change_lane("", started.chat, "c", shown=False)
    only = WaitingFile(tmp_path / "data")
    only.change("", started.chat, lambda queue: tuple(replace(one, lanes=("c",)) for one in queue))
    await waiting.send("", started.chat)
    [left] = await waiting.of("", started.chat)
    assert left.text == "iki"
    refused = waiting.refused(left.id)
    assert refused is not None
    assert refused.kind == "queue_no_lanes"


async def test_a_question_that_is_refused_when_its_time_comes_stays_with_the_reason(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    await waiting.add("", turn.chat_id, "iki", in_lanes=False)
    await panel.stores.of("").update(turn.chat_id, lambda chat: replace(chat, model="gone"))
    seen = waiting.changed.version
    panel.voices.say("a", TextDelta("1"), END)
    await ended(turn)
    await changed(waiting, seen)
    [one] = await waiting.of("", turn.chat_id)
    refused = waiting.refused(one.id)
    assert refused is not None
    assert refused.kind == "model_gone"


async def test_what_waits_outlives_the_program_and_belongs_to_its_login(
    panel: Panel, waiting: WaitingQuestions, tmp_path: Path
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    await waiting.add("", turn.chat_id, "iki", in_lanes=False)
    again = WaitingQuestions(
        tmp_path / "data", panel.catalog, panel.stores, panel.turns, panel.comparisons
    )
    assert await texts(again, turn.chat_id) == ["iki"]
    assert await again.of("ayse", turn.chat_id) == ()
    with pytest.raises(ChatNotFound):
        await again.add("ayse", turn.chat_id, "benim değil", in_lanes=False)


async def test_no_more_than_twenty_wait_in_a_chat_and_none_is_empty(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    for number in range(20):
        await waiting.add("", turn.chat_id, f"soru {number}", in_lanes=False)
    with pytest.raises(RejectedInput):
        await waiting.add("", turn.chat_id, "bir tane daha", in_lanes=False)
    with pytest.raises(RejectedInput):
        await waiting.add("", turn.chat_id, "  ", in_lanes=False)
    assert len(await texts(waiting, turn.chat_id)) == 20


async def test_a_file_somebody_broke_is_an_empty_queue(
    panel: Panel, waiting: WaitingQuestions, tmp_path: Path
) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    file = tmp_path / "data" / "waiting.json"
    for broken in ("{", "[1]", json.dumps({"": {turn.chat_id: [{"id": 1}, 7]}})):
        file.parent.mkdir(exist_ok=True)
        file.write_text(broken, encoding="utf-8")
        assert await waiting.of("", turn.chat_id) == ()
    await waiting.add("", turn.chat_id, "iki", in_lanes=False)
    assert await texts(waiting, turn.chat_id) == ["iki"]


async def test_each_lane_goes_on_as_soon_as_it_is_free(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    chat = started.chat
    await waiting.add("", chat, "iki", in_lanes=True)
    panel.voices.say("b", TextDelta("b: bir"), END)
    await panel.voices.asked(3)
    assert panel.voices.sent("b") == [("user", "bir"), ("assistant", "b: bir"), ("user", "iki")]
    assert panel.voices.sent("a") == [("user", "bir")]
    path = [m.content for m in (await panel.load(chat)).path()]
    assert path[0] == "bir"
    assert "iki" not in path
    panel.voices.say("b", TextDelta("b: iki"), END)
    panel.voices.say("a", TextDelta("a: bir"), END, TextDelta("a: iki"), END)
    await empty(waiting, chat)
    await ended(*panel.turns.of_chat("", chat))
    assert await panel.shown(chat, "a") == [("bir", "a: bir"), ("iki", "a: iki")]
    assert await panel.shown(chat, "b") == [("bir", "b: bir"), ("iki", "b: iki")]
    assert (await panel.load(chat)).path()[-1].content == "a: iki"


async def test_the_answers_of_lanes_that_went_on_apart_are_one_round(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    await waiting.add("", started.chat, "iki", in_lanes=True)
    await waiting.add("", started.chat, "üç", in_lanes=True)
    panel.voices.say("b", *(part for n in "123" for part in (TextDelta(n), END)))
    await panel.voices.asked(3)
    panel.voices.say("a", *(part for n in "456" for part in (TextDelta(n), END)))
    await empty(waiting, started.chat)
    await ended(*panel.turns.of_chat("", started.chat))
    found = compared.newest(await panel.load(started.chat))
    assert found is not None
    assert found.question.content == "üç"
    assert [answer.content for answer in found.answers] == ["6", "3"]


@pytest.mark.parametrize("how", [{"context": "shared"}, {"blind": True}])
async def test_in_a_shared_context_and_unseen_all_lanes_go_on_together(
    panel: Panel, waiting: WaitingQuestions, how: dict[str, Any]
) -> None:
    started = await panel.ask(None, "bir", ["a", "b"], **how)
    await waiting.add("", started.chat, "iki", in_lanes=True)
    first, second = started.turns
    panel.voices.say(second.answer.model, TextDelta("bir"), END)
    await ended(second)
    assert await texts(waiting, started.chat) == ["iki"]
    panel.voices.say(first.answer.model, TextDelta("bir"), END)
    await ended(first)
    await panel.voices.asked(4)
    await empty(waiting, started.chat)
    assert [len(panel.voices.requests[model]) for model in "ab"] == [2, 2]


async def test_a_lane_that_failed_holds_its_part_alone(
    panel: Panel, waiting: WaitingQuestions
) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    chat = started.chat
    await waiting.add("", chat, "iki", in_lanes=True)
    panel.voices.say("b", ProviderError(ErrorKind.NO_KEY, key="K"))
    await ended(started.turns[1])
    panel.voices.say("a", TextDelta("a: bir"), END)
    await panel.voices.asked(3)
    seen = waiting.changed.version
    while [one.lanes for one in await waiting.of("", chat)] != [("b",)]:
        seen = await changed(waiting, seen)
    await waiting.send("", chat)
    assert await texts(waiting, chat) == []
    await panel.voices.asked(4)
    assert panel.voices.sent("b")[-1] == ("user", "bir\n\niki")
