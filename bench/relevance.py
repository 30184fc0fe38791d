"""Documents: which questions are told that nothing fits, with and without their article."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.table import Row, load
from rag.embedders import Embedder, Vectors
from rag.library import Library
from rag.relevance import Signals, evidence
from rag.values import Chunk

SIZES = (48, 5, 1)
"""Articles in a library."""
LANGUAGES = ("tr", "en")
Key = tuple[str, str, int, bool]
"""Language of the questions and of the texts, articles in the library, whether theirs is one."""
BEFORE = {
    ("tr", "tr"): (0.018, 0.468),
    ("en", "en"): (0.003, 0.461),
    ("tr", "en"): (0.070, 0.331),
    ("en", "tr"): (0.027, 0.208),
}
"""What a threshold on nearness and shared words sent away of 48 articles: wrongly, rightly."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question, which article it is about, and what spoke for the passages found."""

    article: int
    signals: tuple[Signals, ...]


class Remembering:
    """An embedder that embeds no text twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, str], Vectors] = {}
        self.name, self.dimension, self.floor = embedder.name, embedder.dimension, embedder.floor
        self.pools, self.languages = embedder.pools, embedder.languages

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that will be searched."""
        return self._each("passages", texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is searched for."""
        return self._each("questions", texts)

    def _each(self, kind: str, texts: Sequence[str]) -> Vectors:
        fresh = [one for one in dict.fromkeys(texts) if (kind, one) not in self._known]
        if fresh:
            made: Vectors = getattr(self._embedder, kind)(fresh)
            self._known |= {(kind, text): row for text, row in zip(fresh, made, strict=True)}
        return np.array([self._known[kind, one] for one in texts], np.float32)


@dataclass(frozen=True)
class Article:
    """A subject of XQuAD."""

    paragraphs: Sequence[str]
    questions: Sequence[str]


def articles(data: Path, language: str) -> list[Article]:
    """XQuAD's articles in one language."""
    held = json.loads((data / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    return [
        Article(
            [str(one["context"]) for one in article["paragraphs"]],
            [str(q["question"]) for one in article["paragraphs"] for q in one["qas"]],
        )
        for article in held
    ]


def collect(
    data: Path, embedder: Embedder, every: int, languages: Sequence[str] = LANGUAGES
) -> Mapping[Key, list[Asked]]:
    """The questions about every (or each so many) article, asked with and without it."""
    held = {language: articles(data, language) for language in languages}
    remembering = Remembering(embedder)
    found: dict[Key, list[Asked]] = {}
    for read in languages:
        for size in SIZES:
            for kept, asked in _libraries(len(held[read]), size, every):
                texts = [text for one in kept for text in held[read][one].paragraphs]
                with _library(remembering, texts) as library:
                    for language in languages:
                        for about, there in asked:
                            found.setdefault((language, read, size, there), []).extend(
                                Asked(about, library.search(question, 3).signals)
                                for question in held[language][about].questions
                            )
    return found


def _libraries(
    count: int, size: int, every: int
) -> Iterator[tuple[Sequence[int], Sequence[tuple[int, bool]]]]:
    """The articles of each library, and whose questions it is asked: there or not."""
    about = range(0, count, every)
    if size >= count:
        yield range(count), [(one, True) for one in about]
        for gone in about:
            yield [one for one in range(count) if one != gone], [(gone, False)]
        return
    for one in about:
        yield [(one + step) % count for step in range(size)], [(one, True)]
        yield [(one + 1 + step) % count for step in range(size)], [(one, False)]


@contextmanager
def _library(embedder: Embedder, texts: Sequence[str]) -> Iterator[Library]:
    with tempfile.TemporaryDirectory(prefix="divan-bench-") as folder:
        library = Library(Path(folder), lambda: embedder)
        document = library.take("xquad.txt", b"xquad", "bench")
        library.index(document.id, [Chunk(text) for text in texts])
        yield library
        library.close()


def measure(data: Path, embedder: Embedder, quick: bool) -> list[Row]:
    """Rows about questions that nothing fits; the fit is made again and told in the last two."""
    found = collect(data, embedder, 4 if quick else 1)
    # A quarter of the articles has too few wrong ones to be judged.
    judged = None if quick else SIZES[0]
    rows = [_row(found, pair, size, size == judged) for pair in BEFORE for size in SIZES]
    return rows + [_fitted(found, foreign) for foreign in (False, True)]


def _row(found: Mapping[Key, list[Asked]], pair: tuple[str, str], size: int, known: bool) -> Row:
    asked, read = pair
    wrongly, rightly = (
        float(np.mean([_best(one.signals) < 0 for one in found[asked, read, size, there]]))
        for there in (True, False)
    )
    was_wrongly, was_rightly = BEFORE[pair]
    return Row(
        f"library of {size}, {asked} to {read}: told rightly that nothing fits", "", rightly,
        was_rightly if known else None, "by a threshold" if known else "",
        wrongly if known else None, was_wrongly, aim=f"wrongly ≤ {was_wrongly}" if known else "",
        note=f"wrongly {wrongly:.3f}", load=load(),
    )  # fmt: skip


def _best(signals: Sequence[Signals]) -> float:
    return max(map(evidence, signals), default=-np.inf)


def _fitted(found: Mapping[Key, list[Asked]], foreign: bool) -> Row:
    """A logistic regression on half of the articles, judged on the others."""
    mine = {key: held for key, held in found.items() if (key[0] != key[1]) == foreign}
    halves = [_half(mine, half) for half in (0, 1)]
    weights = _regression(*halves[0])
    other, there = halves[1]
    scores = weights[0] + other @ weights[1:]
    names = ("start", "near", "words", "has names")[: len(weights)]
    told = ", ".join(f"{name} {one:.1f}" for name, one in zip(names, weights, strict=True))
    across = "across languages" if foreign else "in one language"
    return Row(
        f"relevance {across}, fitted anew: area under the curve, other half of the articles", "",
        _area(scores[there > 0], scores[there == 0]), note=told, load=load(),
    )  # fmt: skip


def _half(found: Mapping[Key, list[Asked]], half: int) -> tuple[Floats, Floats]:
    """The best passage of each question as numbers, and whether its article was there."""
    rows, there = [], []
    for key, held in found.items():
        for one in held:
            if one.article // 4 % 2 == half and one.signals:
                best = max(one.signals, key=evidence)
                named = [float(best.words is not None)] if key[0] != key[1] else []
                rows.append([best.near, best.words or 0.0, *named])
                there.append(float(key[3]))
    return np.array(rows), np.array(there)


def _regression(rows: Floats, there: Floats) -> Floats:
    """Newton's method; some thirty steps are more than it needs."""
    known = np.c_[np.ones(len(rows)), rows]
    weights: Floats = np.zeros(known.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-known @ weights))
        curve = known.T @ (known * (chance * (1 - chance))[:, None])
        weights += np.linalg.solve(curve + 1e-2 * np.eye(len(weights)), known.T @ (there - chance))
    return weights


def _area(right: Floats, wrong: Floats) -> float:
    """How often a question with its article there scores higher than one without."""
    below = np.searchsorted(np.sort(wrong), right)
    return float(below.mean() / len(wrong))
