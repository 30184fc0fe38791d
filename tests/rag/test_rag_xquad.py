"""The search keeps its promises on XQuAD: in Turkish, in English, and from one to the other."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from rag.embedders import Embedder
from rag.library import Library
from rag.values import Chunk
from tests.support.data import XQUAD

EVERY = 4
"""Of the 1,190 questions in each language every fourth: the bench asks them all."""


def articles(language: str) -> list[dict[str, Any]]:
    text = (XQUAD / f"xquad.{language}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["data"]
    return found


def paragraphs(language: str) -> list[dict[str, Any]]:
    return [paragraph for article in articles(language) for paragraph in article["paragraphs"]]


@pytest.mark.parametrize(
    ("asked", "read", "least"),
    [("tr", "tr", 0.955), ("en", "en", 0.970), ("tr", "en", 0.84), ("en", "tr", 0.84)],
)
def test_ndcg_at_ten(
    asked: str, read: str, least: float, tmp_path: Path, embedder: Embedder
) -> None:
    library = Library(tmp_path, lambda: embedder)
    document = library.take("xquad.txt", read.encode(), "c")
    library.index(document.id, [Chunk(str(one["context"])) for one in paragraphs(read)])
    own = {row.id: place for place, row in enumerate(library.records.rows())}
    gains = []
    questions = [
        (str(question["question"]), place)
        for place, one in enumerate(paragraphs(asked))
        for question in one["qas"]
    ]
    for question, place in questions[::EVERY]:
        found = [own[hit.passage.chunk] for hit in library.search(question, 10).hits]
        gains.append(1 / math.log2(found.index(place) + 2) if place in found else 0)
    library.close()

    assert sum(gains) / len(gains) >= least


@pytest.mark.parametrize(
    ("asked", "read", "wrongly", "rightly"),
    [
        ("tr", "tr", 0.012, 0.52),
        ("en", "en", 0.005, 0.50),
        ("tr", "en", 0.075, 0.34),
        ("en", "tr", 0.031, 0.28),
    ],
)
def test_a_question_is_sent_away_where_its_subject_is_missing_and_hardly_ever_else(
    asked: str, read: str, wrongly: float, rightly: float, tmp_path: Path, embedder: Embedder
) -> None:
    library = Library(tmp_path, lambda: embedder)
    ids = []
    for number, article in enumerate(articles(read)):
        ids.append(library.take(f"{number}.txt", str(number).encode(), "c").id)
        library.index(ids[-1], [Chunk(str(one["context"])) for one in article["paragraphs"]])
    questions = [
        (str(question["question"]), ids[number])
        for number, article in enumerate(articles(asked))
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
    ][::EVERY]
    kept = [library.search(text, 3).relevant for text, _ in questions]
    others = [set(ids) - {own} for _, own in questions]
    padded = [
        library.search(text, 3, some).relevant
        for (text, _), some in zip(questions, others, strict=True)
    ]
    library.close()

    assert 1 - sum(kept) / len(kept) <= wrongly
    assert 1 - sum(padded) / len(padded) >= rightly
