"""The search keeps its promises on XQuAD: in Turkish, in English, and from one to the other."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.follow_ups import FOLLOW_UPS, places
from rag.embedders import Embedder
from rag.library import Library
from rag.values import Chunk, Hit
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


Search = Callable[[str, str], list[tuple[Asked, Sequence[Hit]]]]


@pytest.fixture(scope="module")
def searched(held: Callable[[str], Held], embedder: Embedder) -> Search:
    """What is found for the questions of one language in the articles of another."""
    for language in ("tr", "en"):
        # Many at once are embedded faster; from then on the embedder knows them.
        embedder.questions([one.text for one in questions(language)])

    @cache
    def search(asked: str, read: str) -> list[tuple[Asked, Sequence[Hit]]]:
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
        found = [own[hit.passage.chunk] for hit in result]
        right = question.paragraph
        gains.append(1 / math.log2(found.index(right) + 2) if right in found else 0)

    assert sum(gains) / len(gains) >= least


def test_a_library_of_two_languages_is_searched_in_both(embedder: Embedder, tmp_path: Path) -> None:
    """Half of the articles in each language: the bench has all questions, and both halves."""
    library = Library(tmp_path, lambda: embedder)
    for number, (turkish, english) in enumerate(zip(articles("tr"), articles("en"), strict=True)):
        article = english if number % 2 else turkish
        document = library.take(f"{number}.txt", str(number).encode(), "c")
        library.index(document.id, [Chunk(str(one["context"])) for one in article["paragraphs"]])
    own = [row.id for row in library.records.rows()]
    gains = []
    for asked, odd in (("tr", 1), ("en", 0)):
        for one in (one for one in questions(asked) if one.article % 2 == odd):
            found = [own.index(hit.passage.chunk) for hit in library.search(one.text, 10)]
            right = one.paragraph
            gains.append(1 / math.log2(found.index(right) + 2) if right in found else 0)
    library.close()
    assert sum(gains) / len(gains) >= 0.8


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
