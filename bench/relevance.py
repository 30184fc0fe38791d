"""Documents: which questions are hinted at as hardly matching, with and without their article."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.table import Row, load
from bench.xquad import Xquad
from rag.embedders import Embedder
from rag.library import Library
from rag.relevance import is_weak
from rag.values import Chunk

_COUNT = 8


def measure(data: Mapping[str, Xquad], embedder: Embedder, every: int) -> list[Row]:
    """Two rows for each pair of languages: wrongly doubted, and rightly."""
    rows = []
    for read in data:
        with TemporaryDirectory(prefix="divan-bench-") as folder:
            library = Library(Path(folder), lambda: embedder)
            documents = [_add(library, n, one) for n, one in enumerate(data[read].articles)]
            for asked in data:
                rows += _hinted(library, documents, data[asked], f"XQuAD {asked} to {read}", every)
            library.close()
    return rows


def _add(library: Library, number: int, paragraphs: Sequence[str]) -> int:
    document = library.take(f"{number}.txt", str(number).encode(), "bench").id
    library.index(document, [Chunk(one) for one in paragraphs])
    return document


def _hinted(
    library: Library, documents: Sequence[int], asked: Xquad, name: str, every: int
) -> list[Row]:
    questions = asked.questions[::every]
    wrongly = statistics.fmean(is_weak(library.search(text, _COUNT)) for text, _ in questions)
    rightly = statistics.fmean(
        is_weak(library.search(text, _COUNT, {*documents} - {documents[asked.article[place]]}))
        for text, place in questions
    )
    return [
        Row(f"{name}: hinted at as a weak match, article there", "", wrongly, load=load()),
        Row(f"{name}: hinted at as a weak match, article missing", "", rightly, load=load()),
    ]
