"""What a replay will send and cost, told before it begins; and the replays that are known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import ChatSettings, Conversation, Message
from core.errors import RejectedInput
from core.events import Usage
from engine.estimate import estimate_answer
from engine.metrics import cost_usd
from tests.engine.engine_replays import Bench, answered, asked, bench, compared, three_rounds
from tests.engine.engine_script import a_model


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


async def test_it_is_the_sum_of_an_answer_to_each_question(at: Bench) -> None:
    chat = await at.store.create(three_rounds())
    whole = await at.replays.estimate("", "c", "new")
    (lane,) = whole.lanes
    known, model = at.turns.calibration, a_model("new")
    each = [
        estimate_answer(chat, chat.path(question), model, ChatSettings(), known)
        for question in ("q1", "q2", "q3")
    ]
    assert lane.model == "new"
    assert lane.input_tokens == sum(one.input_tokens for one in each)
    assert lane.output_tokens == sum(one.output_tokens for one in each)
    assert lane.cost_usd == pytest.approx(sum(one.cost_usd or 0 for one in each))
    assert at.provider.requests == []
    assert await at.store.load("c") == chat


async def test_a_longer_system_prompt_is_sent_with_every_question(at: Bench) -> None:
    await at.store.create(three_rounds())
    plain = (await at.replays.estimate("", "c", "new")).lanes[0]
    told = ChatSettings(system="Be brief. " * 100)
    more = (await at.replays.estimate("", "c", "new", told)).lanes[0]
    one = (await at.replays.estimate("", "c", "new", told, "a1")).lanes[0]
    alone = (await at.replays.estimate("", "c", "new", None, "a1")).lanes[0]
    added = one.input_tokens - alone.input_tokens
    assert added > 100
    assert more.input_tokens - plain.input_tokens == pytest.approx(3 * added, rel=0.05)


async def test_every_lane_of_a_comparison_is_reckoned_by_itself(at: Bench) -> None:
    await at.store.create(compared("own"))
    lanes = (await at.replays.estimate_comparison("", "c")).lanes
    assert [lane.model for lane in lanes] == ["old", "new"]
    joining = (await at.replays.estimate_comparison("", "c", ["third"])).lanes
    assert [lane.model for lane in joining] == ["third"]


def long_chat(rounds: int) -> Conversation:
    messages: list[Message] = []
    for number in range(rounds):
        above = messages[-1].id if messages else None
        messages.append(asked(f"q{number}", above, "how long is this? " * 5))
        messages.append(answered(f"a{number}", f"q{number}", "old"))
    return replace(three_rounds(), leaf=messages[-1].id, messages=tuple(messages))


async def test_a_very_long_chat_is_reckoned_from_some_of_its_questions(at: Bench) -> None:
    chat = await at.store.create(long_chat(300))
    (lane,) = (await at.replays.estimate("", "c", "new")).lanes
    known, model = at.turns.calibration, a_model("new")
    each = [
        estimate_answer(chat, chat.path(f"q{number}"), model, ChatSettings(), known)
        for number in range(300)
    ]
    assert lane.input_tokens == pytest.approx(sum(one.input_tokens for one in each), rel=0.02)
    assert lane.output_tokens == sum(one.output_tokens for one in each)
    usage = Usage(lane.input_tokens, lane.output_tokens)
    assert lane.cost_usd == pytest.approx(cost_usd(model, usage), rel=0.02)


async def test_what_cannot_be_asked_is_refused_as_the_replay_itself(at: Bench) -> None:
    await at.store.create(three_rounds())
    for refused in (
        at.replays.estimate("", "c", "gone"),
        at.replays.estimate("", "c", "new", ChatSettings(temperature=9)),
        at.replays.estimate_comparison("", "c"),
    ):
        with pytest.raises(RejectedInput):
            await refused


async def test_the_replays_of_a_chat_can_be_found_again(at: Bench) -> None:
    await at.store.create(three_rounds())
    await at.store.create(replace(three_rounds(), id="d"))
    first = await at.end(await at.replays.start("", "c", "new"))
    at.provider.held["Q1"] = asyncio.Event()
    running = await at.replays.start("", "c", "third")
    other = await at.replays.start("", "d", "new")
    found = at.replays.of("", "c")
    assert [replay.id for replay in found] == [running.id, first.id]
    assert [replay.state for replay in found] == ["running", "done"]
    assert [replay.id for replay in at.replays.of("")] == [other.id, running.id, first.id]
    assert at.replays.of("somebody", "c") == ()
    at.provider.held["Q1"].set()
    await at.end(running)
    await at.end(other)
