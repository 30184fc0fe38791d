"""Votes on disk: what a line holds, and what becomes of lines that are broken."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message
from core.errors import StorageError
from engine.votes import Votes

EMPTY = Conversation(id="c1", title="Soru", created="t", updated="t")


def a_question(name: str, parent: str | None = None) -> Message:
    return Message(id=name, parent=parent, role="user", content="Neden?", created="t")


def an_answer(name: str, parent: str, **measures: Any) -> Message:
    answer = Answer(model="m", provider="p", started="t", **measures)
    return Message(
        id=name, parent=parent, role="assistant", content="Çünkü", created="t", answer=answer
    )


def a_voted_chat(chat: str = "c1", **changes: Any) -> Conversation:
    """Two turns of `quick` on the left, and of `cheap` on the right."""
    lanes = (Lane("quick", leaf="left2"), Lane("hidden", shown=False), Lane("cheap", leaf="right2"))
    return replace(
        EMPTY,
        id=chat,
        comparison=replace(Comparison(lanes, blind=True, vote="right"), **changes),
        messages=(
            a_question("q1"),
            an_answer("left1", "q1", tokens_per_s=1.0, cost_usd=1.0),
            an_answer("right1", "q1"),
            a_question("q2-left", "left1"),
            a_question("q2-right", "right1"),
            an_answer(
                "left2",
                "q2-left",
                tokens_per_s=90.5,
                first_token_s=0.2,
                duration_s=4.0,
                cost_usd=0.02,
            ),
            an_answer("right2", "q2-right", tokens_per_s=20.0, cost_usd=0.0),
        ),
        leaf="left2",
    )


@pytest.fixture
def votes(tmp_path: Path) -> Votes:
    return Votes(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "votes.jsonl"


async def test_a_line_names_the_shown_sides_the_vote_and_what_the_newest_answers_took(
    votes: Votes, file: Path
) -> None:
    await votes.add("", a_voted_chat())
    line = json.loads(file.read_text(encoding="utf-8"))
    assert line.pop("time").endswith("Z")
    assert line == {
        "chat": "c1",
        "left": "quick",
        "right": "cheap",
        "vote": "right",
        "turns": 2,
        "sides": {
            "left": {
                "model": "quick", "tokens_per_s": 90.5, "cost_usd": 0.02,
                "first_token_s": 0.2, "duration_s": 4.0,
            },
            "right": {
                "model": "cheap", "tokens_per_s": 20.0, "cost_usd": 0.0,
                "first_token_s": None, "duration_s": None,
            },
        },
    }  # fmt: skip


async def test_what_was_added_is_read_back_as_it_was(votes: Votes) -> None:
    first = await votes.add("", a_voted_chat())
    second = await votes.add("", a_voted_chat("c2", vote="both_bad"))
    assert (await votes.all("")).votes == (first, second)


async def test_a_chat_has_one_vote_the_newest_and_lines_without_a_chat_all_count(
    votes: Votes, file: Path
) -> None:
    await votes.add("", a_voted_chat(vote="left"))
    await votes.add("", a_voted_chat("c2", vote="tie"))
    await votes.add("", a_voted_chat(vote="right"))
    with file.open("a", encoding="utf-8") as end:
        end.write('{"left": "a", "right": "b", "vote": "tie"}\n' * 2)
    found = [(vote.chat, vote.vote) for vote in (await votes.all("")).votes]
    assert found == [("c2", "tie"), ("c1", "right"), ("", "tie"), ("", "tie")]


async def test_a_vote_names_the_sides_it_was_given_on_and_not_the_present_order(
    votes: Votes,
) -> None:
    vote = await votes.add("", a_voted_chat(sides=("cheap", "quick")))
    assert (vote.left.model, vote.right.model) == ("cheap", "quick")


async def test_each_person_sees_their_own_votes(votes: Votes, file: Path) -> None:
    await votes.add("ayşe", a_voted_chat())
    await votes.add("", a_voted_chat(vote="left"))
    assert [vote.vote for vote in (await votes.all("ayşe")).votes] == ["right"]
    assert [vote.vote for vote in (await votes.all("")).votes] == ["left"]
    assert (await votes.all("mehmet")).votes == ()
    assert '"owner": "ayşe"' in file.read_text(encoding="utf-8")


async def test_no_file_is_no_votes(votes: Votes) -> None:
    ballots = await votes.all("")
    assert (ballots.votes, ballots.broken) == ((), ())


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", '"left"', "{}", "[" * 100_000,
        '{"left": "a", "right": "b"}',
        '{"left": "a", "right": "b", "vote": "middle"}',
        '{"left": "a", "right": "b", "vote": ["left"]}',
        '{"left": "a", "right": "a", "vote": "tie"}',
        '{"left": 1, "right": "b", "vote": "tie"}',
        '{"left": "", "right": "b", "vote": "tie"}',
    ],
)  # fmt: skip
async def test_a_broken_line_is_named_and_takes_no_other_with_it(
    votes: Votes, file: Path, line: str
) -> None:
    await votes.add("", a_voted_chat())
    with file.open("a", encoding="utf-8") as end:
        end.write(f"\n{line}\n")
    await votes.add("", a_voted_chat("c2"))
    ballots = await votes.all("")
    assert len(ballots.votes) == 2
    assert ballots.broken == (3,)


async def test_a_line_that_is_no_text_is_broken_too(votes: Votes, file: Path) -> None:
    await votes.add("", a_voted_chat())
    with file.open("ab") as end:
        end.write(b"\xff\xfe\n")
    assert (await votes.all("")).broken == (2,)


async def test_a_line_cut_off_by_a_crash_does_not_swallow_the_next(
    votes: Votes, file: Path
) -> None:
    await votes.add("", a_voted_chat())
    with file.open("a", encoding="utf-8") as end:
        end.write('{"left": "qui')
    await votes.add("", a_voted_chat("c2", vote="tie"))
    ballots = await votes.all("")
    assert [vote.vote for vote in ballots.votes] == ["right", "tie"]
    assert ballots.broken == (2,)


@pytest.mark.parametrize("measure", ["-1", "NaN", "Infinity", "true", '"fast"', "[]", "9" * 400])
async def test_a_measure_that_is_no_measure_is_unknown_and_the_vote_counts(
    votes: Votes, file: Path, measure: str
) -> None:
    file.parent.mkdir()
    sides = f'{{"left": {{"tokens_per_s": {measure}, "cost_usd": 2}}, "right": 7}}'
    file.write_text(f'{{"left": "a", "right": "b", "vote": "tie", "sides": {sides}}}')
    (vote,) = (await votes.all("")).votes
    assert vote.left.measures.tokens_per_s is None
    assert vote.left.measures.cost_usd == 2
    assert vote.right.measures.cost_usd is None


async def test_votes_added_at_once_are_a_line_each(votes: Votes) -> None:
    await asyncio.gather(*(votes.add("", a_voted_chat(f"c{n}")) for n in range(40)))
    ballots = await votes.all("")
    assert len(ballots.votes) == 40
    assert ballots.broken == ()


async def test_a_side_without_an_answer_has_no_measures(votes: Votes) -> None:
    lanes = (Lane("quick"), Lane("cheap", leaf="right2"))
    vote = await votes.add("", a_voted_chat(lanes=lanes))
    assert vote.left.measures.tokens_per_s is None
    assert vote.right.measures.tokens_per_s == 20.0


@pytest.mark.parametrize(
    "chat",
    [EMPTY, a_voted_chat(vote=None), a_voted_chat(lanes=(Lane("quick", leaf="left2"),))],
)
async def test_a_chat_without_a_vote_of_two_sides_is_refused(
    votes: Votes, file: Path, chat: Conversation
) -> None:
    with pytest.raises(ValueError, match="no vote of two sides"):
        await votes.add("", chat)
    assert not file.exists()


async def test_a_disk_that_refuses_is_told_as_a_vote(votes: Votes, file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(StorageError) as writing:
        await votes.add("", a_voted_chat())
    assert writing.value.card.kind == "votes_unwritable"
    with pytest.raises(StorageError) as reading:
        await votes.all("")
    assert reading.value.card.kind == "votes_unreadable"
    assert str(file) in reading.value.card.hint("tr")
