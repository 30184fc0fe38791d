"""Where the words of a query stand in a text: as patterns, and as a snippet of the first hit."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

from core.excerpt import plain
from storage.words import LETTERS, UNSPACED, fold, is_unspaced, lengths

HIT_START, HIT_END = "\ue000", "\ue001"
_SPACES = re.compile(r"\s+")
_MARKS = str.maketrans("", "", HIT_START + HIT_END)
_IN_WORD = f"[0-9{LETTERS}]"
_BETWEEN = f"[^0-9{LETTERS}{UNSPACED}]"
_MOST_BETWEEN = 40
_BEFORE, _AROUND = 20, 120
_READ_BEFORE, _READ_BEHIND = 300, 400
_WINDOW, _OVERLAP = 2048, 200


def patterns(words: tuple[str, ...]) -> tuple[str, ...]:
    """A regular expression for each word of a query, the last one as a beginning, to be used on
    folded text. Python and the browser read them alike."""
    last = len(words) - 1
    return tuple(_pattern(word, at == last) for at, word in enumerate(words))


def _pattern(word: str, is_beginning: bool) -> str:
    tokens = word.split(" ")
    pieces = [_head(tokens[0])]
    for before, token in pairwise(tokens):
        least = 0 if _may_touch(before, token) else 1
        pieces.append(f"{_BETWEEN}{{{least},{_MOST_BETWEEN}}}{_escaped(token)}")
    return "".join([*pieces, _tail(tokens[-1], is_beginning)])


def _may_touch(before: str, token: str) -> bool:
    has_mark = before.endswith(("+", "#")) or token.startswith(".")
    return has_mark or is_unspaced(before) or is_unspaced(token)


def _escaped(token: str) -> str:
    return re.sub(r"[.+]", r"\\\g<0>", token)


def _head(token: str) -> str:
    """The first token, which comes before the look at what stands before it: `re` finds letters
    quickly."""
    token, before = _escaped(token), r"\." if token.startswith(".") else _IN_WORD
    return token if is_unspaced(token) else f"{token}(?<!{before}{token})"


def _tail(token: str, is_beginning: bool) -> str:
    if is_unspaced(token):
        return ""
    if token.endswith(("+", "#")):
        return f"{'[+]?' if is_beginning else ''}(?![{LETTERS}+#])"
    return f"{_IN_WORD}*" if is_beginning else f"(?!{_IN_WORD})"


def snippet(text: str, words: tuple[str, ...]) -> str:
    """About 120 characters around the first hit, without the marks of Markdown, hits marked; empty
    where nothing hits."""
    hits = re.compile("|".join(patterns(words)))
    first = _first(text, hits)
    if first is None:
        return ""
    at = _read_from(text, first)
    until = first + _READ_BEHIND
    line, place = _line(text[at:until].translate(_MARKS), hits)
    start = max(0, place - _BEFORE)
    start = _next_word(line, start) if start else 0
    shown = _marked(line[start : start + _AROUND], hits).strip()
    ends = start + _AROUND < len(line) or until < len(text)
    return ("…" if start or at else "") + shown + ("…" if ends else "")


def _read_from(text: str, first: int) -> int:
    """Where to begin to read, so that a line with a hit is whole unless it is very long."""
    start = max(0, first - _READ_BEFORE)
    if not start:
        return 0
    breaks = (text.find(space, start, first) for space in "\n ")
    return next((at + 1 for at in breaks if at >= 0), start)


def _line(piece: str, hits: re.Pattern[str]) -> tuple[str, int]:
    """A piece of text in one line, and where in it the first hit begins. A hit in a mark, like the
    address of a link, shows the text as it was written."""
    for line in (plain(piece), _SPACES.sub(" ", piece).strip()):
        folded = fold(line)
        found = hits.search(folded)
        if found:
            return line, _original(line, found.start())
    return line, 0


def _first(text: str, hits: re.Pattern[str]) -> int | None:
    """Where the first hit begins; windows overlap, for most hits come early in a long text."""
    for at in range(0, len(text), _WINDOW):
        window = text[at : at + _WINDOW + _OVERLAP]
        # What touches the start of a later window may be half a word; the one before saw it whole.
        found = hits.search(fold(window), 1 if at else 0)
        if found:
            return at + _original(window, found.start())
    return None


def _original(text: str, place: int) -> int:
    """Where a place in the folded text lies in the original: folding may change lengths."""
    if text.isascii():
        return place
    ends = accumulate(lengths(text))
    return next(index for index, end in enumerate(ends) if end > place)


def _next_word(text: str, start: int) -> int:
    space = text.find(" ", start, start + _BEFORE // 2)
    return space + 1 if space >= 0 else start


def _marked(part: str, hits: re.Pattern[str]) -> str:
    pieces, done = [], 0
    for hit in hits.finditer(fold(part)):
        start = _original(part, hit.start())
        end = _original(part, hit.end() - 1) + 1
        pieces += [part[done:start], HIT_START, part[start:end], HIT_END]
        done = end
    return "".join([*pieces, part[done:]])
