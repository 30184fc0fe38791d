"""Lines as they lie on a page to text in reading order: columns, rows, paragraphs."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[a-zçğıöşüâîû])")
_PROSE = 8
"""Width by height from which on a line is more than a cell of a table."""
_LEAST_LINES = 3
_WIDE_GAP = 1.5
_PARAGRAPH = 1.4
"""Of the usual distance from line to line."""
_TURKISH = re.compile("[ğĞıİ]")
_COMMA_BELOW = str.maketrans("șȘ", "şŞ")
Corner = Sequence[float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `x` and `y` are its middle, all lengths in pixels, `slope` in radians."""

    text: str
    x: float
    y: float
    width: float
    height: float
    slope: float = 0.0

    @classmethod
    def at(cls, text: str, corners: Sequence[Corner]) -> Line:
        """By its corners: top left, top right, bottom right, bottom left."""
        left, right, _, under = corners
        x, y = (sum(one[axis] for one in corners) / len(corners) for axis in (0, 1))
        slope = math.atan2(right[1] - left[1], right[0] - left[0])
        return cls(text, x, y, math.dist(left, right), math.dist(left, under), slope)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width / 2


def page_text(lines: Sequence[Line]) -> str:
    """The text of a page, a line each, paragraphs apart; cells that stand far from each other in a
    row are parted by a bar."""
    text = "\n\n".join(_block(column) for column in _columns(_straight(lines)))
    text = _HYPHEN.sub("", text)
    # Turkish has no comma below; the models know both letters, which look alike.
    return text.translate(_COMMA_BELOW) if _TURKISH.search(text) else text


def _straight(lines: Sequence[Line]) -> list[Line]:
    """The lines as on a page that is not askew."""
    if not lines:
        return []
    slope = median(one.slope for one in lines)
    sine, cosine = math.sin(slope), math.cos(slope)
    return [
        Line(
            one.text, one.x * cosine + one.y * sine, one.y * cosine - one.x * sine,
            one.width, one.height,
        )
        for one in lines
    ]  # fmt: skip


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Blocks in reading order; lines over the whole width stand between the columns they part."""
    gutter = _gutter(lines)
    if gutter is None:
        return [list(lines)] if lines else []
    blocks: list[list[Line]] = []
    band: list[Line] = []
    across: list[Line] = []
    for one in sorted(lines, key=lambda line: line.y):
        if one.left < gutter < one.right:
            blocks += _sides(band, gutter)
            band = []
            across.append(one)
        else:
            blocks += [across] if across else []
            across = []
            band.append(one)
    return [*blocks, *_sides(band, gutter), *([across] if across else [])]


def _sides(band: Sequence[Line], gutter: float) -> list[list[Line]]:
    left = [one for one in band if one.x < gutter]
    right = [one for one in band if one.x >= gutter]
    return [*_columns(left), *_columns(right)]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where two columns of prose meet, crossed by the fewest lines; None where they do not."""
    best: tuple[int, float] | None = None
    for at in sorted({one.left - one.height / 4 for one in lines}):
        left = [one for one in lines if one.right <= at]
        right = [one for one in lines if one.left >= at]
        crossing = len(lines) - len(left) - len(right)
        if crossing < min(len(left), len(right)) and _is_prose(left) and _is_prose(right):
            best = min(best or (crossing, at), (crossing, at))
    return best[1] if best else None


def _is_prose(lines: Sequence[Line]) -> bool:
    enough = len(lines) >= _LEAST_LINES
    return enough and median(one.width / max(one.height, 1) for one in lines) >= _PROSE


def _block(lines: Sequence[Line]) -> str:
    rows = _rows(lines)
    steps = [below[0].y - above[0].y for above, below in pairwise(rows)]
    usual = median(steps) if steps else 0.0
    text = _row(rows[0])
    for step, row in zip(steps, rows[1:], strict=True):
        text += ("\n\n" if step > _PARAGRAPH * usual else "\n") + _row(row)
    return text


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines at the same height together, from the left."""
    rows: list[list[Line]] = []
    for one in sorted(lines, key=lambda line: line.y):
        if rows and one.y - rows[-1][0].y < min(one.height, rows[-1][0].height) / 2:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda line: line.x) for row in rows]


def _row(row: Sequence[Line]) -> str:
    text = row[0].text
    for before, one in pairwise(row):
        is_far = one.left - before.right > _WIDE_GAP * one.height
        text += (" | " if is_far else " ") + one.text
    return text
