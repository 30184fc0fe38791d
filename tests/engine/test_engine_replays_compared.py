"""A saved comparison asked again: every lane on its own model, or one more model in a lane."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import Conversation, Message
from core.errors import ErrorCard, ErrorKind, ProviderError, RejectedInput
from tests.engine.engine_replays import Bench, bench, compared, three_rounds


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


async def lanes(at: Bench) -> dict[str, list[str]]:
    """The path of each lane, by its model."""
    chat = await at.store.load("c")
    assert chat.comparison is not None
    return {x.model: [m.content for m in chat.path(x.leaf)] for x in chat.comparison.lanes}


async def test_lanes_with_their_own_context_see_only_their_own_new_answers(at: Bench) -> None:
    await at.store.create(compared("own"))
    replay = await at.end(await at.replays.start_comparison("", "c"))
    assert (replay.state, replay.done, replay.total) == ("done", 4, 4)
    assert await lanes(at) == {
        "old": ["Q1", "old Q1", "Q2", "old Q2"],
        "new": ["Q1", "new Q1", "Q2", "new Q2"],
    }
    assert at.provider.seen_by("new") == [["Q1"], ["Q1", "new Q1", "Q2"]]
    chat = await at.store.load("c")
    assert chat.leaf == replay.tracks[0].newest
    assert (chat.branch, [b.name for b in chat.branches]) == ("old", ["old", "new"])
    assert [t.old_leaf for t in replay.tracks] == ["a2", "b2"]


async def test_lanes_with_a_shared_context_go_on_from_the_primary(at: Bench) -> None:
    await at.store.create(compared("shared"))
    replay = await at.end(await at.replays.start_comparison("", "c"))
    assert await lanes(at) == {
        "old": ["Q1", "old Q1", "Q2", "old Q2"],
        "new": ["Q1", "old Q1", "Q2", "new Q2"],
    }
    chat = await at.store.load("c")
    newest = [chat.message(t.newest or "") for t in replay.tracks]
    assert len({m.parent for m in newest if m}) == 1
    assert [t.old_answers for t in replay.tracks] == [("a1", "a2"), ("b1", "b2")]


async def test_one_lane_failing_leaves_the_other_alone(at: Bench) -> None:
    await at.store.create(compared("own"))
    at.provider.errors["new", "Q1"] = ProviderError(ErrorKind.BLOCKED, provider="P")
    replay = await at.end(await at.replays.start_comparison("", "c"))
    assert [(t.state, t.done) for t in replay.tracks] == [("done", 2), ("failed", 0)]
    assert (replay.state, replay.error) == ("failed", ErrorCard("blocked", {"provider": "P"}))


async def test_another_lane_leads_where_the_primary_of_a_shared_context_fails(at: Bench) -> None:
    await at.store.create(compared("shared"))
    at.provider.errors["old", "Q1"] = ProviderError(ErrorKind.BLOCKED, provider="P")
    replay = await at.end(await at.replays.start_comparison("", "c"))
    chat = await at.store.load("c")
    assert await at.path("c") == ["Q1", "new Q1", "Q2", "new Q2"]
    assert chat.leaf == replay.tracks[1].newest


async def test_another_model_gets_a_lane_and_the_questions_of_the_primary(at: Bench) -> None:
    await at.store.create(compared("own"))
    await at.end(await at.replays.start_comparison("", "c", ["third"]))
    assert (await lanes(at))["third"] == ["Q1", "third Q1", "Q2", "third Q2"]
    chat = await at.store.load("c")
    assert chat.leaf == "a2"
    assert [lane.model for lane in (chat.comparison.lanes if chat.comparison else ())] == [
        "old",
        "new",
        "third",
    ]


async def test_in_a_shared_context_another_model_answers_beside_the_old_answers(
    at: Bench,
) -> None:
    await at.store.create(compared("shared"))
    replay = await at.end(await at.replays.start_comparison("", "c", ["third"]))
    assert at.provider.seen_by("third") == [["Q1"], ["Q1", "old once", "Q2"]]
    chat = await at.store.load("c")
    new = [chat.message(answer) for answer in replay.tracks[0].answers]
    assert [m.parent for m in new if isinstance(m, Message)] == ["q1", "q2"]
    assert len(chat.messages) == len(compared("shared").messages) + 2


async def test_lanes_take_turns_where_the_comparison_says_so(at: Bench) -> None:
    chat = compared("own")
    assert chat.comparison is not None
    await at.store.create(replace(chat, comparison=replace(chat.comparison, mode="sequential")))
    held = at.provider.held["Q1"] = asyncio.Event()
    replay = await at.replays.start_comparison("", "c")
    await at.asked(1)
    first, second = at.turns.of_chat("", "c")
    assert (first.status, second.status and second.status.key) == (None, "queued")
    held.set()
    assert (await at.end(replay)).state == "done"


async def test_lanes_are_asked_at_once_where_the_comparison_says_so(at: Bench) -> None:
    chat = compared("own")
    assert chat.comparison is not None
    await at.store.create(replace(chat, comparison=replace(chat.comparison, mode="parallel")))
    held = at.provider.held["Q1"] = asyncio.Event()
    replay = await at.replays.start_comparison("", "c")
    await at.asked(2)
    held.set()
    assert (await at.end(replay)).state == "done"


async def test_a_lane_the_person_took_elsewhere_meanwhile_stays_there(at: Bench) -> None:
    await at.store.create(compared("own"))
    held = at.provider.held["Q1"] = asyncio.Event()
    replay = await at.replays.start_comparison("", "c")
    await at.asked(1)

    def back(chat: Conversation) -> Conversation:
        assert chat.comparison is not None
        lane = chat.comparison.lanes[1]
        return replace(chat, comparison=chat.comparison.put(replace(lane, leaf="b2")))

    await at.store.update("c", back)
    held.set()
    assert (await at.end(replay)).state == "done"
    assert (await lanes(at))["new"] == ["Q1", "new once", "Q2", "new once"]


async def test_a_lane_whose_model_is_gone_is_named(at: Bench) -> None:
    chat = compared("own")
    assert chat.comparison is not None
    gone = replace(chat.comparison.lanes[1], model="vanished")
    comparison = replace(chat.comparison, lanes=(chat.comparison.lanes[0], gone))
    await at.store.create(replace(chat, comparison=comparison))
    with pytest.raises(RejectedInput) as refused:
        await at.replays.start_comparison("", "c")
    assert refused.value.card == ErrorCard("model_gone", {"model": "vanished"})


async def test_a_chat_without_lanes_says_so(at: Bench) -> None:
    await at.store.create(three_rounds())
    with pytest.raises(RejectedInput) as refused:
        await at.replays.start_comparison("", "c")
    assert refused.value.card.kind == "replay_no_lanes"


async def test_more_models_than_can_stand_side_by_side_are_refused(at: Bench) -> None:
    await at.store.create(compared("own"))
    with pytest.raises(RejectedInput) as refused:
        await at.replays.start_comparison("", "c", ["third", "fourth", "third"])
    assert refused.value.card == ErrorCard("too_many_models", {"count": "4", "limit": "3"})
