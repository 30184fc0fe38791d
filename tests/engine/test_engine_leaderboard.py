"""The leaderboard: ratings against hand-computed cases and voters of known strength, and what it
says where the votes prove little."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.comparison import Vote
from engine.leaderboard import ENOUGH_VOTES, SideBias, leaderboard, of_owner
from engine.ratings import Duel, rate
from engine.votes import Ballots, BlindVote, Measures, Side, Votes

STRENGTHS = {"a": 1120.0, "b": 1040.0, "c": 960.0, "d": 880.0}


def a_vote(left: str, right: str, vote: Vote) -> BlindVote:
    return BlindVote(Side(left), Side(right), vote)


def ballots(*votes: BlindVote) -> Ballots:
    return Ballots(votes)


def clear_votes(better: str, worse: str, count: int) -> list[BlindVote]:
    """Nine of ten for the better model, the sides in turn."""
    won = itertools.cycle([True] * 9 + [False])
    sides = itertools.cycle([True, False])
    return [
        a_vote(better, worse, "left" if win else "right")
        if on_left
        else a_vote(worse, better, "right" if win else "left")
        for _, win, on_left in zip(range(count), won, sides, strict=False)
    ]


def simulated(strengths: Mapping[str, float], count: int, luck: random.Random) -> Iterator[Duel]:
    """Voters who win and lose as Elo's scale says, and tie where one in three thinks twice."""
    for _ in range(count):
        first, second = luck.sample(list(strengths), 2)
        chance = 1 / (1 + 10 ** ((strengths[second] - strengths[first]) / 400))
        score = float(luck.random() < chance)
        if luck.random() < 1 / 3:
            score = (score + float(luck.random() < chance)) / 2
        yield Duel(first, second, score)


def test_two_models_are_rated_as_computed_by_hand() -> None:
    (found,) = rate([Duel("a", "b", 1.0)] * 3 + [Duel("b", "a", 1.0)], draws=20)
    by_hand = 400 * math.log10((3 + 0.5) / (1 + 0.5)) / 2  # half a win each way is Jeffreys' prior
    assert found.of["a"].points == pytest.approx(1000 + by_hand, abs=0.1)
    assert found.of["b"].points == pytest.approx(1000 - by_hand, abs=0.1)


def test_three_models_are_rated_as_computed_by_hand() -> None:
    """Along a chain each step is its own pair: 7 to 3, then 8 to 2, and half a win each way."""
    duels = [Duel("a", "b", 1.0)] * 7 + [Duel("a", "b", 0.0)] * 3
    duels += [Duel("b", "c", 1.0)] * 8 + [Duel("b", "c", 0.0)] * 2
    first = 400 * math.log10(7.5 / 3.5)
    second = 400 * math.log10(8.5 / 2.5)
    middle = 1000 + (second - first) / 3
    (found,) = rate(duels, draws=20)
    points = [found.of[model].points for model in "abc"]
    assert points == pytest.approx([middle + first, middle, middle - second], abs=0.2)


def test_a_tie_counts_half_for_each() -> None:
    (tied,) = rate([Duel("a", "b", 1.0)] * 2 + [Duel("a", "b", 0.5)] * 2, draws=20)
    (won,) = rate([Duel("a", "b", 1.0)] * 3 + [Duel("a", "b", 0.0)], draws=20)
    assert tied.of["a"].points == pytest.approx(won.of["a"].points, abs=0.01)


@pytest.mark.parametrize("count", [16, 150], ids=["few votes", "many votes"])
def test_an_interval_holds_the_true_strength_about_as_often_as_it_claims(count: int) -> None:
    held = total = 0
    for seed in range(20):
        for ratings in rate(list(simulated(STRENGTHS, count, random.Random(seed))), draws=100):
            if len(ratings.of) == len(STRENGTHS):
                held += sum(r.low <= STRENGTHS[m] <= r.high for m, r in ratings.of.items())
                total += len(ratings.of)
    assert total >= 70
    assert 0.9 <= held / total <= 0.99


def test_more_votes_make_a_narrower_interval_round_the_rating() -> None:
    widths = []
    for count in (50, 200, 800):
        (found,) = rate(list(simulated(STRENGTHS, count, random.Random(7))), draws=150)
        assert all(r.low < r.points < r.high for r in found.of.values())
        widths.append(max(r.high - r.low for r in found.of.values()))
    assert widths[0] > 1.6 * widths[1] > 2.5 * widths[2]


def test_the_strongest_of_many_voters_is_first() -> None:
    (found,) = rate(list(simulated(STRENGTHS, 600, random.Random(3))), draws=20)
    assert list(found.of) == ["a", "b", "c", "d"]


def test_the_same_votes_give_the_same_numbers() -> None:
    duels = list(simulated(STRENGTHS, 60, random.Random(5)))
    assert rate(duels, draws=50) == rate(duels, draws=50)


def test_which_side_a_model_stood_on_changes_nothing() -> None:
    duels = list(simulated(STRENGTHS, 60, random.Random(5)))
    turned = [Duel(duel.second, duel.first, 1 - duel.score) for duel in duels]
    assert rate(turned, draws=50) == rate(duels, draws=50)


def test_five_wins_of_five_are_not_called_certain() -> None:
    (found,) = rate([Duel("a", "b", 1.0)] * 5)
    assert found.of["a"].high - found.of["a"].low > 300
    assert found.of["a"].high < 2000


