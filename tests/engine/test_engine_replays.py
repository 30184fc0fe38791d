"""A saved chat asked again: what comes into its file, and what a replay survives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison import Comparison, Lane
from core.conversation import ChatSettings, Conversation, Outcome
from core.errors import (
    ChatNotFound,
    DivanError,
    ErrorCard,
    ErrorKind,
    ProviderError,
    RejectedInput,
)
from core.tree import only_of, rename_branch
from engine.turns import Turns
from tests.engine.engine_replays import WHEN, Bench, asked, bench, three_rounds


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        await made.store.create(three_rounds())
        yield made


async def test_every_question_is_asked_again_on_a_branch_named_after_the_model(at: Bench) -> None:
    replay = await at.end(await at.replays.start("", "c", "new"))
    assert (replay.state, replay.done, replay.total) == ("done", 3, 3)
    chat = await at.store.load("c")
    (branch,) = chat.branches
    assert (branch.name, chat.branch, chat.leaf) == ("new", "new", replay.tracks[0].newest)
    assert branch.leaf == chat.leaf
    assert await at.path("c") == ["Q1", "new Q1", "Q2", "new Q2", "Q3", "new Q3"]
    assert at.provider.seen_by("new")[-1] == ["Q1", "new Q1", "Q2", "new Q2", "Q3"]


async def test_the_old_path_stays_as_it_was_and_shares_the_first_question(at: Bench) -> None:
    await at.end(await at.replays.start("", "c", "new"))
    chat = await at.store.load("c")
    assert chat.path("a3") == three_rounds().path()
    assert len(chat.messages) == 6 + 5
    assert [m.answer.model for m in chat.children("q1") if m.answer] == ["old", "new"]
    assert (chat.model, chat.settings) == ("old", ChatSettings())


async def test_other_settings_are_kept_with_the_answers_and_not_in_the_chat(at: Bench) -> None:
    asked = ChatSettings(system="Be brief.", temperature=0.1)
    replay = await at.end(await at.replays.start("", "c", "old", asked))
    chat = await at.store.load("c")
    new = [chat.message(answer) for answer in replay.tracks[0].answers]
    assert [m.answer.settings for m in new if m and m.answer] == [asked] * 3
    assert chat.settings == ChatSettings()
    assert {r.system for r in at.provider.requests} == {"Be brief."}


async def test_another_path_than_the_chosen_one_can_be_asked_again(at: Bench) -> None:
    replay = await at.end(await at.replays.start("", "c", "new", leaf="a2"))
    assert replay.total == 2
    assert await at.path("c") == ["Q1", "new Q1", "Q2", "new Q2"]
    assert replay.tracks[0].old_leaf == "a2"


async def test_two_at_once_are_both_kept_whole(at: Bench) -> None:
    held = at.provider.held["Q1"] = asyncio.Event()
    first = await at.replays.start("", "c", "new")
    second = await at.replays.start("", "c", "new")
    held.set()
    one, two = await at.end(first), await at.end(second)
    whole = ["Q1", "new Q1", "Q2", "new Q2", "Q3", "new Q3"]
    assert await at.path("c", one.tracks[0].newest) == whole
    assert await at.path("c", two.tracks[0].newest) == whole
    assert not set(one.answers) & set(two.answers)
    chat = await at.store.load("c")
    leafs = {branch.name: branch.leaf for branch in chat.branches}
    assert leafs == {"new": one.tracks[0].newest, "new 2": two.tracks[0].newest}
    assert chat.leaf == two.tracks[0].newest


async def test_who_goes_elsewhere_meanwhile_is_left_there(at: Bench) -> None:
    held = at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    await at.store.update("c", lambda c: replace(c.turn_to("a3"), title="Başka ad"))
    held.set()
    replay = await at.end(replay)
    chat = await at.store.load("c")
    assert (chat.leaf, chat.branch, chat.title) == ("a3", "", "Başka ad")
    assert chat.branches[0].leaf == replay.tracks[0].newest
    assert replay.state == "done"


async def test_a_branch_renamed_meanwhile_keeps_growing_under_its_new_name(at: Bench) -> None:
    held = at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    await at.store.update("c", lambda c: rename_branch(c, "new", "Deneme"))
    held.set()
    replay = await at.end(replay)
    (branch,) = (await at.store.load("c")).branches
    assert (branch.name, branch.leaf) == ("Deneme", replay.tracks[0].newest)
    assert replay.tracks[0].branch == "Deneme"


async def test_a_branch_the_person_took_further_is_theirs(at: Bench) -> None:
    held = at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)

    def go_on(chat: Conversation) -> Conversation:
        return chat.append(asked("mine", chat.leaf, "benim sorum"))

    await at.store.update("c", go_on)
    held.set()
    replay = await at.end(replay)
    chat = await at.store.load("c")
    assert {b.name: b.leaf for b in chat.branches} == {
        "new": "mine",
        "new 2": replay.tracks[0].newest,
    }
    assert chat.leaf == "mine"


async def test_a_turn_that_fails_ends_it_and_says_so(at: Bench) -> None:
    at.provider.errors["new", "Q2"] = ProviderError(ErrorKind.BLOCKED, provider="P")
    replay = await at.end(await at.replays.start("", "c", "new"))
    assert (replay.state, replay.done, replay.total) == ("failed", 1, 3)
    assert replay.error == ErrorCard("blocked", {"provider": "P"})
    chat = await at.store.load("c")
    assert chat.leaf == replay.tracks[0].newest
    assert [r.messages[-1].text for r in at.provider.requests] == ["Q1", "Q2"]


async def test_stop_in_the_page_ends_it_as_stopped(at: Bench) -> None:
    at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    await at.turns.stop_chat("", "c")
    replay = await at.end(replay)
    assert (replay.state, replay.done) == ("stopped", 1)
    assert await at.path("c") == ["Q1", "new Q1", "Q2", "new "]


async def test_stopping_the_replay_saves_what_came_and_asks_nothing_more(at: Bench) -> None:
    at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    stopped = await at.replays.stop("", replay.id)
    assert stopped is not None
    assert (stopped.state, stopped.done) == ("stopped", 1)
    at.provider.held.clear()
    assert await at.replays.stop("", replay.id) == stopped
    assert len(at.provider.requests) == 2


async def test_the_branch_of_a_stopped_one_can_be_gone_on_with(at: Bench) -> None:
    at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    await at.replays.stop("", replay.id)
    at.provider.held.clear()
    turn = await at.turns.send("", "c", "ve?", "new", ChatSettings())
    while not turn.ended:
        await turn.signal.after(turn.seq)
    chat = await at.store.load("c")
    assert (chat.branch, chat.branches[0].leaf) == ("new", turn.id)


async def test_a_server_going_down_leaves_what_is_there(at: Bench) -> None:
    at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    await at.replays.shut_down()
    await at.turns.shut_down()
    ended = await at.end(replay)
    chat = await at.store.load("c")
    newest = chat.message(chat.leaf or "")
    assert newest is not None
    assert newest.answer is not None
    assert (ended.state, newest.answer.outcome) == ("stopped", Outcome.INTERRUPTED)
    assert len(at.provider.requests) == 2


async def test_a_deleted_chat_ends_it(at: Bench) -> None:
    held = at.provider.held["Q2"] = asyncio.Event()
    replay = await at.replays.start("", "c", "new")
    await at.asked(2)
    await at.store.delete("c")
    held.set()
    replay = await at.end(replay)
    assert (replay.state, replay.error) == ("failed", ErrorCard("chat_gone"))


async def test_a_deleted_branch_ends_it(at: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The branch goes in the moment between two answers."""
    begin, calls = Turns.begin, []

    async def later(self: Turns, owner: str, chat: str, *rest: object) -> object:
        calls.append(chat)
        if len(calls) == 2:
            pruned = only_of(await at.store.load(chat), "new")
            await at.store.prune(chat, lambda _: pruned)
        return await begin(self, owner, chat, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Turns, "begin", later)
    replay = await at.end(await at.replays.start("", "c", "new"))
    assert (replay.state, replay.done, replay.error) == ("stopped", 1, None)
    assert [m.id for m in (await at.store.load("c")).messages] == [
        m.id for m in three_rounds().messages
    ]


