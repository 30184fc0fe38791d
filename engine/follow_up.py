"""Questions that are not searched by their own words alone: they point back to earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.search import Found

Look = Callable[[str, int], "Found"]
"""Search for a text, and give so many passages at most."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, and the earlier question that was searched along, "" for none."""

    found: Found
    with_question: str = ""


def search(look: Look, question: str, earlier: Sequence[str], count: int) -> Searched:
    """The best passages for a question that follows others, oldest first. Blocks."""
    return Searched(look(question, count))
