"""Where a cell is: the column of a reference like AB12."""

from __future__ import annotations

MOST_COLUMNS = 16_384


def column_of(letters: str) -> int:
    """0 for A, 26 for AA; beyond the last column where they are none."""
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or column > MOST_COLUMNS:
            return MOST_COLUMNS
        column = column * 26 + ord(letter) - 64
    return column - 1
