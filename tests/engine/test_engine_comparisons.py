"""Models asked beside each other: what each is sent, in which order, and what is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.catalog import Titles
from core.conversation import Outcome
from core.errors import ChatNotFound, ErrorKind, ProviderError, RejectedInput
from core.events import TextDelta, Usage
from engine.comparisons import Comparisons
from engine.rounds import exchanges
from engine.turns import Turns
from tests.engine.engine_panel import NONE, Panel, ended
from tests.engine.engine_script import END


async def test_with_its_own_context_each_model_is_sent_only_its_own_past_answers(
    panel: Panel,
) -> None:
    chat = None
    for text in ("bir", "iki", "üç"):
        chat = await panel.round(chat, text, ["a", "b", "c"])
    for model in "abc":
        assert panel.voices.sent(model) == [
            ("user", "bir"),
            ("assistant", f"{model}: bir"),
            ("user", "iki"),
            ("assistant", f"{model}: iki"),
            ("user", "üç"),
        ]


async def test_with_a_shared_context_all_go_on_from_the_primarys_answer(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"], "shared")
    await panel.round(chat, "iki", ["a", "b", "c"], "shared")
    expected = [("user", "bir"), ("assistant", "a: bir"), ("user", "iki")]
    assert [panel.voices.sent(model) for model in "abc"] == [expected] * 3
    questions = [m for m in (await panel.load(chat)).messages if m.role == "user"]
    assert [m.content for m in questions] == ["bir", "iki"]
    assert await panel.shown(chat, "b") == [("bir", "b: bir"), ("iki", "b: iki")]


async def test_the_context_can_be_switched_in_the_middle_and_back(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await panel.round(chat, "iki", ["a", "b"], "shared")
    assert panel.voices.sent("b")[1] == ("assistant", "a: bir")
    await panel.round(chat, "üç", ["a", "b"])
    assert panel.voices.sent("a")[1::2] == [("assistant", "a: bir"), ("assistant", "a: iki")]
    assert panel.voices.sent("b")[1::2] == [("assistant", "a: bir"), ("assistant", "b: iki")]
    assert [text for text, _ in await panel.shown(chat, "b")] == ["bir", "iki", "üç"]


async def test_the_first_question_is_one_message_and_the_chat_follows_the_primary(
    panel: Panel,
) -> None:
    chat = await panel.load(await panel.round(None, "bir", ["a", "b"]))
    assert [(m.role, m.content) for m in chat.messages] == [
        ("user", "bir"),
        ("assistant", "a: bir"),
        ("assistant", "b: bir"),
    ]
    assert [m.content for m in chat.path()] == ["bir", "a: bir"]
    assert chat.model == "a"
    assert chat.comparison is not None
    assert [lane.role for lane in chat.comparison.lanes] == ["primary", "comparison"]


async def test_a_comparison_goes_on_from_the_chat_it_begins_in(panel: Panel) -> None:
    turn = await panel.turns.send("", None, "önce", "c", NONE)
    panel.voices.say("c", TextDelta("c: önce"), END)
    await ended(turn)
    await panel.round(turn.chat_id, "sonra", ["a", "b"])
    for model in "ab":
        assert panel.voices.sent(model) == [
            ("user", "önce"),
            ("assistant", "c: önce"),
            ("user", "sonra"),
        ]


async def test_a_model_that_joins_later_begins_where_all_began(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    await panel.round(chat, "iki", ["a", "b", "c"])
    assert panel.voices.sent("c") == [("user", "iki")]
    assert panel.voices.sent("b")[0] == ("user", "bir")
    await panel.round(chat, "üç", ["a", "b", "c"])
    assert panel.voices.sent("c")[:2] == [("user", "iki"), ("assistant", "c: iki")]


async def test_what_a_lane_shows_of_another_model_is_not_called_its_own(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"], "shared")
    await panel.round(chat, "iki", ["a", "b", "c"], "shared")
    loaded, comparison = await panel.load(chat), await panel.lanes(chat)
    lane = comparison.lane("c")
    assert lane is not None
    found = [(e.answer.content, e.own) for e in exchanges(loaded, comparison, lane) if e.answer]
    assert found == [("a: bir", False), ("c: iki", True)]


async def test_what_the_primary_said_in_the_chat_tab_belongs_to_its_lane(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    turn = await panel.turns.send("", chat, "arada", "a", NONE)
    panel.voices.say("a", TextDelta("a: arada"), END)
    await ended(turn)
    await panel.round(chat, "iki", ["a", "b"])
    assert ("assistant", "a: arada") in panel.voices.sent("a")
    assert ("assistant", "a: arada") not in panel.voices.sent("b")


async def test_what_another_model_said_in_the_chat_tab_stays_out_of_own_lanes(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    turn = await panel.turns.send("", chat, "arada", "c", NONE)
    panel.voices.say("c", TextDelta("c: arada"), END)
    await ended(turn)
    await panel.round(chat, "iki", ["a", "b"])
    assert panel.voices.sent("a") == [("user", "bir"), ("assistant", "a: bir"), ("user", "iki")]


async def test_one_lane_fails_alone_and_is_retried_alone(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    panel.voices.say("a", TextDelta("a: bir"), END)
    panel.voices.say("b", TextDelta("yarım"), ProviderError(ErrorKind.CUT_OFF, provider="p"))
    await ended(*started.turns)
    failed = await panel.newest(started.chat, "b")
    assert failed.answer is not None
    assert failed.answer.outcome is Outcome.FAILED
    turn = await panel.comparisons.retry_lane("", started.chat, "b", NONE)
    panel.voices.say("b", TextDelta("b: bir"), END)
    await ended(turn)
    chat = await panel.load(started.chat)
    assert [m.content for m in chat.siblings(failed.id)] == ["a: bir", "yarım", "b: bir"]
    assert len(panel.voices.requests["a"]) == 1
    assert [m.content for m in chat.path()] == ["bir", "a: bir"]
    await panel.round(started.chat, "iki", ["a", "b"])
    assert panel.voices.sent("b")[1] == ("assistant", "b: bir")


async def test_a_lane_being_written_is_not_retried_and_nothing_is_asked_meanwhile(
    panel: Panel,
) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    panel.voices.say("a", END)
    await ended(started.turns[0])
    with pytest.raises(RejectedInput) as refused:
        await panel.comparisons.retry_lane("", started.chat, "b", NONE)
    assert refused.value.card.kind == "already_answering"
    with pytest.raises(RejectedInput) as refused:
        await panel.ask(started.chat, "iki", ["a", "b"])
    assert refused.value.card.kind == "already_answering"
    assert len((await panel.load(started.chat)).messages) == 3


async def test_the_secondary_takes_over_where_the_primary_has_no_answer(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"], "shared")
    await panel.comparisons.change_lane("", chat, "c", role="secondary")
    started = await panel.ask(chat, "iki", ["a", "b", "c"], "shared")
    panel.voices.say("a", ProviderError(ErrorKind.SERVER, provider="p"))
    panel.voices.say("b", TextDelta("b: iki"), END)
    panel.voices.say("c", TextDelta("c: iki"), END)
    await ended(*started.turns)
    await panel.round(chat, "üç", ["a", "b", "c"], "shared")
    said = [text for role, text in panel.voices.sent("b") if role == "assistant"]
    assert said == ["a: bir", "c: iki"]
    assert [text for _, text in await panel.shown(chat, "a")] == ["a: bir", "", "a: üç"]


async def test_a_secondary_that_was_not_asked_last_does_not_take_over(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b", "c"], "shared")
    await panel.comparisons.change_lane("", chat, "c", role="secondary")
    started = await panel.ask(chat, "iki", ["a", "b"], "shared")
    panel.voices.say("a", ProviderError(ErrorKind.SERVER, provider="p"))
    panel.voices.say("b", TextDelta("b: iki"), END)
    await ended(*started.turns)
    await panel.round(chat, "üç", ["a", "b", "c"], "shared")
    assert panel.voices.sent("b")[-1] == ("user", "iki\n\nüç")


async def test_models_of_one_local_host_take_turns_while_the_others_answer_at_once(
    panel: Panel,
) -> None:
    started = await panel.ask(None, "bir", ["near-1", "a", "near-2", "b"], mode="auto")
    elsewhere = await panel.ask(None, "bir", ["far", "near-1"], mode="auto")
    await panel.voices.asked(4)
    assert panel.voices.running == ["near-1", "a", "b", "far"]
    for waiting in (started.turns[2], elsewhere.turns[1]):
        assert waiting.status is not None
        assert waiting.status.key == "queued"
    panel.voices.say("near-1", END)
    await panel.voices.asked(5)
    assert panel.voices.running == ["a", "b", "far", "near-2"]


async def test_in_sequence_the_lanes_are_asked_from_left_to_right(panel: Panel) -> None:
    await panel.ask(None, "bir", ["b", "near-1", "a"], mode="sequential")
    for number, model in enumerate(("b", "near-1", "a"), start=1):
        await panel.voices.asked(number)
        assert panel.voices.running == [model]
        panel.voices.say(model, END)


async def test_in_parallel_nobody_waits(panel: Panel) -> None:
    await panel.ask(None, "bir", ["near-1", "near-2", "a"], mode="parallel")
    await panel.voices.asked(3)
    assert sorted(panel.voices.running) == ["a", "near-1", "near-2"]


async def test_the_waiting_time_is_not_the_models(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["near-1", "near-2"], mode="auto")
    await panel.voices.asked(1)
    await asyncio.sleep(0.3)
    panel.voices.say("near-1", END)
    panel.voices.say("near-2", TextDelta("x"), END)
    await ended(*started.turns)
    answer = (await panel.newest(started.chat, "near-2")).answer
    assert answer is not None
    assert answer.duration_s is not None
    assert answer.duration_s < 0.3


async def test_a_lane_that_waits_is_stopped_without_being_asked(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b", "c"], mode="sequential")
    await panel.voices.asked(1)
    await panel.turns.stop("", started.turns[1].id)
    panel.voices.say("a", TextDelta("a: bir"), END)
    panel.voices.say("c", TextDelta("c: bir"), END)
    await ended(*started.turns)
    assert "b" not in panel.voices.requests
    stopped = (await panel.newest(started.chat, "b")).answer
    assert stopped is not None
    assert (stopped.outcome, stopped.duration_s) == (Outcome.STOPPED, 0)
    assert (await panel.newest(started.chat, "c")).content == "c: bir"


async def test_stopping_one_lane_leaves_the_others_running(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    await panel.voices.asked(2)
    await panel.turns.stop("", started.turns[0].id)
    assert panel.voices.running == ["b"]
    assert [t.id for t in panel.turns.of_chat("", started.chat)] == [started.turns[1].id]


async def test_lanes_count_as_running_answers_and_are_asked_all_or_none(panel: Panel) -> None:
    await panel.ask(None, "bir", ["a", "b", "c", "d"])
    second = await panel.ask(None, "iki", ["a", "b", "c"])
    with pytest.raises(RejectedInput) as refused:
        await panel.ask(None, "üç", ["a", "b"])
    assert refused.value.card.kind == "too_many_answers"
    await panel.turns.stop("", second.turns[0].id)
    assert (await panel.ask(None, "üç", ["a", "b"])).turns
    assert (await panel.stores.of("").list()).total == 3


@pytest.mark.parametrize(
    ("models", "kind"),
    [
        ([], "too_few_models"),
        (["a"], "too_few_models"),
        (["a", "b", "c", "d", "e"], "too_many_models"),
        (["a", "b", "a"], "same_model_twice"),
        (["a", "gone"], "model_gone"),
    ],
)
async def test_models_that_cannot_be_compared_are_named_and_nothing_is_written(
    panel: Panel, models: list[str], kind: str
) -> None:
    with pytest.raises(RejectedInput) as refused:
        await panel.ask(None, "bir", models)
    assert refused.value.card.kind == kind
    assert (await panel.stores.of("").list()).total == 0


@pytest.mark.parametrize(
    "more", [{"context": "strange"}, {"mode": "strange"}, {"text": " "}, {"text": "x" * 200_001}]
)
async def test_switches_and_texts_outside_the_limits_are_refused(
    panel: Panel, more: dict[str, str]
) -> None:
    with pytest.raises(RejectedInput):
        await panel.ask(None, more.pop("text", "bir"), ["a", "b"], **more)
    assert (await panel.stores.of("").list()).total == 0


async def test_a_lane_whose_model_is_gone_stays_readable_and_is_named_when_asked(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    left = tuple(m for m in panel.catalog.models if m.id != "b")
    catalog = panel.catalog.model_copy(update={"models": left})
    turns = Turns(catalog, panel.stores, panel.voices.stream)
    later = replace(panel, comparisons=Comparisons(catalog, panel.stores, turns), turns=turns)
    for asked in (
        later.ask(chat, "iki", ["a", "b"]),
        later.comparisons.retry_lane("", chat, "b", NONE),
    ):
        with pytest.raises(RejectedInput) as refused:
            await asked
        assert refused.value.card.params["model"] == "b"
    await later.round(chat, "iki", ["a", "c"])
    assert await later.shown(chat, "b") == [("bir", "b: bir")]
    assert [lane.model for lane in (await later.lanes(chat)).shown] == ["a", "c"]


async def test_what_was_estimated_is_what_is_counted_where_the_provider_counts_nothing(
    panel: Panel,
) -> None:
    chat = await panel.round(None, "Bir soru", ["a", "b"])
    usual = (await panel.newest(chat, "a")).answer
    estimate = await panel.comparisons.estimate("", chat, "Bir soru", ["a", "b"], "own", NONE)
    await panel.round(chat, "Bir soru", ["a", "b"])
    for lane in estimate.lanes:
        answer = (await panel.newest(chat, lane.model)).answer
        assert answer is not None
        assert answer.usage_estimated
        assert answer.usage.input_tokens == lane.input_tokens
        assert answer.usage.output_tokens == lane.output_tokens
        assert answer.estimated_cost_usd == lane.cost_usd == answer.cost_usd
    assert usual is not None
    assert estimate.total_usd == pytest.approx(sum(lane.cost_usd or 0 for lane in estimate.lanes))


async def test_an_estimate_follows_the_switch_and_the_models_usual_answer(panel: Panel) -> None:
    started = await panel.ask(None, "bir", ["a", "b"])
    panel.voices.say("a", TextDelta("uzun " * 400), Usage(10, 1000), END)
    panel.voices.say("b", TextDelta("kısa"), Usage(10, 20), END)
    await ended(*started.turns)
    guess = panel.comparisons.estimate
    own = await guess("", started.chat, "iki", ["a", "b", "c"], "own", NONE)
    shared = await guess("", started.chat, "iki", ["a", "b", "c"], "shared", NONE)
    assert own.lanes[0].input_tokens > 5 * own.lanes[1].input_tokens
    assert own.lanes[2].input_tokens < own.lanes[1].input_tokens
    assert shared.lanes[1].input_tokens > 5 * own.lanes[1].input_tokens
    assert [lane.output_tokens for lane in own.lanes] == [1000, 20, 500]
    short = await guess("", started.chat, "iki", ["a"], "own", replace(NONE, max_output_tokens=64))
    assert short.lanes[0].output_tokens == 64
    assert len(await shown_messages(panel, started.chat)) == 3


async def shown_messages(panel: Panel, chat: str) -> list[str]:
    return [m.content for m in (await panel.load(chat)).messages]


async def test_a_total_is_unknown_where_one_price_is(panel: Panel) -> None:
    free = panel.catalog.models[1].model_copy(update={"price": None})
    catalog = panel.catalog.model_copy(update={"models": (panel.catalog.models[0], free)})
    comparisons = Comparisons(catalog, panel.stores, panel.turns)
    estimate = await comparisons.estimate("", None, "bir", ["a", "b"], "own", NONE)
    assert estimate.total_usd is None
    assert estimate.known_usd == estimate.lanes[0].cost_usd
    assert estimate.lanes[1].cost_usd is None


async def test_two_first_questions_at_once_start_one_round(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    asked = [panel.ask(chat, "iki", ["a", "b"]) for _ in range(2)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(r, RejectedInput) for r in results) == 1
    assert len((await panel.load(chat)).messages) == 3 + 4


async def test_nobody_asks_in_the_chat_of_another(panel: Panel) -> None:
    chat = await panel.round(None, "bir", ["a", "b"])
    with pytest.raises(ChatNotFound):
        await panel.comparisons.retry_lane("ali", chat, "a", NONE)
    assert panel.turns.of_chat("ali", chat) == ()


async def test_a_round_asks_for_one_better_title(panel: Panel) -> None:
    catalog = panel.catalog.model_copy(update={"titles": Titles(improve=True, model="e")})
    turns = Turns(catalog, panel.stores, panel.voices.stream)
    made = replace(panel, comparisons=Comparisons(catalog, panel.stores, turns), turns=turns)
    chat = await made.round(None, "uzunca bir soru", ["a", "b", "c"])
    for _ in range(3):
        panel.voices.say("e", TextDelta("Başlık"), END)
    await turns.titles.idle()
    assert (await panel.load(chat)).title == "Başlık"
    assert len(panel.voices.requests["e"]) == 1
    await turns.shut_down()
