"""Documents as values: what a chat says of them, and what an answer was given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_ONE_DOCUMENT = re.compile(r"#(\d{1,18})\t([^\t]*)")


@dataclass(frozen=True)
class DocumentUse:
    """Whether a chat's questions are looked up in the documents; no collections means all. A single
    document is a collection of one, named by `ChosenDocument.place`. `unknown` keeps keys of the
    file this version does not know."""

    on: bool = False
    collections: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChosenDocument:
    """A document somebody chose by itself; its name is kept to be told once it is gone."""

    id: int
    name: str

    @property
    def place(self) -> str:
        """How it stands among collections: with a tab, which no collection's name can hold."""
        return f"#{self.id}\t{self.name.replace(chr(9), ' ')}"


def document_in(place: str) -> ChosenDocument | None:
    """The document that a name among collections stands for; None where it is a collection's."""
    found = _ONE_DOCUMENT.fullmatch(place)
    return ChosenDocument(int(found[1]), found[2]) if found else None


@dataclass(frozen=True)
class UsedPassage:
    """A passage an answer was given, kept whole, so that the chat explains itself after the
    document is gone. `number` is the one the model was told; `sentence` is nearest to the question;
    `heading` is the path of headings above it; `ocr` says that it was read from a
    picture. `unknown` keeps keys this version does not know."""

    number: int
    document: str
    name: str
    text: str
    sentence: str = ""
    page: int | None = None
    heading: tuple[str, ...] = ()
    score: float = 0.0
    ocr: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What a prompt gets from the documents: passages, best first or in reading order, and a line
    for each document they were chosen from (`listed`). `weak` says that no passage matches the
    question well. Without passages the model is told that there are none."""

    passages: tuple[UsedPassage, ...] = ()
    listed: tuple[str, ...] = ()
    weak: bool = False
