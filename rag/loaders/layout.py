"""The order in which a person reads what is placed on a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is; lengths in any unit."""

    left: int
    top: int
    height: int

    @property
    def middle(self) -> int:
        """How far down its middle is."""
        return self.top + self.height // 2


def in_rows(placed: Iterable[tuple[Box, T]]) -> list[T]:
    """Rows from the top, each from the left: what begins above the middle of the first in a row
    is in that row."""
    rows: list[list[tuple[Box, T]]] = []
    for box, one in sorted(placed, key=lambda one: one[0].top):
        if rows and box.top <= rows[-1][0][0].middle:
            rows[-1].append((box, one))
        else:
            rows.append([(box, one)])
    return [one for row in rows for _, one in sorted(row, key=lambda one: one[0].left)]
