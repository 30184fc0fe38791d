"""Lanes beside each other: roles, order, what is hidden, going on with one, fusing all."""

from __future__ import annotations

import asyncio

import pytest

from core.conversation import ChatSettings
from core.errors import ErrorKind, ProviderError, RejectedInput
from core.events import TextDelta
from engine.live import LiveTurn
from tests.engine.engine_panel import NONE, Panel, ended
from tests.engine.engine_script import END


async def roles(panel: Panel, chat: str) -> dict[str, str]:
    return {lane.model: lane.role for lane in (await panel.lanes(chat)).lanes}


async def order(panel: Panel, chat: str) -> list[str]:
    return [lane.model for lane in (await panel.lanes(chat)).shown]


async def said(turn: LiveTurn, text: str) -> None:
    """Wait until the running answer holds this."""
    async with asyncio.timeout(10):
        while text not in turn.message.content:
            await turn.signal.after(turn.seq)


async def test_roles_change_hands_and_there_is_always_one_primary(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    change = panel.comparisons.change_lane
    await change("", chat, "b", role="secondary")
    await change("", chat, "c", role="secondary")
    assert await roles(panel, chat) == {"a": "primary", "b": "comparison", "c": "secondary"}
    await change("", chat, "c", role="primary")
    assert await roles(panel, chat) == {"a": "secondary", "b": "comparison", "c": "primary"}
    await change("", chat, "c", role="comparison")
    assert await roles(panel, chat) == {"a": "primary", "b": "comparison", "c": "comparison"}
    await change("", chat, "a", role="comparison")
    assert await roles(panel, chat) == {"a": "comparison", "b": "primary", "c": "comparison"}
    with pytest.raises(RejectedInput):
        await change("", chat, "a", role="boss")  # type: ignore[arg-type]


async def test_the_chosen_path_follows_a_new_primary(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await panel.comparisons.change_lane("", chat, "b", role="primary")
    loaded = await panel.load(chat)
    assert [m.content for m in loaded.path()] == ["bir", "b: bir"]
    assert loaded.model == "b"
    await panel.round(chat, "iki", ["a", "b"], "shared")
    assert panel.voices.sent("a")[1] == ("assistant", "b: bir")


async def test_who_reads_elsewhere_in_the_chat_is_left_there(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    turn = await panel.turns.send("", chat, "arada", "c", NONE)
    panel.voices.say("c", TextDelta("c: arada"), END)
    await ended(turn)
    await panel.comparisons.change_lane("", chat, "b", role="primary")
    assert (await panel.load(chat)).path()[-1].content == "c: arada"


async def test_a_hidden_lane_is_not_asked_and_keeps_place_and_past(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    await panel.comparisons.change_lane("", chat, "b", shown=False)
    await panel.round(chat, "iki", ["a", "c"])
    assert len(panel.voices.requests["b"]) == 1
    await panel.comparisons.change_lane("", chat, "b", shown=True)
    assert await order(panel, chat) == ["a", "b", "c"]
    await panel.round(chat, "üç", ["a", "b", "c"])
    assert panel.voices.sent("b") == [("user", "bir"), ("assistant", "b: bir"), ("user", "üç")]


async def test_hiding_the_primary_hands_the_chat_to_the_secondary(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    await panel.comparisons.change_lane("", chat, "c", role="secondary")
    await panel.comparisons.change_lane("", chat, "a", shown=False)
    assert await roles(panel, chat) == {"a": "comparison", "b": "comparison", "c": "primary"}
    assert (await panel.load(chat)).path()[-1].content == "c: bir"


async def test_the_last_lane_in_sight_stays_and_no_more_than_allowed_come_back(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await panel.comparisons.change_lane("", chat, "a", shown=False)
    with pytest.raises(RejectedInput) as refused:
        await panel.comparisons.change_lane("", chat, "b", shown=False)
    assert refused.value.card.kind == "last_lane"
    await panel.round(chat, "iki", ["b", "c", "d", "e"])
    with pytest.raises(RejectedInput) as refused:
        await panel.comparisons.change_lane("", chat, "a", shown=True)
    assert refused.value.card.kind == "too_many_models"


async def test_lanes_move_past_each_other_and_past_hidden_ones(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c", "d"])
    change = panel.comparisons.change_lane
    await change("", chat, "d", move=-2)
    assert await order(panel, chat) == ["a", "d", "b", "c"]
    await change("", chat, "d", move=9)
    assert await order(panel, chat) == ["a", "b", "c", "d"]
    await change("", chat, "b", shown=False)
    await change("", chat, "a", move=1)
    assert await order(panel, chat) == ["c", "a", "d"]
    await change("", chat, "b", shown=True, wide=True)
    lanes = (await panel.lanes(chat)).lanes
    assert [(lane.model, lane.wide) for lane in lanes] == [
        ("c", False),
        ("b", True),
        ("a", False),
        ("d", False),
    ]


async def test_the_order_asked_for_is_the_order_shown(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    started = await panel.ask(chat, "iki", ["c", "d", "a"])
    assert [turn.answer.model for turn in started.turns] == ["c", "d", "a"]
    assert await order(panel, chat) == ["c", "d", "a"]
    assert [lane.model for lane in (await panel.lanes(chat)).lanes] == ["c", "b", "d", "a"]


async def test_switches_are_kept_without_a_question(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    before = await panel.load(chat)
    await panel.comparisons.keep("", chat, ["b", "c"], "shared", "sequential")
    after = await panel.load(chat)
    assert after.messages == before.messages
    assert after.comparison is not None
    assert (after.comparison.context, after.comparison.mode) == ("shared", "sequential")
    assert await order(panel, chat) == ["b", "c"]
    await panel.comparisons.keep("", chat, ["b", "c"], "shared", "sequential")
    assert (await panel.load(chat)).rev == after.rev


async def test_a_chat_that_compares_nothing_stays_an_ordinary_one(panel: Panel) -> None:
    turn = await panel.turns.send("", None, "bir", "a", NONE)
    panel.voices.say("a", END)
    await ended(turn)
    await panel.comparisons.keep("", turn.chat_id, [], "own", "auto")
    assert (await panel.load(turn.chat_id)).comparison is None
    with pytest.raises(RejectedInput) as refused:
        await panel.comparisons.change_lane("", turn.chat_id, "a", wide=True)
    assert refused.value.card.kind == "no_lane"


async def test_going_on_with_a_lane_makes_it_the_chat(panel: Panel) -> None:
    chat = await panel.round(await panel.round(None, "bir", ["a", "b"]), "iki", ["a", "b"])
    await panel.comparisons.continue_with("", chat, "b")
    loaded = await panel.load(chat)
    assert [m.content for m in loaded.path()] == ["bir", "b: bir", "iki", "b: iki"]
    assert loaded.model == "b"
    turn = await panel.turns.send("", chat, "üç", "b", NONE)
    panel.voices.say("b", END)
    await ended(turn)
    assert [t for r, t in panel.voices.sent("b") if r == "assistant"] == ["b: bir", "b: iki"]


async def test_retrying_the_primary_moves_the_chosen_path_along(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    warm = ChatSettings(temperature=1.5)
    turn = await panel.comparisons.retry_lane("", chat, "a", warm)
    panel.voices.say("a", TextDelta("yeni"), END)
    await ended(turn)
    loaded = await panel.load(chat)
    assert loaded.path()[-1].content == "yeni"
    assert panel.voices.requests["a"][-1].options.temperature == 1.5
    assert loaded.settings == NONE
    retried = loaded.path()[-1].answer
    assert retried is not None
    assert retried.settings == warm


async def test_the_fused_answer_names_its_sources_and_its_model_sees_no_names(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    for model, text in (("a", "ilk taslak"), ("b", "ikinci taslak"), ("c", "üçüncü taslak")):
        turn = await panel.comparisons.retry_lane("", chat, model, NONE)
        panel.voices.say(model, TextDelta(text), END)
        await ended(turn)
    before = await panel.load(chat)
    turn = await panel.comparisons.fuse("", chat, "d", NONE)
    panel.voices.say("d", TextDelta("hepsi"), END)
    await ended(turn)
    loaded = await panel.load(chat)
    fused = loaded.message(turn.id)
    assert fused is not None
    assert fused.answer is not None
    sources = [loaded.message(source) for source in fused.answer.sources]
    assert [m.content for m in sources if m] == ["ilk taslak", "ikinci taslak", "üçüncü taslak"]
    assert fused.parent == before.path()[-1].parent
    assert loaded.leaf == before.leaf
    sent = panel.voices.requests["d"][-1].messages[-1].text
    assert "Write the one best answer" in sent
    assert all(text in sent for text in ("bir", "ilk taslak", "ikinci taslak", "üçüncü taslak"))
    for name in ("a:", "b:", "c:", *(m.label for m in panel.catalog.models if len(m.label) > 1)):
        assert name not in sent


async def test_a_fused_answer_is_not_taken_for_its_models_lane(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    turn = await panel.comparisons.fuse("", chat, "b", NONE)
    panel.voices.say("b", TextDelta("hepsi"), END)
    await ended(turn)
    assert await panel.shown(chat, "b") == [("bir", "b: bir")]
    await panel.round(chat, "iki", ["a", "b"], "shared")
    assert await panel.shown(chat, "b") == [("bir", "b: bir"), ("iki", "b: iki")]


async def test_with_its_own_context_a_model_goes_on_from_its_answer_and_not_from_a_fused_one(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    turn = await panel.comparisons.fuse("", chat, "a", NONE)
    panel.voices.say("a", TextDelta("hepsi"), END)
    await ended(turn)
    await panel.stores.of("").update(chat, lambda c: c.turn_to(turn.id))
    await panel.round(chat, "iki", ["a", "b"])
    assert panel.voices.sent("a")[1] == ("assistant", "a: bir")


async def test_a_fused_answer_that_was_chosen_is_where_all_go_on_from(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"], "shared")
    turn = await panel.comparisons.fuse("", chat, "c", NONE)
    panel.voices.say("c", TextDelta("hepsi"), END)
    await ended(turn)
    await panel.stores.of("").update(chat, lambda c: c.turn_to(turn.id))
    await panel.round(chat, "iki", ["a", "b"], "shared")
    assert panel.voices.sent("b")[1] == ("assistant", "hepsi")


async def test_looking_at_another_lanes_answer_in_the_chat_does_not_make_it_the_primarys(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"], "shared")
    looked_at = (await panel.newest(chat, "b")).id
    await panel.stores.of("").update(chat, lambda c: c.turn_to(looked_at))
    await panel.round(chat, "iki", ["a", "b"], "shared")
    assert panel.voices.sent("b")[1] == ("assistant", "a: bir")


async def test_one_answer_is_nothing_to_fuse(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    panel.voices.say("a", TextDelta("a: bir"), END)
    await ended(started.turns[0])
    with pytest.raises(RejectedInput) as refused:
        await panel.comparisons.fuse("", started.chat, "c", NONE)
    assert refused.value.card.kind == "already_answering"
    panel.voices.say("b", ProviderError(ErrorKind.SERVER, provider="p"))
    await ended(*started.turns)
    with pytest.raises(RejectedInput) as refused:
        await panel.comparisons.fuse("", started.chat, "c", NONE)
    assert refused.value.card.kind == "nothing_to_fuse"


async def test_answers_of_an_older_round_are_not_fused(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    await panel.comparisons.change_lane("", chat, "c", shown=False)
    await panel.round(chat, "iki", ["a", "b"])
    await panel.comparisons.change_lane("", chat, "c", shown=True)
    turn = await panel.comparisons.fuse("", chat, "d", NONE)
    assert len(turn.answer.sources) == 2


async def test_a_question_the_primary_was_asked_alone_is_not_what_is_fused(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"])
    await panel.round(chat, "aynı", ["a", "b"])
    turn = await panel.turns.send("", chat, "aynı", "a", NONE)
    panel.voices.say("a", TextDelta("yalnız"), END)
    await ended(turn)
    fused = await panel.comparisons.fuse("", chat, "d", NONE)
    loaded = await panel.load(chat)
    sources = [loaded.message(one) for one in fused.answer.sources]
    assert [one.content for one in sources if one] == ["a: aynı", "b: aynı"]


async def test_a_stopped_lane_goes_on_beside_what_there_was_and_stands_there(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    panel.voices.say("a", TextDelta("a: bir"), END)
    panel.voices.say("b", TextDelta("Bir varmış"))
    await ended(started.turns[0])
    await said(started.turns[1], "Bir varmış")
    await panel.turns.stop("", started.turns[1].id)
    turn = await panel.comparisons.continue_lane("", started.chat, "b", NONE)
    panel.voices.say("b", TextDelta(" bir yokmuş"), END)
    await ended(turn)
    loaded = await panel.load(started.chat)
    made = await panel.newest(started.chat, "b")
    assert (made.id, made.content) == (turn.id, "Bir varmış bir yokmuş")
    assert made.answer is not None
    assert made.answer.continues == started.turns[1].id
    assert made.answer.estimated_cost_usd is not None
    assert [role for role, _ in panel.voices.sent("b")] == ["user", "assistant", "user"]
    assert loaded.leaf == started.turns[0].id
    lane = (await panel.lanes(started.chat)).lane("b")
    assert lane is not None
    assert lane.leaf == turn.id


async def test_a_lane_stopped_before_its_first_word_is_asked_again(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    panel.voices.say("a", TextDelta("a: bir"), END)
    await panel.turns.stop("", started.turns[1].id)
    await ended(*started.turns)
    turn = await panel.comparisons.continue_lane("", started.chat, "b", NONE)
    panel.voices.say("b", TextDelta("b: bir"), END)
    await ended(turn)
    made = await panel.newest(started.chat, "b")
    assert made.content == "b: bir"
    assert made.answer is not None
    assert made.answer.continues is None
