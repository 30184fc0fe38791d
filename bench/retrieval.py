"""Documents: what the search finds on XQuAD, and how long it takes in a large library."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench import relevance, xquad
from bench.processes import resident_mb
from bench.remembering import Remembering
from bench.table import Row, load
from bench.xquad import Xquad
from rag.embedders import Embedder, Vectors, open_embedder
from rag.fusion import SETTINGS, Weights
from rag.library import Library
from rag.values import Chunk

CHUNKS, QUICK_CHUNKS = 100_000, 20_000
PAGES, PAGE_CHARACTERS = 200, 3000
OPEN_WEBUI_CPU_S = 54.0
"""Open WebUI for the same 200 pages on a machine like this one (noted, not measured here)."""
_AIMS = {("tr", "tr"): 0.955, ("en", "en"): 0.970, ("tr", "en"): 0.84, ("en", "tr"): 0.84}
_LANGUAGES = ("tr", "en")
_DIMENSION = 512


def measure(quick: bool) -> list[Row]:
    """All rows about documents."""
    data = {language: xquad.read(language) for language in ("tr", "en")}
    embedder = Remembering(open_embedder("use"))
    every = 4 if quick else 1
    rows = [row for pair in _AIMS for row in _quality(data, embedder, pair, every)]
    rows += _mixed(data, embedder, every)
    texts = [text for one in data.values() for text in one.paragraphs]
    rows += relevance.measure(data, embedder, every)
    rows.append(_indexing(texts, open_embedder("use")))
    return rows + _large(texts, data, QUICK_CHUNKS if quick else CHUNKS)


def _quality(
    data: dict[str, Xquad], embedder: Embedder, pair: tuple[str, str], every: int
) -> list[Row]:
    asked, read = pair
    questions = data[asked].questions[::every]
    scores = {}
    for name, weights in SETTINGS.items():
        with TemporaryDirectory(prefix="divan-bench-") as folder:
            library = _library(Path(folder), embedder, data[read].paragraphs, weights)
            scores[name] = _ndcg(library, questions)
            library.close()
    best = max(scores["words"], scores["vectors"])
    aim = _AIMS[pair]
    return [
        Row(
            f"XQuAD {asked} to {read}: nDCG@10", "", scores["both"], best,
            "better of words and vectors alone", scores["both"], aim, True, f"≥ {aim}",
            note=f"words {scores['words']:.3f}, vectors {scores['vectors']:.3f}", load=load(),
        )
    ]  # fmt: skip


def _library(
    folder: Path, embedder: Embedder, texts: Sequence[str], weights: Weights | None = None
) -> Library:
    library = Library(folder, lambda: embedder, weights)
    document = library.take("xquad.txt", b"xquad", "bench")
    library.index(document.id, [Chunk(text) for text in texts])
    return library


def _ndcg(library: Library, questions: Sequence[xquad.Question]) -> float:
    own = {row.id: place for place, row in enumerate(library.records.rows())}
    return xquad.ndcg(
        lambda text: [own[hit.passage.chunk] for hit in library.search(text, 10)], questions
    )


def _mixed(data: dict[str, Xquad], embedder: Embedder, every: int) -> list[Row]:
    """A library that is half Turkish, half English, and the same the other way round."""
    scores: dict[tuple[str, str], list[float]] = {}
    for first in (0, 1):
        read = [_LANGUAGES[(number + first) % 2] for number in data["tr"].article]
        texts = [data[language].paragraphs[place] for place, language in enumerate(read)]
        with TemporaryDirectory(prefix="divan-bench-") as folder:
            library = _library(Path(folder), embedder, texts)
            for asked, held in product(_LANGUAGES, _LANGUAGES):
                some = [one for one in data[asked].questions[::every] if read[one[1]] == held]
                scores.setdefault((asked, held), []).append(_ndcg(library, some))
            library.close()
    own = [one for (asked, held), some in scores.items() if asked == held for one in some]
    across = [one for (asked, held), some in scores.items() if asked != held for one in some]
    return [
        _mixed_row("in one language", own, 0.96), _mixed_row("across languages", across, 0.81),
        *(_mixed_row(f"{asked} to {held}", some) for (asked, held), some in scores.items()),
    ]  # fmt: skip


def _mixed_row(name: str, scores: Sequence[float], aim: float | None = None) -> Row:
    mean = statistics.fmean(scores)
    return Row(
        f"XQuAD half Turkish, half English, {name}: nDCG@10", "", mean, judged=aim and mean,
        limit=aim, at_least=True, aim=f"≥ {aim}" if aim else "", load=load(),
    )  # fmt: skip


def _indexing(texts: Sequence[str], embedder: Embedder) -> Row:
    from rag.chunk import chunks
    from rag.values import Part

    words = " ".join(texts)
    parts = [
        Part(words[at : at + PAGE_CHARACTERS], page)
        for page in range(1, PAGES + 1)
        for at in [page * PAGE_CHARACTERS % (len(words) - PAGE_CHARACTERS)]
    ]
    with TemporaryDirectory(prefix="divan-bench-") as folder:
        library = Library(Path(folder), lambda: embedder)
        document = library.take("pages.txt", b"pages", "bench")
        began = time.process_time()
        library.index(document.id, chunks(parts), PAGES)
        taken = time.process_time() - began
        library.close()
    return Row(
        f"{PAGES} pages of {PAGE_CHARACTERS:,} characters: chunked and indexed", "CPU s", taken,
        OPEN_WEBUI_CPU_S, "Open WebUI, as noted", taken, OPEN_WEBUI_CPU_S / 4, aim="≤ 1/4",
        load=load(),
    )  # fmt: skip


class _Mixed:
    """Vectors in the likeness of real ones, without the time to make 100,000: mixtures of two."""

    name = "mixed"
    dimension = _DIMENSION
    floor = 0.28
    pools = True
    languages = None

    def __init__(self, base: Vectors) -> None:
        self._base = base
        self._dice = np.random.default_rng(5)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors that have nothing to do with the texts."""
        a, b = self._dice.integers(0, len(self._base), (2, len(texts)))
        noise = self._dice.normal(0, 0.015, (len(texts), _DIMENSION))
        mixed = self._base[a] + self._base[b] + noise
        found: Vectors = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
        return found

    questions = passages


