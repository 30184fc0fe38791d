"""What differs between two answers, word by word, and between two ways through a chat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, takewhile, zip_longest
from typing import Literal

from core.conversation import Conversation, Message

Kind = Literal["same", "out", "in"]
Piece = tuple[Kind, str]
"""A run of text: in both, only in the first (`out`), or only in the second (`in`)."""

_END: Piece = ("same", "")
_TOKEN = re.compile(r"(?:\w+|[^\w\s])\s*|\s+")
_MOST_WORDS = 40_000
_SHORTEST_ISLAND = 2


@dataclass(frozen=True)
class Pair:
    """One question of two paths and what each path has for it; None where one has nothing."""

    question_a: Message | None
    question_b: Message | None
    a: Message | None
    b: Message | None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """From the answer of the first path to that of the second."""
        return word_diff(self.a.content if self.a else "", self.b.content if self.b else "")


def pairs(chat: Conversation, a: str, b: str) -> tuple[Pair, ...]:
    """The rounds of the paths that end at the messages `a` and `b`, from where they part.

    The first rounds stand beside each other, then the second ones, and so on. Raises KeyError for
    a message the chat does not have.
    """
    for end in (a, b):
        if chat.message(end) is None:
            raise KeyError(end)
    both = zip_longest(_rounds(chat.path(a)), _rounds(chat.path(b)), fillvalue=_NOTHING)
    return tuple(
        Pair(question_a, question_b, answer_a, answer_b)
        for (question_a, answer_a), (question_b, answer_b) in both
        if answer_a is not answer_b or question_a is not question_b
    )


def pair(chat: Conversation, a: str, b: str) -> Pair:
    """Two answers alone, each with its question, whatever came before them. Raises KeyError for a
    message the chat does not have."""
    first, second = chat.message(a), chat.message(b)
    if first is None or second is None:
        raise KeyError(a if first is None else b)
    asked = [chat.message(one.parent or "") for one in (first, second)]
    return Pair(asked[0], asked[1], first, second)


def word_diff(a: str, b: str) -> tuple[Piece, ...]:
    """What turns `a` into `b`. `same` and `out` pieces together are `a`, `same` and `in` are `b`.

    Lines are matched first, then the words of the lines that changed: an answer of 12,000 tokens
    takes a fraction of a second. Changed parts beyond 40,000 words are given as wholes.
    """
    lines_a, lines_b = a.splitlines(keepends=True), b.splitlines(keepends=True)
    found: list[Piece] = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, lines_a, lines_b).get_opcodes():
        old, new = "".join(lines_a[a0:a1]), "".join(lines_b[b0:b1])
        found += [("same", old)] if kind == "equal" else _words(old, new)
    return tuple(_joined(_without_islands(tuple(_joined(found)))))


_Round = tuple[Message | None, Message | None]
_NOTHING: _Round = (None, None)


def _rounds(path: Sequence[Message]) -> Iterator[_Round]:
    """Each question with its answer; one that stands alone makes a round, too."""
    question: Message | None = None
    for message in path:
        if message.role == "assistant":
            yield question, message
            question = None
        else:
            if question:
                yield question, None
            question = message
    if question:
        yield question, None


def _words(a: str, b: str) -> list[Piece]:
    words_a, words_b = _TOKEN.findall(a), _TOKEN.findall(b)
    if not a or not b or len(words_a) + len(words_b) > _MOST_WORDS:
        return _change(a, b)
    found: list[Piece] = []
    # Words are matched without the spaces after them: half the work, and a line that was broken
    # elsewhere changes no word.
    bare_a, bare_b = [word.rstrip() for word in words_a], [word.rstrip() for word in words_b]
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, bare_a, bare_b).get_opcodes():
        if kind == "equal":
            for old, new in zip(words_a[a0:a1], words_b[b0:b1], strict=True):
                found += _same_word(old, new)
        else:
            found += _change("".join(words_a[a0:a1]), "".join(words_b[b0:b1]))
    return found


def _same_word(old: str, new: str) -> list[Piece]:
    if old == new:
        return [("same", old)]
    word = old.rstrip()
    return [("same", word), *_change(old[len(word) :], new[len(word) :])]


def _change(old: str, new: str) -> list[Piece]:
    pieces: tuple[Piece, Piece] = (("out", old), ("in", new))
    return [piece for piece in pieces if piece[1]]


def _without_islands(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Spaces and single marks between two changes belong to the change: nobody reads word salad."""
    for at, (kind, text) in enumerate(pieces):
        between = 0 < at < len(pieces) - 1
        if kind == "same" and between and len(text.strip()) < _SHORTEST_ISLAND:
            yield "out", text
            yield "in", text
        else:
            yield kind, text


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; within a change, what goes comes before what comes."""
    out, new, same = "", "", ""
    for kind, text in chain(pieces, [_END]):
        if kind != "same" and same:
            yield "same", same
            same = ""
        elif kind == "same" and (out or new):
            same = _common_space(out, new)
            yield from _change(out.removesuffix(same), new.removesuffix(same))
            out = new = ""
        out += text if kind == "out" else ""
        new += text if kind == "in" else ""
        same += text if kind == "same" else ""
    if same:
        yield "same", same


def _common_space(a: str, b: str) -> str:
    """The spaces both end with: they are no part of what changed between the two."""
    spaces_a, spaces_b = a[len(a.rstrip()) :], b[len(b.rstrip()) :]
    backwards = zip(reversed(spaces_a), reversed(spaces_b), strict=False)
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], backwards)))
    return a[len(a) - common :]
