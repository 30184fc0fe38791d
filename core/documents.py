"""Documents as values: what a chat says of them, and what an answer was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DocumentUse:
    """Whether a chat's questions are looked up in the documents; no collections means all.
    `unknown` keeps keys of the file this version does not know."""

    on: bool = False
    collections: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class UsedPassage:
    """A passage an answer was given, kept whole, so that the chat explains itself after the
    document is gone. `number` is the one the model was told; `sentence` is nearest to the question;
    `heading` is the path of headings above it. `unknown` keeps keys this version does not know."""

    number: int
    document: str
    name: str
    text: str
    sentence: str = ""
    page: int | None = None
    heading: tuple[str, ...] = ()
    score: float = 0.0
    unknown: Mapping[str, Any] = field(default_factory=dict)
