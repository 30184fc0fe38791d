"""Fences of Markdown that hold fences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FENCE = re.compile(r"^((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}|~{3,})(.*)$")
"""The first line of fenced code: what stands before it, its marks, its language."""
_MARKDOWN = {"markdown", "md"}


def widened(lines: Sequence[str]) -> list[str]:
    """The lines, with longer marks around Markdown that holds fences.

    Inside a fence of Markdown, one with a language opens a level and one without closes it.
    """
    made = list(lines)
    ends = _ends(lines)
    at = 0
    while at < len(lines):
        opening = opens(lines[at])
        if opening is None:
            at += 1
        elif opening[3].strip().lower() in _MARKDOWN and at in ends:
            end = ends[at]
            marks = _longest(lines[at : end + 1]) + opening[2][0]
            for border in (at, end):
                made[border] = lines[border].replace(opening[2], marks, 1)
            at = end + 1
        else:
            at = _after(lines, at, opening[2])
    return made


def opens(line: str) -> re.Match[str] | None:
    """The parts of `FENCE` where a line may begin fenced code."""
    found = FENCE.match(line)
    return None if found and found[2][0] == "`" and "`" in found[3] else found


def closes(line: str, marks: str) -> bool:
    """Whether a line ends code that began with `marks`."""
    bare = line.lstrip(" \t>").rstrip()
    return len(bare) >= len(marks) and bare == marks[0] * len(bare)


def _ends(lines: Sequence[str]) -> Mapping[int, int]:
    """The line that ends each level which holds another one, by the line that opens it."""
    ends: dict[int, int] = {}
    levels_of: dict[str, list[_Level]] = {}
    for at, line in enumerate(lines):
        found = opens(line)
        if found is None:
            continue
        levels = levels_of.setdefault(found[2], [])
        if found[3].strip():
            if levels:
                levels[-1].holds = True
            levels.append(_Level(at))
        elif levels:
            level = levels.pop()
            if level.holds:
                ends[level.start] = at
    return ends


@dataclass(slots=True)
class _Level:
    start: int
    holds: bool = False


def _after(lines: Sequence[str], start: int, marks: str) -> int:
    """The line after the code that begins at `start`."""
    ends = (at for at in range(start + 1, len(lines)) if closes(lines[at], marks))
    return next(ends, len(lines)) + 1


def _longest(lines: Sequence[str]) -> str:
    """The longest marks of any fence among the lines."""
    return max((found[2] for found in map(opens, lines) if found), key=len)
