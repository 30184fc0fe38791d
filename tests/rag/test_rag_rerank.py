"""The second look at what was found: its order wins."""

from __future__ import annotations

import pytest

from rag.rerank import rerank
from rag.values import Hit, Passage


def hit(text: str, score: float) -> Hit:
    return Hit(Passage(1, "1", "a.txt", text), score, 0, 0)


def test_the_order_and_the_scores_are_the_rerankers() -> None:
    hits = [hit("uzun bir metin", 3), hit("kısa", 2), hit("orta boy", 1)]

    again = rerank("?", hits, lambda _question, texts: [-len(text) for text in texts])

    assert [(one.passage.text, one.score) for one in again] == [
        ("kısa", -4),
        ("orta boy", -8),
        ("uzun bir metin", -14),
    ]


def test_nothing_found_is_nothing_to_look_at_again() -> None:
    assert rerank("?", [], lambda _question, _texts: pytest.fail("asked")) == ()
