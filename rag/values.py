"""What flows through retrieval: parts of a document, chunks, passages and hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "table"]
Language = Literal["tr", "en", ""]
"""The language a text is in, as far as the search cares; "" where it is neither or unclear."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a loaded document, in reading order: at most one page, under one heading.

    `page` counts from 1 where the format has pages (slides and sheets count as pages); `heading` is
    the path of headings above it; `ocr` says that the text was read from a picture.
    """

    text: str
    page: int | None = None
    heading: tuple[str, ...] = ()
    kind: Kind = "text"
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and found: some 1,200 characters of one document, never of two. `ocr` says
    that the text was read from a picture."""

    text: str
    page: int | None = None
    heading: tuple[str, ...] = ()
    ocr: bool = False


HEADINGS = " › "


def titled(heading: Sequence[str], text: str) -> str:
    """A chunk's text with the headings above it: what is searched."""
    return f"{HEADINGS.join(heading)}\n{text}" if heading else text


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk with where it is from; `chunk` and `document` are their ids in the library."""

    chunk: int
    document: str
    name: str
    text: str
    page: int | None = None
    heading: tuple[str, ...] = ()
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage, best first. `score` is what they are ordered by; `lexical` and `dense` are
    its parts in standard deviations above the collection's mean. `match` compares with no other
    passage: its nearness above what texts of unlike subjects have, plus the share of the question's
    words it has. `sentence` is the sentence of the passage nearest to the question."""

    passage: Passage
    score: float
    lexical: float
    dense: float
    match: float = 0.0
    sentence: str = ""
