"""How well the search finds what a person says it should: their own questions, several settings.

Measures as in information retrieval: recall@1 and @5, MRR@10, nDCG@10 (binary gains), from 0 to 1.
"""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.names import spellings
from rag.values import Hit, Passage
from rag.words import fold, words

DEPTH = 10
Searching = Callable[[str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what should be found: names of files, or texts of passages."""

    text: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over all questions; `ms` is the median time of a search in milliseconds."""

    questions: int
    recall_1: float
    recall_5: float
    mrr_10: float
    ndcg_10: float
    ms: float


class BadQuestions(ValueError):
    """A line of a question file that cannot be used; `line` counts from 1, `reason` is one of
    "not_json", "question", "expected" and "none"."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")


def read_questions(text: str) -> list[Question]:
    """The questions of a JSONL file, or of a result that holds its questions. Raises BadQuestions
    with the first wrong line, or the first wrong question of a result."""
    rows = _of_result(text) or [
        (number, _parsed(number, line))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    if not rows:
        raise BadQuestions(1, "none")
    return [_question(number, held) for number, held in rows]


def _of_result(text: str) -> list[tuple[int, object]]:
    """The questions of a result that was kept; none where the text is something else."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return []
    kept = held.get("questions") if isinstance(held, dict) else None
    return list(enumerate(kept, 1)) if isinstance(kept, list) else []


def _parsed(number: int, line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BadQuestions(number, "not_json") from None


def _question(number: int, held: object) -> Question:
    text = held.get("question") if isinstance(held, dict) else None
    expected = held.get("expected") if isinstance(held, dict) else None
    if isinstance(expected, str):
        expected = [expected]
    if not isinstance(text, str) or not text.strip():
        raise BadQuestions(number, "question")
    if not isinstance(expected, list) or not expected or not all(map(_is_text, expected)):
        raise BadQuestions(number, "expected")
    return Question(text, tuple(expected))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def meets(expected: str, passage: Passage) -> bool:
    """Whether a passage is what was expected: its file's name, or a text that it holds or that
    holds it, spaces and case aside."""
    return _is_name(expected, passage.name) or _is_alike(
        " ".join(words(expected)), " ".join(words(passage.text))
    )


def _is_name(expected: str, name: str) -> bool:
    return fold(expected.strip()) in map(fold, spellings(name))


def _is_alike(wanted: str, held: str) -> bool:
    return bool(wanted) and (wanted in held or (held in wanted and len(held) > len(wanted) / 4))


def unknown(expected: Iterable[str], names: Iterable[str], texts: Iterable[str]) -> list[str]:
    """The expectations that no file's name and no text meets: whatever the search, they are never
    found."""
    known = {fold(one) for name in names for one in spellings(name)}
    left = {one: " ".join(words(one)) for one in expected if fold(one.strip()) not in known}
    for text in texts:
        if not left:
            break
        held = " ".join(words(text))
        left = {one: wanted for one, wanted in left.items() if not _is_alike(wanted, held)}
    return list(left)


def evaluate(
    questions: Iterable[Question], search: Searching, met: set[str] | None = None
) -> Scores:
    """Ask everything and measure; what was found of the expected is added to `met`. Blocks."""
    rows = []
    for one in questions:
        began = time.perf_counter()
        hits = search(one.text, DEPTH)
        taken = (time.perf_counter() - began) * 1000
        rows.append((*_measures(one.expected, hits, met if met is not None else set()), taken))
    columns = list(zip(*rows, strict=True))
    recall_1, recall_5, mrr, ndcg = map(statistics.fmean, columns[:4])
    return Scores(len(rows), recall_1, recall_5, mrr, ndcg, statistics.median(columns[4]))


def _measures(
    expected: Sequence[str], hits: Sequence[Hit], found: set[str]
) -> tuple[float, float, float, float]:
    """Recall@1, recall@5, reciprocal rank and nDCG; each expectation is met once, by the first."""
    open_ = list(expected)
    ranks = []
    for rank, hit in enumerate(hits[:DEPTH], 1):
        met = next((one for one in open_ if meets(one, hit.passage)), None)
        if met is not None:
            open_.remove(met)
            found.add(met)
            ranks.append(rank)
    total = len(expected)
    gain = sum(1 / math.log2(rank + 1) for rank in ranks)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, DEPTH) + 1))
    return (
        sum(rank <= 1 for rank in ranks) / total,
        sum(rank <= 5 for rank in ranks) / total,
        1 / ranks[0] if ranks else 0.0,
        gain / ideal,
    )
