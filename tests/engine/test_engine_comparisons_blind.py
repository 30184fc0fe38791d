"""Blind comparisons: two are drawn, nobody sees who, and there is one vote."""

from __future__ import annotations

import asyncio

import pytest

from core.comparison import Comparison
from core.conversation import Conversation
from core.errors import ErrorKind, ProviderError, RejectedInput, StorageError
from core.events import TextDelta
from engine import comparisons, lanes
from engine.turns import new_chat
from tests.engine.engine_panel import NONE, Panel, ended
from tests.engine.engine_script import END

POOL = ["a", "b", "c", "d", "e"]


async def blind_round(panel: Panel, chat: str | None = None, text: str = "bir") -> str:
    return await panel.round(chat, text, POOL, blind=True)


async def sides(panel: Panel, chat: str) -> list[str]:
    return [lane.model for lane in (await panel.lanes(chat)).shown]


async def test_two_of_the_pool_are_drawn_and_the_same_two_go_on_until_the_vote(
    panel: Panel,
) -> None:
    chat = await blind_round(panel)
    drawn = await sides(panel, chat)
    assert len(drawn) == 2
    await blind_round(panel, chat, "iki")
    await panel.round(chat, "üç", ["a", "b"])
    assert await sides(panel, chat) == drawn
    assert sorted(panel.voices.requests) == sorted(drawn)
    assert {lane.model for lane in (await panel.lanes(chat)).lanes} == set(POOL)


def test_every_pair_and_either_side_can_be_drawn() -> None:
    drawn = (lanes.draw(Comparison(), ["a", "b", "c"], comparisons._sample) for _ in range(200))
    seen = {tuple(lane.model for lane in found.shown) for found in drawn}
    assert len(seen) == 6


async def test_the_draw_decides_the_sides(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "_sample", lambda models, count: ["d", "b"])
    assert await sides(panel, await blind_round(panel)) == ["d", "b"]


async def test_the_chat_tells_no_name_before_the_vote_and_its_model_after(panel: Panel) -> None:
    chat = await blind_round(panel)
    assert (await panel.load(chat)).model == ""
    drawn = await sides(panel, chat)
    voted = await panel.vote(chat, "tie")
    assert voted.comparison is not None
    assert (voted.comparison.vote, voted.comparison.is_hidden) == ("tie", False)
    assert voted.model == drawn[0]


async def test_a_vote_is_given_once_and_only_where_names_are_hidden(panel: Panel) -> None:
    chat = await blind_round(panel)
    await panel.vote(chat, "left")
    with pytest.raises(RejectedInput) as refused:
        await panel.vote(chat, "right")
    assert refused.value.card.kind == "vote_closed"
    assert (await panel.lanes(chat)).vote == "left"
    seen = await panel.round(None, "bir", ["a", "b"])
    with pytest.raises(RejectedInput):
        await panel.vote(seen, "left")
    with pytest.raises(RejectedInput) as refused:
        await panel.vote(seen, "best")
    assert refused.value.card.kind == "setting_out_of_range"


async def test_a_vote_waits_for_both_answers(panel: Panel) -> None:
    started = await panel.ask(None, "bir", POOL, blind=True)
    left, right = (turn.answer.model for turn in started.turns)
    panel.voices.say(left, TextDelta("x"), END)
    await ended(started.turns[0])
    with pytest.raises(RejectedInput) as refused:
        await panel.vote(started.chat, "left")
    assert refused.value.card.kind == "already_answering"
    panel.voices.say(right, ProviderError(ErrorKind.SERVER, provider="p"))
    await ended(*started.turns)
    with pytest.raises(RejectedInput) as refused:
        await panel.vote(started.chat, "left")
    assert refused.value.card.kind == "vote_too_early"
    turn = await panel.comparisons.retry_lane("", started.chat, right, NONE)
    panel.voices.say(right, TextDelta("y"), END)
    await ended(turn)
    await panel.vote(started.chat, "right")


async def test_a_question_one_side_was_asked_alone_does_not_close_the_vote(panel: Panel) -> None:
    chat = await blind_round(panel)
    left, _ = await sides(panel, chat)
    turn = await panel.turns.send("", chat, "arada", left, NONE)
    panel.voices.say(left, TextDelta("x"), END)
    await ended(turn)
    assert (await panel.vote(chat, "left")).comparison is not None
    assert panel.kept[0].comparison == (await panel.lanes(chat))


