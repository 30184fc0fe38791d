"""Bradley-Terry ratings of models that met in duels, on Elo's scale, with honest intervals.

Each vote is drawn anew with a random weight (the Bayesian bootstrap), and every two models that met
carry a little of a vote each way (`_prior`). An ordinary bootstrap would call five wins of five
certain; this one says how little five votes prove.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_Matrix: TypeAlias = "NDArray[np.float64]"

MIDDLE = 1000.0
"""The rating of an average model among those it can be compared with."""
_POINTS = 400 / math.log(10)
_SEED = 20_260
_LEVEL = 0.95
_LEAST_WEIGHT = 1e-3
_ALPHA = 1e-4
"""Keeps the fit solvable where a row of models only ever beat the next; elsewhere unseen."""
_MOST_STEPS = 2_000
_EXACT = 1e-6
_ROUGH = 1e-4


@dataclass(frozen=True)
class Duel:
    """Two different models met; `score` is what the first won: 1, 0, or 0.5 for a tie."""

    first: str
    second: str
    score: float


@dataclass(frozen=True)
class Rating:
    """Points on Elo's scale, 1000 in the middle; 95 % of the draws lie from `low` to `high`."""

    points: float
    low: float
    high: float


@dataclass(frozen=True)
class Ratings:
    """Models that can be compared with each other, the best first."""

    of: dict[str, Rating]
    surely_below: frozenset[tuple[str, str]]
    """(worse, better), where that order holds in at least 97.5 % of the draws."""


def rate(duels: Sequence[Duel], draws: int = 500) -> tuple[Ratings, ...]:
    """Ratings for each group of models that met, directly or over others; the largest group first.

    Between groups nothing was ever compared, so each has its own middle. More `draws` make the ends
    of the intervals steadier and take longer, about 0.2 ms each.
    """
    if not duels:
        return ()
    import numpy as np

    models, wins, ties = _tally(duels)
    rated = [
        _rated([models[n] for n in group], wins[part], ties[part], draws)
        for group in _groups(wins + ties)
        for part in [np.ix_(group, group)]
    ]
    return tuple(sorted(rated, key=lambda ratings: -len(ratings.of)))


def expected_score(points: float, against: float = MIDDLE) -> float:
    """How much of a duel a model wins, from 0 to 1, by the two ratings."""
    return 1 / (1 + 10 ** ((against - points) / 400))


def _tally(duels: Sequence[Duel]) -> tuple[list[str], _Matrix, _Matrix]:
    """The models, how often that of a row beat that of a column, and how often the two tied."""
    import numpy as np

    models = sorted({name for duel in duels for name in (duel.first, duel.second)})
    place = {model: number for number, model in enumerate(models)}
    wins = np.zeros((len(models), len(models)))
    ties = np.zeros_like(wins)
    for duel in duels:
        first, second = place[duel.first], place[duel.second]
        if duel.score == 0.5:
            ties[first, second] += 1
            ties[second, first] += 1
        else:
            wins[(first, second) if duel.score > 0.5 else (second, first)] += 1
    return models, wins, ties


def _groups(met: _Matrix) -> list[list[int]]:
    from scipy.sparse.csgraph import connected_components

    count, label_of = connected_components(met, directed=False)
    return [[n for n, label in enumerate(label_of) if label == group] for group in range(count)]


def _rated(models: Sequence[str], wins: _Matrix, ties: _Matrix, draws: int) -> Ratings:
    import numpy as np

    prior = _prior(wins + ties)
    points = _fit(wins + ties / 2 + prior, None, _EXACT)
    drawn = MIDDLE + _POINTS * _drawn(wins, ties, prior, points, draws)
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    centre = MIDDLE + _POINTS * points
    ratings = {
        models[n]: _rating(float(centre[n]), float(low[n]), float(high[n]))
        for n in np.argsort(-points, kind="stable")
    }
    below = (drawn[:, :, None] < drawn[:, None, :]).mean(axis=0) >= 1 - tail
    pairs = ((models[worse], models[better]) for worse, better in np.argwhere(below))
    return Ratings(ratings, frozenset(pairs))


def _rating(points: float, low: float, high: float) -> Rating:
    """Where nobody in a row of models ever lost to the next, all draws can lie further out."""
    return Rating(points, min(low, points), max(high, points))


def _prior(met: _Matrix) -> _Matrix:
    """What is added to the wins of every two models that met, in each direction.

    In all it is one vote for each model but one, whatever the number of pairs: for two models
    Jeffreys' half a win each. Without it a model that never lost would be infinitely good.
    """
    pairs = ((met + met.T) > 0).astype(float)
    return pairs * float((len(met) - 1) / pairs.sum())


def _fit(wins: _Matrix, start: _Matrix | None, tolerance: float) -> _Matrix:
    """Strengths on the natural logarithm's scale, 0 on average."""
    import choix

    strengths: _Matrix = choix.ilsr_pairwise_dense(
        wins, alpha=_ALPHA, initial_params=start, max_iter=_MOST_STEPS, tol=tolerance
    )
    centred: _Matrix = strengths - strengths.mean()
    return centred


def _drawn(wins: _Matrix, ties: _Matrix, prior: _Matrix, start: _Matrix, draws: int) -> _Matrix:
    """Strengths fitted to reweighted sets of votes, a row each.

    The sum of n exponential weights is a gamma variable, so no vote is weighted alone.
    """
    import numpy as np

    random = np.random.default_rng(_SEED)
    shape = (draws, *wins.shape)
    weighted = np.maximum(random.gamma(wins + prior, size=shape), _LEAST_WEIGHT * (prior > 0))
    tied = random.gamma(np.triu(ties), size=shape) / 2
    weighted += tied + tied.transpose(0, 2, 1)
    return np.array([_fit(one, start, _ROUGH) for one in weighted])
