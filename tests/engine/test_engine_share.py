"""How many of the running answers one user may have, and what becomes of questions beyond that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.catalog import Catalog, Limits
from core.errors import RejectedInput
from core.events import TextDelta
from engine.comparisons import Comparisons
from engine.live import LiveTurn
from engine.replays import Replays
from engine.turns import Turns
from engine.waiting import WaitingQuestions
from storage.files import FileStores
from tests.engine.engine_panel import NONE, Panel, ended
from tests.engine.engine_script import END, Voices, a_model


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Panel]:
    """Clouds a to d for all users; two answers for each, five for all together."""
    models = tuple(a_model(name, kind="cloud") for name in "abcd")
    catalog = Catalog(models=models, limits=Limits(running_answers=5, answers_per_user=2))
    voices = Voices()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, voices.stream)
    yield Panel(Comparisons(catalog, stores, turns), turns, stores, voices, catalog)
    await turns.shut_down()
    stores.close()


@pytest.fixture
def waiting(shared: Panel, tmp_path: Path) -> WaitingQuestions:
    data = tmp_path / "data"
    return WaitingQuestions(data, shared.catalog, shared.stores, shared.turns, shared.comparisons)


def test_without_a_number_a_user_has_half_of_the_answers_and_room_for_a_comparison() -> None:
    assert Limits().share == 8
    assert Limits(running_answers=6).share == 4
    assert Limits(running_answers=6, answers_per_user=2).share == 2


async def refusal(turns: Turns, owner: str, model: str = "a") -> tuple[str, str]:
    """The kind of what a new question is refused with, and the limit it names."""
    with pytest.raises(RejectedInput) as refused:
        await turns.send(owner, None, "soru", model, NONE)
    return refused.value.card.kind, refused.value.card.params["limit"]


async def test_one_users_answers_leave_places_for_the_others(shared: Panel) -> None:
    for owner in ("ayse", "can"):
        await shared.turns.send(owner, None, "bir", "a", NONE)
        last = await shared.turns.send(owner, None, "iki", "a", NONE)
        assert await refusal(shared.turns, owner) == ("too_many_own_answers", "2")
    assert await shared.turns.send("deniz", None, "bir", "a", NONE)
    assert await refusal(shared.turns, "deniz") == ("too_many_answers", "5")
    await shared.turns.stop("can", last.id)
    assert await shared.turns.send("can", None, "üç", "a", NONE)


async def test_questions_that_are_sent_at_once_count_before_their_answers_run(
    shared: Panel,
) -> None:
    asked = [shared.turns.send("ayse", None, "soru", "a", NONE) for _ in range(6)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(result, RejectedInput) for result in results) == 4


async def test_who_is_alone_without_a_login_may_use_all(shared: Panel) -> None:
    for _ in range(5):
        await shared.turns.send("", None, "bir", "a", NONE)
    assert await refusal(shared.turns, "") == ("too_many_answers", "5")


async def test_a_comparison_counts_with_all_its_lanes(shared: Panel) -> None:
    async def compare(*models: str) -> None:
        await shared.comparisons.send(
            "ayse", None, "bir", models, "own", "parallel", False, settings=NONE
        )

    with pytest.raises(RejectedInput) as refused:
        await compare("a", "b", "c")
    assert refused.value.card.kind == "too_many_own_answers"
    assert (await shared.stores.of("ayse").list()).total == 0
    await compare("a", "b")
    assert await refusal(shared.turns, "ayse") == ("too_many_own_answers", "2")


async def test_a_replay_that_has_begun_waits_for_a_place_of_its_user(shared: Panel) -> None:
    turns, voices = shared.turns, shared.voices
    replays = Replays(shared.catalog, shared.stores, turns)
    first = await turns.send("ayse", None, "bir", "a", NONE)
    voices.say("a", TextDelta("1"), END)
    await ended(first)
    second = await turns.send("ayse", first.chat_id, "iki", "a", NONE)
    voices.say("a", TextDelta("2"), END)
    await ended(second)
    other = await turns.send("ayse", None, "başka", "c", NONE)
    replay = await replays.start("ayse", first.chat_id, "b")
    # Its first answer ends, and before its next question another one takes the place.
    taken = await _take_the_place(shared)
    seen = replays.changed.version
    voices.say("c", TextDelta("c"), END)
    voices.say("d", TextDelta("d"), END)
    voices.say("b", TextDelta("2"), END)
    await ended(other, taken)
    async with asyncio.timeout(10):
        while (found := replays.get("ayse", replay.id)) and found.state == "running":
            seen = await replays.changed.after(seen)
    assert found is not None
    assert (found.state, found.done) == ("done", 2)
    await replays.shut_down()


async def test_a_queued_question_without_a_place_is_asked_when_there_is_one(
    shared: Panel, waiting: WaitingQuestions
) -> None:
    turns, voices = shared.turns, shared.voices
    asked = await turns.send("ayse", None, "bir", "a", NONE)
    voices.say("a", TextDelta("1"), END)
    await ended(asked)
    held = [await turns.send("ayse", None, "uzun", model, NONE) for model in "bc"]
    await waiting.add("ayse", asked.chat_id, "iki", in_lanes=False)
    [queued] = await waiting.of("ayse", asked.chat_id)
    reason = waiting.refused(queued.id)
    assert reason is not None
    assert reason.kind == "too_many_own_answers"
    # Whatever the answer that gives its place came to.
    await turns.stop("ayse", held[0].id)
    async with asyncio.timeout(10):
        seen = waiting.changed.version
        while await waiting.of("ayse", asked.chat_id):
            seen = await waiting.changed.after(seen)
    path = (await shared.stores.of("ayse").load(asked.chat_id)).path()
    assert [message.content for message in path if message.role == "user"] == ["bir", "iki"]
    assert waiting.refused(queued.id) is None


async def test_a_question_that_was_sent_from_the_queue_is_asked_whatever_came_before(
    shared: Panel, waiting: WaitingQuestions
) -> None:
    turns = shared.turns
    stopped = await turns.send("ayse", None, "bir", "a", NONE)
    await waiting.add("ayse", stopped.chat_id, "iki", in_lanes=False)
    await turns.stop("ayse", stopped.id)
    held = [await turns.send("ayse", None, "uzun", model, NONE) for model in "bc"]
    await waiting.send("ayse", stopped.chat_id)
    assert await waiting.of("ayse", stopped.chat_id)
    await turns.stop("ayse", held[1].id)
    async with asyncio.timeout(10):
        seen = waiting.changed.version
        while await waiting.of("ayse", stopped.chat_id):
            seen = await waiting.changed.after(seen)
    assert turns.of_chat("ayse", stopped.chat_id)


async def _take_the_place(shared: Panel) -> LiveTurn:
    """End an answer of model b, and ask d before anybody hears of the end."""
    asked: list[asyncio.Task[LiveTurn]] = []

    def take(turn: LiveTurn) -> None:
        if not asked:
            sending = shared.turns.send("ayse", None, "yer", "d", NONE)
            asked.append(asyncio.create_task(sending))

    shared.turns.when_ended(take)
    shared.voices.say("b", TextDelta("1"), END)
    while not asked:
        await shared.turns.changed.after(shared.turns.changed.version)
    return await asked[0]
