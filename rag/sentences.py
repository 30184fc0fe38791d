"""Sentences of a passage: embedded beside it, and what a citation highlights.

Libraries keep a vector for each sentence by its place. Whatever becomes better here may move the
ends of sentences, never their number: else old libraries would highlight the wrong ones.
"""

from __future__ import annotations

import re
from itertools import pairwise

_END = re.compile(r"(?<=[.!?…:;])[\"'”’)\]]*\s+|\n{2,}|\n(?=\s*(?:[-*•]|\d+[.)])\s)")
_SHORTEST = 60
_LONGEST = 500
_LONGEST_TITLE = 60
_LONGEST_WORD = 100
_WHITE = " \t\n"
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*((?:\d{1,3}|[A-Za-z])[.)])\s*\Z")
_CLOSING = '.!?…:;"”’)'


def sentences(text: str) -> list[str]:
    """The sentences in order, each a substring of the text; short ones are joined to the one
    before in their paragraph, so that an abbreviation's dot does no harm, endless ones are cut
    between words, a list's number stays with what it counts, and titles are left out."""
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        last = spans[-1] if spans else None
        if last and _belong(text, last, (start, end)):
            spans[-1] = (last[0], end)
        else:
            spans.append((start, end))
    said = [span for span in spans if not _is_title(text, span)]
    return [text[start:end] for start, end in _moved(text, said or spans)]


def _moved(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many spans, none of which ends within a word or with the number of the next."""
    moved = list(spans)
    for place, ((start, end), (following, last)) in enumerate(pairwise(spans)):
        at = _word_cut(text, start, end) if end == following else None
        at = at or _number_cut(text, start, end, following)
        if at:
            moved[place] = (moved[place][0], start + len(text[start:at].rstrip()))
            moved[place + 1] = (at, last)
    return moved


def _word_cut(text: str, start: int, end: int) -> int | None:
    """Where the word begins that `end` cuts; None in a word without end."""
    space = max(text.rfind(sign, max(start, end - _LONGEST_WORD), end) for sign in _WHITE)
    return space + 1 if space >= 0 and text[start:space].strip() else None


def _number_cut(text: str, start: int, end: int, following: int) -> int | None:
    number, between = _LIST_NUMBER.search(text, start, end), text[end:following]
    stays = number is None or number.start() == start or between.strip() or "\n\n" in between
    return None if stays or number is None else number.start(1)


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
