"""The search keeps its promise on XQuAD: in Turkish, in English, and from one to the other."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from rag.embedders import Embedder
from rag.library import Library
from rag.values import Chunk

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
EVERY = 4
"""Of the 1,190 questions in each language every fourth: the bench asks them all."""


def paragraphs(language: str) -> list[dict[str, object]]:
    path = DATA / f"xquad.{language}.json"
    if not path.exists():
        pytest.skip("no ../shared/data/xquad.*.json here")
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [paragraph for article in articles for paragraph in article["paragraphs"]]


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
        for question in one["qas"]  # type: ignore[attr-defined]
    ]
    for question, place in questions[::EVERY]:
        found = [own[hit.passage.chunk] for hit in library.search(question, 10).hits]
        gains.append(1 / math.log2(found.index(place) + 2) if place in found else 0)
    library.close()

    assert sum(gains) / len(gains) >= least
