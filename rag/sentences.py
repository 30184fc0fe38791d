"""Sentences of a passage: embedded beside it, and what a citation highlights."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…:;])[\"'”’)\]]*\s+|\n{2,}|\n(?=\s*(?:[-*•]|\d+[.)])\s)")
_SHORTEST = 60
_LONGEST = 500
_LONGEST_TITLE = 60
_CLOSING = '.!?…:;"”’)'


def sentences(text: str) -> list[str]:
    """The sentences in order, each a substring of the text; short ones are joined to the one
    before in their paragraph, so that an abbreviation's dot does no harm, endless ones are cut, and
    titles are left out."""
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        last = spans[-1] if spans else None
        if last and _belong(text, last, (start, end)):
            spans[-1] = (last[0], end)
        else:
            spans.append((start, end))
    said = [span for span in spans if not _is_title(text, span)]
    return [text[start:end] for start, end in said or spans]


def _is_title(text: str, span: tuple[int, int]) -> bool:
    """Whether a short line stands alone above something else: that is no answer to any question."""
    start, end = span
    alone = text.startswith("\n\n", end) and (start == 0 or text[:start].endswith("\n\n"))
    return alone and end - start < _LONGEST_TITLE and text[end - 1] not in _CLOSING


def _belong(text: str, one: tuple[int, int], following: tuple[int, int]) -> bool:
    if "\n\n" in text[one[1] : following[0]]:
        return False
    return one[1] - one[0] < _SHORTEST or following[1] - following[0] < _SHORTEST // 3


def _pieces(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for match in [*_END.finditer(text), None]:
        end = match.start() if match else len(text)
        found += [
            (at, min(at + _LONGEST, end))
            for at in range(start, end, _LONGEST)
            if text[at : min(at + _LONGEST, end)].strip()
        ]
        start = match.end() if match else end
    return found
