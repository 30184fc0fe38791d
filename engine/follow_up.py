"""Questions that follow others: searched alone, and together with the one before, always.

"Peki ya ikincisi?" names nothing that a document could be found by, and which question stands alone
cannot be told by its words. The weights are measured (`python -m bench follow_ups`): together alone
costs a question behind an unrelated one a fifth of its passages, the two as one a hundredth.
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
    """The best passages for a question that follows others, oldest first. Blocks."""
    if not earlier:
        return tuple(look(question, count))
    depth = max(count, _DEPTH)
    together = look(f"{earlier[-1]} {question}", depth)
    return _fused(look(question, depth), together)[:count]


def _fused(alone: Sequence[Hit], together: Sequence[Hit]) -> tuple[Hit, ...]:
    """Both rankings as one; a passage that one of them lacks is no better there than its last."""
    own, both = ({hit.passage.chunk: hit for hit in hits} for hits in (alone, together))
    lowest = [min((hit.score for hit in hits), default=0.0) for hits in (alone, together)]

    def score(chunk: int) -> float:
        scores = [
            held[chunk].score if chunk in held else low
            for held, low in zip((own, both), lowest, strict=True)
        ]
        return (1 - _TOGETHER) * scores[0] + _TOGETHER * scores[1]

    fused = [replace(hit, score=score(chunk)) for chunk, hit in (both | own).items()]
    return tuple(sorted(fused, key=lambda hit: -hit.score))
