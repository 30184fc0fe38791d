"""A second look at the best passages, with a cross-encoder: off unless the catalog names one.

It reads question and passage together, which is slower and often more exact than comparing vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rag.values import Hit, titled

Reranker = Callable[[str, Sequence[str]], Sequence[float]]
"""How well each text answers a question; larger is better. Blocks."""

DEPTH = 30
"""How many of the best passages are looked at again."""
_BATCH = 16


def open_reranker(name: str) -> Reranker:
    """A cross-encoder of sentence-transformers: a hub id or a folder. Code that a model brings
    along is never run. Raises ImportError, and what sentence-transformers raises."""
    from sentence_transformers import CrossEncoder

    model: Any = CrossEncoder(name, device="cpu", trust_remote_code=False)

    def scores(question: str, texts: Sequence[str]) -> Sequence[float]:
        pairs = [(question, text) for text in texts]
        made = model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return [float(one) for one in made]

    return scores


def rerank(question: str, hits: Sequence[Hit], reranker: Reranker) -> tuple[Hit, ...]:
    """The hits in the reranker's order, its score in place of theirs."""
    if not hits:
        return ()
    texts = [titled(hit.passage.heading, hit.passage.text) for hit in hits]
    scored = zip(hits, reranker(question, texts), strict=True)
    again = [replace(hit, score=score) for hit, score in scored]
    return tuple(sorted(again, key=lambda hit: -hit.score))
