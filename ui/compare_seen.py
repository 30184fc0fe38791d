"""What a page sees of a comparison when something is asked of it. Another page may have changed the
lanes since: what this one chose is then put on top of that, and never undoes it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import cast, get_args

from core.comparison import Comparison, Context, Mode


@dataclass(frozen=True)
class Choice:
    """What is chosen above and below the lanes."""

    models: tuple[str, ...]
    context: Context
    mode: Mode
    blind: bool


def choice(models: object, context: object, mode: object, blind: object) -> Choice:
    """The choice as the components have it; what is none of ours is the default."""
    chosen = models if isinstance(models, list | tuple) else ()
    return Choice(
        models=tuple(str(model) for model in chosen),
        context="shared" if context == "shared" else "own",
        mode=cast(Mode, mode) if mode in get_args(Mode) else "auto",
        blind=blind is True,
    )


@dataclass(frozen=True)
class Seen:
    """The lanes and switches as a page shows them. While names are `hidden` it knows no lanes."""

    lanes: tuple[str, ...]
    context: Context
    mode: Mode
    hidden: bool

    def brought_up(self, chosen: Choice, kept: Comparison) -> Choice:
        """The choice of this page, with what has changed in the file since it was drawn. Lanes
        stand in the file's order."""
        mine, before = set(chosen.models), set(self.lanes)
        there = [lane.model for lane in kept.shown]
        stay = [model for model in there if model in mine or model not in before]
        new = [m for m in chosen.models if m not in there and m not in before]
        return replace(
            chosen,
            models=(*stay, *new),
            context=chosen.context if chosen.context != self.context else kept.context,
            mode=chosen.mode if chosen.mode != self.mode else kept.mode,
        )


def seen(where: str) -> Seen | None:
    """What a page says it sees, under `seen` of its place; None where it says nothing, as a caller
    without its scripts."""
    try:
        told = json.loads(where or "{}").get("seen")
    except (ValueError, RecursionError, AttributeError):
        return None
    if not isinstance(told, dict):
        return None
    switches = choice(told.get("lanes"), told.get("context"), told.get("mode"), False)
    return Seen(switches.models, switches.context, switches.mode, told.get("hidden") is True)
