"""Numbers that others wrote, checked before they are believed: of servers, of files."""

from __future__ import annotations

import sys
from typing import Annotated

_LARGEST = 2**53
"""Beyond it JSON readers disagree about whole numbers; no count of tokens comes near."""
_LARGEST_SAVED = 2**63 - 1


def count(value: object) -> int | None:
    """The whole number from 0 to 2**53; None for all else, true and text that reads as a number
    among it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return int(value) if 0 <= value <= _LARGEST else None


def amount(value: object) -> float | None:
    """The finite number from 0 to 2**53, such as seconds or dollars; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _LARGEST else None


def saved_count(value: object) -> int | None:
    """The whole number as a file can hold it; None for one that no count can be."""
    if isinstance(value, bool) or not isinstance(value, int):
        return count(value)
    return int(value) if 0 <= value <= _LARGEST_SAVED else None


def saved_number(value: object) -> float | None:
    """The finite number, as a file can hold it; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not abs(value) <= sys.float_info.max:
        return None
    return value if abs(value) <= _LARGEST_SAVED else float(value)


Count = Annotated[int | None, saved_count]
"""A field of a value that is saved, where a number that cannot be saved is None."""
Amount = Annotated[float | None, saved_number]
