"""The search keeps its promises on XQuAD: in Turkish, in English, and from one to the other."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from bench.follow_ups import FOLLOW_UPS, places
from rag.embedders import Embedder
from rag.library import Library
from rag.search import Found
from rag.values import Chunk
from tests.support.data import XQUAD

EVERY = 4
"""Of the 1,190 questions in each language every fourth: the bench asks them all."""


@cache
def articles(language: str) -> list[dict[str, Any]]:
    text = (XQUAD / f"xquad.{language}.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["data"]
    return found


@dataclass(frozen=True)
class Asked:
    """A question, the place of its article, and the place of its paragraph in the library."""

    text: str
    article: int
    paragraph: int


def questions(language: str) -> list[Asked]:
    paragraphs = [
        (number, paragraph)
        for number, article in enumerate(articles(language))
        for paragraph in article["paragraphs"]
    ]
    return [
        Asked(str(question["question"]), number, place)
        for place, (number, paragraph) in enumerate(paragraphs)
        for question in paragraph["qas"]
    ][::EVERY]


@dataclass(frozen=True)
class Held:
    """A library with a document for each article; `chunks` are its paragraphs in their order."""

    library: Library
    documents: Sequence[int]
    chunks: Sequence[int]


@pytest.fixture(scope="module")
def held(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> Iterator[Callable[[str], Held]]:
    """The articles of a language, indexed at the first use."""

    @cache
    def index(language: str) -> Held:
        library = Library(tmp_path_factory.mktemp(language), lambda: embedder)
        libraries.append(library)
        documents = []
        for number, article in enumerate(articles(language)):
            documents.append(library.take(f"{number}.txt", str(number).encode(), "c").id)
            chunks = [Chunk(str(one["context"])) for one in article["paragraphs"]]
            library.index(documents[-1], chunks)
        library.save()
        return Held(library, documents, [row.id for row in library.records.rows()])

    libraries: list[Library] = []
    yield index
    for library in libraries:
        library.close()


Search = Callable[[str, str], list[tuple[Asked, Found]]]


@pytest.fixture(scope="module")
def searched(held: Callable[[str], Held], embedder: Embedder) -> Search:
    """What is found for the questions of one language in the articles of another."""
    for language in ("tr", "en"):
        # Many at once are embedded faster; from then on the embedder knows them.
        embedder.questions([one.text for one in questions(language)])

    @cache
    def search(asked: str, read: str) -> list[tuple[Asked, Found]]:
        return [(one, held(read).library.search(one.text, 10)) for one in questions(asked)]

    return search


@pytest.mark.parametrize(
    ("asked", "read", "least"),
    [("tr", "tr", 0.955), ("en", "en", 0.970), ("tr", "en", 0.84), ("en", "tr", 0.84)],
)
def test_ndcg_at_ten(
    asked: str, read: str, least: float, held: Callable[[str], Held], searched: Search
) -> None:
    own = {chunk: place for place, chunk in enumerate(held(read).chunks)}
    gains = []
    for question, result in searched(asked, read):
        found = [own[hit.passage.chunk] for hit in result.hits]
        right = question.paragraph
        gains.append(1 / math.log2(found.index(right) + 2) if right in found else 0)

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
    asked: str,
    read: str,
    wrongly: float,
    rightly: float,
    held: Callable[[str], Held],
    searched: Search,
) -> None:
    kept = [found.relevant for _, found in searched(asked, read)]
    library, documents = held(read).library, held(read).documents
    padded = [
        library.search(one.text, 3, set(documents) - {documents[one.article]}).relevant
        for one in questions(asked)
    ]

    assert 1 - sum(kept) / len(kept) <= wrongly
    assert 1 - sum(padded) / len(padded) >= rightly


@pytest.mark.parametrize(("language", "least"), [("tr", 0.85), ("en", 0.95)])
def test_follow_ups_find_their_passage(
    language: str, least: float, held: Callable[[str], Held]
) -> None:
    lines = FOLLOW_UPS.read_text(encoding="utf-8").splitlines()
    asked = [one for one in map(json.loads, lines) if one["language"] == language]
    library = held(language).library
    found = [
        one["paragraph"] in places(library, one["question"], one["earlier"], 5) for one in asked
    ]
    assert sum(found) / len(found) >= least
