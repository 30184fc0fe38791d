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

from rag.values import Hit, Passage
from rag.words import words

DEPTH = 10
Searching = Callable[[str, int], Sequence[Hit]]
_MOST_QUESTIONS = 100_000


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
    """A line of a question file that cannot be used; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")


def read_questions(text: str) -> list[Question]:
    """The questions of a JSONL file. Raises BadQuestions with the first wrong line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found.append(_question(number, line))
        if len(found) > _MOST_QUESTIONS:
            raise BadQuestions(number, f"more than {_MOST_QUESTIONS} questions")
    if not found:
        raise BadQuestions(1, "no question in the file")
    return found


def _question(number: int, line: str) -> Question:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        raise BadQuestions(number, "not JSON") from None
    text = held.get("question") if isinstance(held, dict) else None
    expected = held.get("expected") if isinstance(held, dict) else None
    if isinstance(expected, str):
        expected = [expected]
    if not isinstance(text, str) or not text.strip():
        raise BadQuestions(number, '"question" must be text')
    if not isinstance(expected, list) or not expected or not all(map(_is_text, expected)):
        raise BadQuestions(number, '"expected" must be a list of texts')
    return Question(text, tuple(expected))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def meets(expected: str, passage: Passage) -> bool:
    """Whether a passage is what was expected: its file's name, or a text that it holds or that
    holds it, spaces and case aside."""
    if expected.strip() == passage.name:
        return True
    wanted, held = " ".join(words(expected)), " ".join(words(passage.text))
    return bool(wanted) and (wanted in held or (held in wanted and len(held) > len(wanted) / 4))


def evaluate(questions: Iterable[Question], search: Searching) -> Scores:
    """Ask everything and measure; blocks."""
    rows = []
    for one in questions:
        began = time.perf_counter()
        hits = search(one.text, DEPTH)
        taken = (time.perf_counter() - began) * 1000
        rows.append((*_measures(one.expected, hits), taken))
    columns = list(zip(*rows, strict=True))
    recall_1, recall_5, mrr, ndcg = map(statistics.fmean, columns[:4])
    return Scores(len(rows), recall_1, recall_5, mrr, ndcg, statistics.median(columns[4]))


def _measures(expected: Sequence[str], hits: Sequence[Hit]) -> tuple[float, float, float, float]:
    """Recall@1, recall@5, reciprocal rank and nDCG; each expectation is met once, by the first."""
    open_ = list(expected)
    ranks = []
    for rank, hit in enumerate(hits[:DEPTH], 1):
        met = next((one for one in open_ if meets(one, hit.passage)), None)
        if met is not None:
            open_.remove(met)
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