async def test_a_vote_that_cannot_be_kept_can_be_given_again_and_tells_no_name(
    panel: Panel,
) -> None:
    chat = await blind_round(panel)

    async def refuse(_: Conversation) -> None:
        raise StorageError("votes_unwritable", detail="full", path="votes.jsonl")

    with pytest.raises(StorageError):
        await panel.comparisons.vote("", chat, "left", refuse)
    assert (await panel.lanes(chat)).is_hidden
    assert (await panel.load(chat)).model == ""
    await panel.vote(chat, "right")
    assert (await panel.lanes(chat)).vote == "right"


async def test_two_votes_at_once_are_one(panel: Panel) -> None:
    chat = await blind_round(panel)
    voted = await asyncio.gather(
        *(panel.vote(chat, vote) for vote in ("left", "right")), return_exceptions=True
    )
    assert sum(isinstance(one, RejectedInput) for one in voted) == 1
    assert [one.comparison and one.comparison.vote for one in panel.kept] == [
        (await panel.lanes(chat)).vote
    ]


async def test_the_sides_stay_what_they_were_when_lanes_move_after_the_vote(panel: Panel) -> None:
    chat = await blind_round(panel)
    drawn = await sides(panel, chat)
    await panel.vote(chat, "left")
    await panel.comparisons.change_lane("", chat, drawn[0], move=1)
    await panel.comparisons.change_lane("", chat, drawn[1], shown=False)
    assert (await panel.lanes(chat)).sides == tuple(drawn)


async def test_what_would_tell_the_names_or_mix_the_sides_waits_for_the_vote(panel: Panel) -> None:
    chat = await blind_round(panel)
    left, right = await sides(panel, chat)
    made = panel.comparisons
    for asked in (
        made.change_lane("", chat, left, move=1),
        made.change_lane("", chat, right, role="primary"),
        made.change_lane("", chat, right, shown=False),
        made.continue_with("", chat, left),
        made.fuse("", chat, "c", NONE),
    ):
        with pytest.raises(RejectedInput) as refused:
            await asked
        assert refused.value.card.kind == "vote_first"
    await made.change_lane("", chat, right, wide=True)
    await made.keep("", chat, ["a"], "shared", "parallel")
    assert await sides(panel, chat) == [left, right]


async def test_two_draws_at_once_start_one_round(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = iter((["a", "b"], ["c", "d"], ["e", "a"]))
    monkeypatch.setattr(comparisons, "_sample", lambda models, count: next(draws))
    chat = new_chat("bir")
    await panel.stores.of("").create(chat)
    asked = (panel.ask(chat.id, "bir", POOL, blind=True) for _ in range(2))
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(result, RejectedInput) for result in results) == 1
    assert len(panel.turns.of_chat("", chat.id)) == 2
    assert tuple(await sides(panel, chat.id)) in {("a", "b"), ("c", "d")}


async def test_names_that_were_seen_cannot_be_hidden(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    with pytest.raises(RejectedInput) as refused:
        await panel.ask(chat, "iki", POOL, blind=True)
    assert refused.value.card.kind == "blind_needs_new_chat"


async def test_a_chat_one_model_has_answered_is_not_compared_blindly(panel: Panel) -> None:
    turn = await panel.turns.send("", None, "önce", "a", NONE)
    panel.voices.say("a", TextDelta("x"), END)
    await ended(turn)
    with pytest.raises(RejectedInput) as refused:
        await panel.ask(turn.chat_id, "bir", POOL, blind=True)
    assert refused.value.card.kind == "blind_needs_new_chat"
    assert (await panel.load(turn.chat_id)).comparison is None


async def test_after_the_vote_the_chat_compares_openly(panel: Panel) -> None:
    chat = await blind_round(panel)
    await panel.vote(chat, "left")
    await panel.round(chat, "iki", ["a", "b", "c"])
    assert await sides(panel, chat) == ["a", "b", "c"]
    assert (await panel.lanes(chat)).vote == "left"