def _large(texts: Sequence[str], data: dict[str, Xquad], size: int) -> list[Row]:
    embedder = _Mixed(open_embedder("use").passages([text[:300] for text in texts]))
    questions = [question for one in data.values() for question, _ in one.questions[::12]]
    with TemporaryDirectory(prefix="divan-bench-") as folder:
        _fill(Path(folder), embedder, texts, size)
        before = resident_mb()
        library = Library(Path(folder), lambda: embedder)
        opened = _timed(lambda: library.indexes)
        taken = [_timed(lambda q=question: library.search(q, 10)) for question in questions]  # type: ignore[misc]
        grown = resident_mb() - before
        added = _add(library, texts)
        recall = _recall(library, embedder, questions[:100])
        library.close()
    above = (grown * 1000 - size * _DIMENSION * 2 / 1000) / size
    taken.sort()
    worst = taken[int(len(taken) * 0.95)]
    name = f"{size:,} chunks"
    return [
        Row(f"{name}: search, p95", "ms", worst, None, "", worst, 20, aim="< 20 ms",
            note=f"median {statistics.median(taken):.1f}", load=load()),
        Row(f"{name}: recall@10 of the vectors against exact search", "", recall, None, "", recall,
            0.98, True, "≥ 0.98", load=load()),
        Row(f"{name}: memory above the vectors, a chunk", "KB", above, None, "", above, 2.5,
            aim="≤ 2.5", load=load()),
        Row(f"{name}: adding a document of 10 pages", "ms", added, None, "", load=load()),
        Row(f"{name}: opening the saved index", "ms", opened, None, "", load=load()),
    ]  # fmt: skip


def _fill(folder: Path, embedder: Embedder, texts: Sequence[str], size: int) -> None:
    words = " ".join(texts).split()
    dice = random.Random(3)
    library = Library(folder, lambda: embedder)
    for number in range(size // 1000):
        document = library.take(f"{number}.txt", str(number).encode(), "bench")
        starts = [dice.randrange(len(words) - 170) for _ in range(1000)]
        made = [Chunk(f"{number} {at} " + " ".join(words[at : at + 170])) for at in starts]
        library.index(document.id, made)
    library.close()


def _add(library: Library, texts: Sequence[str]) -> float:
    document = library.take("new.txt", b"new", "bench")
    made = [Chunk(f"yeni {text}") for text in texts[:25]]
    return _timed(lambda: library.index(document.id, made))


def _recall(library: Library, embedder: Embedder, questions: Sequence[str]) -> float:
    index = library.indexes.vectors
    everything = np.ones(index.size, bool)
    held = index.vectors(np.arange(index.size))
    shares = []
    for vector in embedder.questions(questions):
        exact = set(np.argsort(-(held @ vector))[:10].tolist())
        found = set(index.nearest(vector, 10, everything).tolist())
        shares.append(len(exact & found) / 10)
    return statistics.fmean(shares)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