@pytest.fixture
async def crowded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """One answer at a time; another chat takes the place between the first two of a replay."""
    async with bench(tmp_path, running_answers=1) as at:
        await at.store.create(three_rounds())
        begin, calls = Turns.begin, []

        async def later(self: Turns, owner: str, chat: object, *rest: object) -> object:
            calls.append(chat)
            if calls == ["c", "c"]:
                at.provider.held["x"] = asyncio.Event()
                await self.send("", None, "x", "third", ChatSettings())
            return await begin(self, owner, chat, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(Turns, "begin", later)
        yield at


async def test_one_that_finds_no_free_place_to_begin_is_refused(crowded: Bench) -> None:
    crowded.provider.held["Q1"] = asyncio.Event()
    await crowded.replays.start("", "c", "new")
    await crowded.store.create(replace(three_rounds(), id="other"))
    with pytest.raises(RejectedInput) as refused:
        async with asyncio.timeout(20):
            await crowded.replays.start("", "other", "new")
    assert refused.value.card.kind == "too_many_answers"
    assert (await crowded.store.load("other")).rev == 1


async def test_it_waits_for_a_free_place_once_it_has_begun(crowded: Bench) -> None:
    replay = await crowded.replays.start("", "c", "new")
    await crowded.asked(2)
    crowded.provider.held["x"].set()
    assert (await crowded.end(replay)).state == "done"
    order = [request.messages[-1].text for request in crowded.provider.requests]
    assert order == ["Q1", "x", "Q2", "Q3"]


async def test_one_that_waits_for_a_free_place_can_be_stopped(crowded: Bench) -> None:
    replay = await crowded.replays.start("", "c", "new")
    await crowded.asked(2)
    stopped = await crowded.replays.stop("", replay.id)
    assert stopped is not None
    assert (stopped.state, stopped.done) == ("stopped", 1)
    assert await crowded.path("c") == ["Q1", "new Q1"]


@pytest.mark.parametrize(
    ("model", "leaf", "settings", "kind"),
    [
        ("gone", None, None, "model_gone"),
        ("new", None, ChatSettings(temperature=9), "setting_out_of_range"),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_changes_nothing(
    at: Bench, model: str, leaf: str | None, settings: ChatSettings | None, kind: str
) -> None:
    with pytest.raises(RejectedInput) as refused:
        await at.replays.start("", "c", model, settings, leaf)
    assert refused.value.card.kind == kind
    assert (await at.store.load("c")).rev == 1


async def test_a_chat_without_questions_or_that_is_not_there_is_refused(at: Bench) -> None:
    await at.store.create(Conversation("empty", "t", WHEN, WHEN))
    with pytest.raises(RejectedInput) as refused:
        await at.replays.start("", "empty", "new")
    assert refused.value.card.kind == "replay_empty"
    for chat, leaf in (("nowhere", None), ("c", "nothing")):
        with pytest.raises(ChatNotFound):
            await at.replays.start("", chat, "new", leaf=leaf)


async def test_a_blind_comparison_is_not_given_away(at: Bench) -> None:
    lanes = (Lane("old", leaf="a3"), Lane("new"))
    await at.store.update("c", lambda c: replace(c, comparison=Comparison(lanes, blind=True)))
    for start in (at.replays.start("", "c", "new"), at.replays.start_comparison("", "c")):
        with pytest.raises(DivanError) as refused:
            await start
        assert isinstance(refused.value, RejectedInput)
        assert refused.value.card.kind == "replay_blind"


async def test_each_owner_has_replays_of_their_own(at: Bench) -> None:
    replay = await at.end(await at.replays.start("", "c", "new"))
    assert at.replays.get("ayse", replay.id) is None
    assert await at.replays.stop("ayse", replay.id) is None
