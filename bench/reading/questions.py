"""Questions with what a right passage looks like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_GAP = r"[^\n]*?"


@dataclass(frozen=True)
class Question:
    """A question about a file. `expected` are patterns of which a passage of that file must have
    one: what a person sees in the program that made the file, in its usual spellings."""

    text: str
    file: str
    expected: tuple[str, ...]


def ask(file: str, text: str, *expected: str) -> Question:
    """A question whose answer is one of some patterns."""
    return Question(text, file, expected)


def said(text: str) -> str:
    """The pattern of a text, wherever its lines break."""
    return r"\s+".join(map(re.escape, text.split()))


def row(*cells: str) -> str:
    """The pattern of cells that stand in one line, in this order."""
    return _GAP.join(map(said, cells))


def inorder(*texts: str) -> str:
    """The pattern of texts that follow one another in a passage."""
    return ".*?".join(map(said, texts))


def together(*patterns: str, without: str = "") -> str:
    """The pattern of a passage that has all of some patterns in any order, and lacks a text."""
    lacks = f"(?!.*{said(without)})" if without else ""
    return r"\A" + lacks + "".join(f"(?=.*{one})" for one in patterns)


def answers(question: Question, text: str) -> bool:
    """Whether a passage has what is expected."""
    return any(re.search(one, plain(text), re.DOTALL) for one in question.expected)


def plain(text: str) -> str:
    """A text with one kind of hyphen and of space, as the eye sees it."""
    text = unicodedata.normalize("NFC", text).replace("\u2011", "-").replace("\u00a0", " ")
    return re.sub(r"[ \t]+", " ", text)
