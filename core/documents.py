"""Documents as values: what a chat says of them, and what an answer was given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentUse:
    """Whether a chat's questions are looked up in the documents; no collections means all."""

    on: bool = False
    collections: tuple[str, ...] = ()


@dataclass(frozen=True)
class UsedPassage:
    """A passage an answer was given, kept whole, so that the chat explains itself after the
    document is gone. `number` is the one the model was told; `sentence` is nearest to the question;
    `heading` is the path of headings above it."""

    number: int
    document: str
    name: str
    text: str
    sentence: str = ""
    page: int | None = None
    heading: tuple[str, ...] = ()
    score: float = 0.0
