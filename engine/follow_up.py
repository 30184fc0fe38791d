"""Questions that follow others: searched alone, and together with the one before, always.

"Peki ya ikincisi?" names nothing that a document could be found by, and which question stands alone
cannot be told by its words (`python -m bench follow_ups` has the weights' cost). Nor can a request
about the answer before, like "daha kısa yaz": so the best passages for the question before stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.values import Hit

Search = Callable[[str, int], Sequence["Hit"]]
"""Search for a text, and give so many passages at most."""

_DEPTH = 30
_TOGETHER = 0.4
"""How much the search together with the question before counts."""


def search(look: Search, question: str, earlier: Sequence[str], count: int) -> tuple[Hit, ...]:
    """The `count` best passages for a question that follows others, oldest first; behind them half
    as many for the question before. Blocks."""
    if not earlier:
        return tuple(look(question, count))
    hits = _best(look, question, earlier, count)
    before = _best(look, earlier[-1], earlier[:-1], count // 2)
    found = {hit.passage.chunk for hit in hits}
    return (*hits, *(hit for hit in before if hit.passage.chunk not in found))


def _best(look: Search, question: str, earlier: Sequence[str], count: int) -> Sequence[Hit]:
    if not earlier:
        return look(question, count)
    depth = max(count, _DEPTH)
    together = look(f"{earlier[-1]} {question}", depth)
    return _fused(look(question, depth), together)[:count]


def _fused(alone: Sequence[Hit], together: Sequence[Hit]) -> tuple[Hit, ...]:
    """Both rankings as one; a passage that one of them lacks is no better there than its last."""
    own, both = ({hit.passage.chunk: hit for hit in hits} for hits in (alone, together))
    low, lowest = (min((hit.score for hit in hits), default=0.0) for hits in (alone, together))
    fused = [
        replace(
            hit,
            score=(1 - _TOGETHER) * (own[one].score if one in own else low)
            + _TOGETHER * (both[one].score if one in both else lowest),
            match=max(held[one].match for held in (own, both) if one in held),
        )
        for one, hit in (both | own).items()
    ]
    return tuple(sorted(fused, key=lambda hit: -hit.score))
