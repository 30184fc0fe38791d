"""XQuAD in Turkish and English: the same paragraphs and questions in both."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "xquad"
Question = tuple[str, int]
"""A question, and the place of its paragraph among all."""


@dataclass(frozen=True)
class Xquad:
    """One language of XQuAD. `article` is the number of each paragraph's article."""

    articles: Sequence[Sequence[str]]
    questions: Sequence[Question]
    article: Sequence[int]

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of all articles."""
        return [one for article in self.articles for one in article]


def read(language: str) -> Xquad:
    """XQuAD in a language, "tr" or "en"."""
    held = json.loads((DATA / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    paragraphs = [(n, one) for n, article in enumerate(held) for one in article["paragraphs"]]
    return Xquad(
        [[str(one["context"]) for one in article["paragraphs"]] for article in held],
        [
            (str(question["question"]), place)
            for place, (_, one) in enumerate(paragraphs)
            for question in one["qas"]
        ],
        [number for number, _ in paragraphs],
    )


def ndcg(found: Callable[[str], Sequence[int]], questions: Sequence[Question]) -> float:
    """nDCG@10 over questions of one paragraph each; `found` gives the places of paragraphs."""
    gains = []
    for text, place in questions:
        places = found(text)[:10]
        gains.append(1 / math.log2(places.index(place) + 2) if place in places else 0.0)
    return statistics.fmean(gains)
