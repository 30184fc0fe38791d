"""The order in which the pieces of a page are read: columns one after the other, else line by line.

A page is looked at in bands, the strips between two white lines across it. Bands that follow each
other and share a white gutter are one region. Its sides are columns where the file itself writes
one side after the other, or where both are full of prose; else its lines are read across, as those
of a table are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

from rag.loaders.pdf.boxes import Segment

Row = list[Segment]
"""The pieces of one line, from left to right."""
Gap = tuple[float, float]
"""A white strip between two x."""
_GUTTER = 0.8
"""The narrowest gutter, in sizes."""
_FEWEST = 3
"""Lines of a column."""
_PROSE = 25
"""Characters that half the lines of a column have at least where it is prose."""
_FILLED = 0.7
_DEEPEST = 6


@dataclass(slots=True)
class _Region:
    """Bands that follow each other, and the white they share."""

    segments: list[Segment]
    gaps: list[Gap]
    ends: Gap

    @property
    def gutters(self) -> list[Gap]:
        """The white with text on both sides."""
        return inner(self.gaps, self.ends)


def flows(segments: Sequence[Segment], depth: int = 0) -> list[list[Row]]:
    """The rows in the order they are read, in flows that each run down one column."""
    if len(segments) < 2 * _FEWEST or depth > _DEEPEST:
        return [rows(segments)] if segments else []
    bands = list(_bands(segments))
    if len(bands) == len(segments):  # nothing stands beside anything
        return [bands]
    made: list[list[Row]] = []
    across = True
    for region in _regions(bands, segments):
        sides = _columns(region)
        if len(sides) == 1:
            found = [rows(region.segments)]
        else:
            found = [flow for side in sides for flow in flows(side, depth + 1)]
        if made and not across and len(sides) == 1:
            made[-1] += found[0]
        else:
            made += found
        across = len(sides) > 1
    return made


def rows(segments: Sequence[Segment]) -> list[Row]:
    """The pieces line by line, whatever stands beside each other."""
    made: list[Row] = []
    largest: Segment | None = None
    for one in sorted(segments, key=attrgetter("base", "x0")):
        if largest and _in_line(largest, one):
            made[-1].append(one)
            largest = max(largest, one, key=lambda piece: piece.size)
        else:
            made.append([one])
            largest = one
    for row in made:
        row.sort(key=attrgetter("x0"))
    return made


def _in_line(first: Segment, second: Segment) -> bool:
    if first.table or second.table:
        return False
    return abs(first.base - second.base) < 0.4 * max(first.size, second.size)


def _regions(bands: Sequence[Row], segments: Sequence[Segment]) -> Iterator[_Region]:
    width = _GUTTER * median([one.size for one in segments])
    region: _Region | None = None
    for band in bands:
        new = _Region(list(band), white(band, width), ends(band))
        if region is None:
            region = new
            continue
        shared = _shared(region.gaps, new.gaps, width)
        if _goes_on(region, new, shared):
            region.segments += band
            region.gaps = shared
            region.ends = _both(region.ends, new.ends)
        else:
            yield region
            region = new
    if region:
        yield region


def _goes_on(region: _Region, band: _Region, shared: Sequence[Gap]) -> bool:
    if region.gutters:
        return bool(inner(shared, _both(region.ends, band.ends)))
    # A heading in the middle must not narrow the gutters below it.
    return not band.gutters or any(gap in shared for gap in band.gutters)


def _both(first: Gap, second: Gap) -> Gap:
    return min(first[0], second[0]), max(first[1], second[1])


def _bands(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    band: list[Segment] = []
    bottom = -math.inf
    for one in sorted(segments, key=attrgetter("top")):
        if band and one.top >= bottom - 0.05 * one.size:
            yield band
            band, bottom = [], -math.inf
        band.append(one)
        bottom = max(bottom, one.bottom)
    if band:
        yield band


def white(segments: Sequence[Segment], width: float) -> list[Gap]:
    """The strips no piece reaches into, from the far left to the far right."""
    made: list[Gap] = []
    end = -math.inf
    for one in sorted(segments, key=attrgetter("x0")):
        if one.x0 - end >= width:
            made.append((end, one.x0))
        end = max(end, one.x1)
    return [*made, (end, math.inf)]


def _shared(first: Sequence[Gap], second: Sequence[Gap], width: float) -> list[Gap]:
    both = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return [gap for gap in both if gap[1] - gap[0] >= width]


def ends(segments: Sequence[Segment]) -> Gap:
    """The x at which the pieces begin and end."""
    return min([one.x0 for one in segments]), max([one.x1 for one in segments])


def inner(gaps: Sequence[Gap], ends: Gap) -> list[Gap]:
    """The strips with text on both sides, of text that begins and ends at some x."""
    left, right = ends
    return [gap for gap in gaps if left < gap[0] and gap[1] < right]


def _columns(region: _Region) -> list[list[Segment]]:
    """The region's columns from left to right; one where it is read across."""
    cuts = [(gap[0] + gap[1]) / 2 for gap in region.gutters if _is_gutter(gap, region.segments)]
    sides: list[list[Segment]] = [[] for _ in range(len(cuts) + 1)]
    for one in region.segments:
        sides[sum(one.x0 > cut for cut in cuts)].append(one)
    return [side for side in sides if side]


def _is_gutter(gap: Gap, segments: Sequence[Segment]) -> bool:
    left = [one for one in segments if one.x1 <= gap[0]]
    right = [one for one in segments if one.x0 >= gap[1]]
    fewer = min(len(rows(left)), len(rows(right)))
    if fewer < _FEWEST:
        return False
    return _is_written_apart(left, right, fewer) or (_is_prose(left) and _is_prose(right))


def _is_written_apart(left: Sequence[Segment], right: Sequence[Segment], fewer: int) -> bool:
    """Whether the file hardly changes sides."""
    order = sorted([(one.at, 0) for one in left] + [(one.at, 1) for one in right])
    changes = sum(before[1] != after[1] for before, after in pairwise(order))
    return changes <= max(2, fewer // 4)


def _is_prose(side: Sequence[Segment]) -> bool:
    width = max(one.x1 for one in side) - min(one.x0 for one in side)
    filled = [sum(one.x1 - one.x0 for one in row) > _FILLED * width for row in rows(side)]
    letters = [sum(len(one.text) for one in row) for row in rows(side)]
    return median(letters) >= _PROSE and sum(filled) > len(filled) / 2
