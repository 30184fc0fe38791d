"""What one's own blind votes say about the models, and how much of it they prove.

docs/leaderboard.md says how the numbers are made and read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from engine.ratings import Duel, Rating, Ratings, rate
from engine.votes import Ballots, BlindVote, Side, Votes

ENOUGH_VOTES = 20
"""A model with fewer votes gets no rank."""
WIDE_POINTS = 300
"""An interval wider than this, in points, is said to be wide."""
_CHANCE = 0.01
_SCORES = {"left": 1.0, "right": 0.0, "tie": 0.5, "both_bad": 0.5}
Doubt = Literal["few", "wide", ""]


@dataclass(frozen=True)
class Row:
    """One model. `rank` is None where it has too few votes; models that the votes cannot tell
    apart share one. `ties` are without `both_bad`; speed and cost are medians of an answer, None
    where no vote knows them."""

    model: str
    rank: int | None
    rating: Rating
    votes: int
    wins: int
    losses: int
    ties: int
    both_bad: int
    tokens_per_s: float | None
    cost_usd: float | None

    @property
    def doubt(self) -> Doubt:
        """Why the rating should be read with care."""
        if self.votes < ENOUGH_VOTES:
            return "few"
        return "wide" if self.rating.high - self.rating.low > WIDE_POINTS else ""


@dataclass(frozen=True)
class SideBias:
    """One side won more of the `decided` votes than chance gives in one of a hundred cases."""

    side: Literal["left", "right"]
    wins: int
    decided: int


@dataclass(frozen=True)
class Leaderboard:
    """Groups of models that met, the largest first, each in the order of its table. Ratings of two
    groups cannot be compared. `broken` are numbers of lines that could not be read."""

    groups: tuple[tuple[Row, ...], ...] = ()
    votes: int = 0
    broken: tuple[int, ...] = ()
    bias: SideBias | None = None


async def of_owner(votes: Votes, owner: str) -> Leaderboard:
    """The leaderboard of one person, reckoned in a thread. Raises StorageError."""
    return await asyncio.to_thread(leaderboard, await votes.all(owner))


def leaderboard(ballots: Ballots) -> Leaderboard:
    """The same votes always give the same numbers."""
    votes = ballots.votes
    rated = rate([Duel(v.left.model, v.right.model, _SCORES[v.vote]) for v in votes])
    groups = tuple(_table(ratings, votes) for ratings in rated)
    return Leaderboard(groups, len(votes), ballots.broken, _bias(votes))


def _table(ratings: Ratings, votes: Sequence[BlindVote]) -> tuple[Row, ...]:
    rows = [_row(model, rating, votes) for model, rating in ratings.of.items()]
    sure = [row.model for row in rows if row.doubt != "few"]
    ranks = _ranks(sure, ratings.surely_below)
    ranked = [replace(row, rank=ranks.get(row.model)) for row in rows]
    return tuple(sorted(ranked, key=lambda row: row.rank is None))


def _ranks(models: Iterable[str], surely_below: frozenset[tuple[str, str]]) -> dict[str, int]:
    """Ranks of models, the best first: one shares the rank above it until it is surely below the
    first of that rank."""
    ranks: dict[str, int] = {}
    first, rank = "", 0
    for place, model in enumerate(models, start=1):
        if not first or (model, first) in surely_below:
            first, rank = model, place
        ranks[model] = rank
    return ranks


def _row(model: str, rating: Rating, votes: Sequence[BlindVote]) -> Row:
    met = [vote for vote in votes if model in (vote.left.model, vote.right.model)]
    own = [vote.left if vote.left.model == model else vote.right for vote in met]
    wins = sum(_winner(vote) == model for vote in met)
    ties = sum(vote.vote == "tie" for vote in met)
    both_bad = sum(vote.vote == "both_bad" for vote in met)
    return Row(
        model=model,
        rank=None,
        rating=rating,
        votes=len(met),
        wins=wins,
        losses=len(met) - wins - ties - both_bad,
        ties=ties,
        both_bad=both_bad,
        tokens_per_s=_median(side.measures.tokens_per_s for side in own),
        cost_usd=_median(side.measures.cost_usd for side in own),
    )


def _winner(vote: BlindVote) -> str | None:
    sides: dict[str, Side] = {"left": vote.left, "right": vote.right}
    return sides[vote.vote].model if vote.vote in sides else None


def _median(known: Iterable[float | None]) -> float | None:
    numbers = [number for number in known if number is not None]
    return median(numbers) if numbers else None


def _bias(votes: Sequence[BlindVote]) -> SideBias | None:
    left = sum(vote.vote == "left" for vote in votes)
    right = sum(vote.vote == "right" for vote in votes)
    decided, fewer = left + right, min(left, right)
    if left == right or 2 * _up_to(fewer, decided) >= _CHANCE:
        return None
    return SideBias("left" if left > right else "right", decided - fewer, decided)


def _up_to(heads: int, throws: int) -> float:
    """How likely a fair coin shows at most this many heads."""
    from scipy.special import bdtr

    return float(bdtr(heads, throws, 0.5))
