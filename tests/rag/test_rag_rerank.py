"""The second look: its order wins, and the real loading code runs on a folder."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from rag.rerank import open_reranker, rerank
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cross-encoder with made-up weights, in the files a real one has."""
    transformers: Any = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cay", "kahve", "nerede", "yetisir"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt"))
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, num_labels=1,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_a_folder_is_loaded_and_scores_each_text(folder: Path) -> None:
    scores = open_reranker(str(folder))("cay nerede", ["cay yetisir", "kahve"])

    assert len(scores) == 2
    assert all(math.isfinite(score) for score in scores)