def test_models_that_only_ever_beat_the_next_still_get_finite_ratings() -> None:
    duels = [Duel(f"m{n:02}", f"m{n + 1:02}", 1.0) for n in range(20) for _ in range(5)]
    (found,) = rate(duels, draws=20)
    assert list(found.of) == [f"m{n:02}" for n in range(21)]
    assert all(math.isfinite(r.low + r.high) for r in found.of.values())
    assert all(r.low <= r.points <= r.high for r in found.of.values())


def test_no_votes_make_an_empty_leaderboard() -> None:
    board = leaderboard(Ballots())
    assert (board.groups, board.votes, board.bias) == ((), 0, None)


def test_a_row_counts_wins_losses_ties_and_both_bad_from_either_side() -> None:
    board = leaderboard(
        ballots(
            a_vote("a", "b", "left"), a_vote("b", "a", "right"), a_vote("b", "a", "left"),
            a_vote("a", "b", "tie"), a_vote("b", "a", "both_bad"), a_vote("b", "c", "tie"),
        )
    )  # fmt: skip
    rows = {row.model: row for row in board.groups[0]}
    a, b = rows["a"], rows["b"]
    assert (a.votes, a.wins, a.losses, a.ties, a.both_bad) == (5, 2, 1, 1, 1)
    assert (b.votes, b.wins, b.losses, b.ties, b.both_bad) == (6, 1, 2, 2, 1)
    assert board.votes == 6


def test_speed_and_cost_are_the_medians_of_what_is_known() -> None:
    def at(speed: float | None, cost: float | None, *, on_left: bool) -> BlindVote:
        a, b = Side("a", Measures(speed, cost)), Side("b")
        return BlindVote(a, b, "tie") if on_left else BlindVote(b, a, "tie")

    board = leaderboard(
        ballots(
            at(10, 0.03, on_left=True), at(50, None, on_left=False), at(20, 0.01, on_left=False)
        )
    )
    rows = {row.model: row for row in board.groups[0]}
    assert (rows["a"].tokens_per_s, rows["a"].cost_usd) == (20, 0.02)
    assert (rows["b"].tokens_per_s, rows["b"].cost_usd) == (None, None)


def test_a_model_with_too_few_votes_has_no_rank_and_stands_last() -> None:
    votes = [*clear_votes("a", "b", ENOUGH_VOTES), a_vote("new", "a", "left")]
    rows = leaderboard(ballots(*votes)).groups[0]
    assert [(row.model, row.rank, row.doubt == "few") for row in rows] == [
        ("a", 1, False), ("b", 2, False), ("new", None, True),
    ]  # fmt: skip


def test_one_vote_less_than_enough_is_too_few() -> None:
    board = leaderboard(ballots(*clear_votes("a", "b", ENOUGH_VOTES - 1)))
    assert [row.doubt for row in board.groups[0]] == ["few", "few"]


def test_models_that_the_votes_cannot_tell_apart_share_a_rank() -> None:
    votes = clear_votes("a", "c", 40) + clear_votes("b", "c", 40)
    votes += [a_vote("a", "b", "left"), a_vote("a", "b", "right")] * 20 + [a_vote("a", "b", "left")]
    rows = leaderboard(ballots(*votes)).groups[0]
    assert [(row.model, row.rank) for row in rows] == [("a", 1), ("b", 1), ("c", 3)]


def test_a_wide_interval_is_said_to_be_wide() -> None:
    board = leaderboard(ballots(*[a_vote("a", "b", "left")] * 40))
    assert [row.doubt for row in board.groups[0]] == ["wide", "wide"]
    sure = leaderboard(ballots(*clear_votes("a", "b", 200)))
    assert [row.doubt for row in sure.groups[0]] == ["", ""]


def test_models_that_never_met_stand_in_groups_with_a_middle_each() -> None:
    votes = clear_votes("a", "b", 30) + clear_votes("b", "c", 30) + clear_votes("x", "y", 30)
    board = leaderboard(ballots(*votes))
    assert [{row.model for row in group} for group in board.groups] == [{"a", "b", "c"}, {"x", "y"}]
    for group in board.groups:
        assert group[0].rank == 1
        assert sum(r.rating.points for r in group) / len(group) == pytest.approx(1000)


def test_a_side_that_wins_more_often_than_chance_is_told() -> None:
    def of(left: int, right: int) -> SideBias | None:
        votes = [a_vote("a", "b", "left")] * left + [a_vote("a", "b", "right")] * right
        return leaderboard(ballots(*votes, *[a_vote("a", "b", "tie")] * 50)).bias

    assert of(30, 10) == SideBias("left", 30, 40)
    assert of(10, 30) == SideBias("right", 30, 40)
    assert of(24, 16) is None
    assert of(5, 0) is None
    assert of(0, 0) is None


async def test_an_owner_gets_the_leaderboard_of_their_own_file(tmp_path: Path) -> None:
    (tmp_path / "votes.jsonl").write_text(
        '{"left": "a", "right": "b", "vote": "left"}\n'
        '{"left": "c", "right": "d", "vote": "left", "owner": "else"}\n'
        "not a vote\n",
        encoding="utf-8",
    )
    board = await of_owner(Votes(tmp_path), "")
    assert [row.model for row in board.groups[0]] == ["a", "b"]
    assert (board.votes, board.broken) == (1, (3,))
