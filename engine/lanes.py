"""How lanes stand beside each other: which are shown, where, in which role. Pure changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.comparison import Comparison, Lane, Role


def arrange(comparison: Comparison, models: Sequence[str]) -> Comparison:
    """Show the lanes of these models in this order, new ones last; every other lane is put out of
    sight and keeps its place."""
    known = {lane.model: lane for lane in comparison.lanes}
    shown = [replace(known.get(model, Lane(model)), shown=True) for model in models]
    waiting = iter(shown)
    lanes = [
        next(waiting) if lane.model in models else replace(lane, shown=False)
        for lane in comparison.lanes
    ]
    return settle(replace(comparison, lanes=(*lanes, *waiting)))


def settle(comparison: Comparison, but: str = "") -> Comparison:
    """Exactly one primary, and it is shown: the secondary or the first lane takes over for one
    that is not. The lane of the model `but` is passed over where another is shown."""
    primary = next((x.model for x in comparison.shown if x.role == "primary"), None)
    if primary is None:
        able = [lane for lane in comparison.shown if lane.model != but] or comparison.shown
        able = sorted(able, key=lambda lane: lane.role != "secondary")
        primary = able[0].model if able else None
    lanes = (
        replace(lane, role="primary")
        if lane.model == primary
        else replace(lane, role="comparison" if lane.role == "primary" else lane.role)
        for lane in comparison.lanes
    )
    return replace(comparison, lanes=tuple(lanes))


def give_role(comparison: Comparison, lane: Lane, role: Role) -> Comparison:
    """Give a lane a role; who had it gets the lane's old one in exchange."""
    holder = next((x for x in comparison.shown if x.role == role), None)
    if role != "comparison" and holder:
        comparison = comparison.put(replace(holder, role=lane.role))
    comparison = comparison.put(replace(lane, role=role))
    return settle(comparison, but="" if role == "primary" else lane.model)


def move(comparison: Comparison, model: str, steps: int) -> Comparison:
    """Move a lane past `steps` shown lanes to the right, with a negative number to the left; at
    the edge it stays."""
    for _ in range(min(abs(steps), len(comparison.lanes))):
        comparison = _swap(comparison, model, 1 if steps > 0 else -1)
    return comparison


def _swap(comparison: Comparison, model: str, step: int) -> Comparison:
    lanes = list(comparison.lanes)
    at = to = [lane.model for lane in lanes].index(model)
    to += step
    while 0 <= to < len(lanes) and not lanes[to].shown:
        to += step
    if 0 <= to < len(lanes):
        lanes[at], lanes[to] = lanes[to], lanes[at]
    return replace(comparison, lanes=tuple(lanes))


def draw(
    comparison: Comparison, models: Sequence[str], sample: Callable[[Sequence[str], int], list[str]]
) -> Comparison:
    """Two of the models as the blind sides, in an order nobody chose; the others wait out of
    sight."""
    sides = sample(models, 2)
    rest = (Lane(model, shown=False) for model in models if model not in sides)
    lanes = (*(Lane(model) for model in sides), *rest)
    return settle(replace(comparison, lanes=lanes, blind=True))
