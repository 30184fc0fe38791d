"""Documents: what follow-up questions find, and what looking back costs questions that stand alone.

`follow_ups.jsonl` holds questions over XQuAD's articles that only make sense after the `earlier`
ones; `paragraph` counts XQuAD's paragraphs from 0.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import xquad
from bench.table import Row, load
from bench.xquad import Xquad
from engine.follow_up import search
from rag.embedders import Embedder, open_embedder
from rag.library import Library
from rag.values import Chunk

FOLLOW_UPS = Path(__file__).with_name("follow_ups.jsonl")
_MOST_LOST = 10
_NAMES = {"tr": "Turkish", "en": "English"}


def measure(quick: bool) -> list[Row]:
    """All rows about follow-up questions."""
    embedder = open_embedder("use")
    lines = FOLLOW_UPS.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    rows: list[Row] = []
    for language, name in _NAMES.items():
        some = [one for one in asked if one["language"] == language]
        rows += _measured(name, language, some, embedder, 6 if quick else 1)
    return rows


def library_of(folder: Path, embedder: Embedder, texts: Sequence[str]) -> Library:
    """A library with a chunk for each text."""
    library = Library(folder, lambda: embedder)
    document = library.take("xquad.txt", b"xquad", "bench")
    library.index(document.id, [Chunk(text) for text in texts])
    return library


def _measured(
    name: str, language: str, asked: Sequence[dict[str, Any]], embedder: Embedder, every: int
) -> list[Row]:
    data = xquad.read(language)
    with TemporaryDirectory(prefix="divan-bench-") as folder:
        library = library_of(Path(folder), embedder, data.paragraphs)
        found = [_recall(library, asked, looking_back) for looking_back in (False, True)]
        alone = [_ndcg(library, data, every, looking_back) for looking_back in (False, True)]
        library.close()
    lost = (alone[0] - alone[1]) * 1000
    return [
        Row(f"{name}: {len(asked)} follow-up questions, recall@5", "", found[1], found[0],
            "searched by their own words", found[1], 0.85, True, "≥ .85", load=load()),
        Row(f"{name}: nDCG@10 lost by questions that stand alone", "‰", lost, None, "", lost,
            _MOST_LOST, aim=f"≤ {_MOST_LOST} ‰", note=f"{alone[1]:.4f} of {alone[0]:.4f}",
            load=load()),
    ]  # fmt: skip


def places(library: Library, question: str, earlier: Sequence[str], count: int) -> list[int]:
    """The paragraphs that are found, best first, by their place in XQuAD."""
    own = {row.id: place for place, row in enumerate(library.records.rows())}
    found = search(library.search, question, earlier, count)
    return [own[hit.passage.chunk] for hit in found[:count]]


def _recall(library: Library, asked: Sequence[dict[str, Any]], looking_back: bool) -> float:
    return statistics.fmean(
        one["paragraph"]
        in places(library, one["question"], one["earlier"] if looking_back else (), 5)
        for one in asked
    )


def _ndcg(library: Library, data: Xquad, every: int, looking_back: bool) -> float:
    dice = random.Random(7)

    def found(text: str) -> list[int]:
        other = dice.choice(data.questions)[0]
        return places(library, text, (other,) if looking_back else (), 10)

    return xquad.ndcg(found, data.questions[::every])
