"""The leaderboard as JSON for ui/static/leaderboard.js."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.catalog import Catalog
from engine.leaderboard import ENOUGH_VOTES, WIDE_POINTS, Leaderboard, Row
from engine.ratings import expected_score


def leaderboard_json(board: Leaderboard, catalog: Catalog) -> Mapping[str, Any]:
    """What the page draws. Ratings in points, speed in tokens a second, cost in USD; a model the
    catalog does not know goes by its id."""
    return {
        "votes": board.votes,
        "broken": board.broken,
        "bias": asdict(board.bias) if board.bias else None,
        "enough": ENOUGH_VOTES,
        "wide": WIDE_POINTS,
        "groups": [[_row(row, catalog) for row in group] for group in board.groups],
    }


def _row(row: Row, catalog: Catalog) -> Mapping[str, Any]:
    model = catalog.model(row.model)
    return {
        "model": row.model,
        "label": model.label if model else row.model,
        "gone": model is None,
        "rank": row.rank,
        "doubt": row.doubt,
        "points": row.rating.points,
        "low": row.rating.low,
        "high": row.rating.high,
        "expected": expected_score(row.rating.points),
        "votes": row.votes,
        "wins": row.wins,
        "losses": row.losses,
        "ties": row.ties,
        "bothBad": row.both_bad / row.votes,
        "speed": row.tokens_per_s,
        "cost": row.cost_usd,
    }
