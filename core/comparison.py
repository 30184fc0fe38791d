"""A comparison as values: which models stand side by side in a chat, and how they are asked.

The answers themselves are messages of the chat's tree (core.conversation); a lane only says where
in the tree a model is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Role = Literal["primary", "secondary", "comparison"]
Context = Literal["own", "shared"]
Mode = Literal["auto", "parallel", "sequential"]
Vote = Literal["left", "right", "tie", "both_bad"]


@dataclass(frozen=True)
class Lane:
    """One model of a comparison. `leaf` is the message it is at, where its own path ends: its
    newest one, or another version a person walked to.

    `primary`: the chat goes on from its answer. `secondary`: takes over where the primary has no
    answer. `comparison`: is looked at only. A lane that is not `shown` is not asked and keeps its
    place. `unknown` keeps keys of the file this version does not know.
    """

    model: str
    role: Role = "comparison"
    leaf: str | None = None
    shown: bool = True
    wide: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """How a chat compares, kept in its file. Lanes stand from left to right.

    `own`: each model sees only its own past answers. `shared`: all go on from the primary's.
    `blind`: names are hidden until `vote`; the first two shown lanes are the sides. `sides` are
    their models as they stood when the vote was given, left first: lanes move afterwards.
    """

    lanes: tuple[Lane, ...] = ()
    context: Context = "own"
    mode: Mode = "auto"
    blind: bool = False
    vote: Vote | None = None
    sides: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Lane, ...]:
        """The lanes that are asked, from left to right."""
        return tuple(lane for lane in self.lanes if lane.shown)

    @property
    def is_hidden(self) -> bool:
        """Whether the names of the models must not be seen yet."""
        return self.blind and self.vote is None

    @property
    def voted(self) -> tuple[str, ...]:
        """The models of the two blind sides, left first: as they stood at the vote, else as they
        stand; an older file does not hold them."""
        if self.vote and len(self.sides) == 2:
            return self.sides
        return tuple(lane.model for lane in self.shown[:2])

    @property
    def primary(self) -> Lane | None:
        """The lane the chat goes on from: the one with that role, else the first shown."""
        named = (lane for lane in self.shown if lane.role == "primary")
        return next(named, next(iter(self.shown), None))

    def lane(self, model: str) -> Lane | None:
        """The lane of a model, shown or not."""
        return next((lane for lane in self.lanes if lane.model == model), None)

    def put(self, changed: Lane) -> Comparison:
        """Replace the lane of the same model where it stands."""
        lanes = (changed if lane.model == changed.model else lane for lane in self.lanes)
        return replace(self, lanes=tuple(lanes))
