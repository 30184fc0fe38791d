"""Which answers of a comparison belong together, and which of them are the best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from core.conversation import Answer, Message, Outcome

Round = tuple[str, int]
"""A question that all lanes were asked: its text, and how often it was asked again after it."""

_LEAST: Mapping[str, Callable[[Answer], float | None]] = {
    "first": lambda answer: answer.first_token_s,
    "duration": lambda answer: answer.duration_s,
    "speed": lambda answer: 1 / answer.tokens_per_s if answer.tokens_per_s else None,
    "cost": lambda answer: answer.cost_usd,
}
"""What is measured, so that less is better."""
_AS_GOOD = 1.05
"""By how much a value may be above the best one and still be as good."""


def best_of(paths: Sequence[Sequence[Message]]) -> Mapping[str, frozenset[str]]:
    """The ids of the best answers of every round, by measure; where all are equal none is."""
    found: dict[str, set[str]] = {name: set() for name in _LEAST}
    for answers in rounds_of(paths).values():
        for name, measure in _LEAST.items():
            found[name] |= _least(answers, measure)
    return {name: frozenset(ids) for name, ids in found.items()}


def _least(answers: Sequence[Message], measure: Callable[[Answer], float | None]) -> set[str]:
    values = {
        m.id: value
        for m in answers
        if m.answer and m.answer.outcome is Outcome.COMPLETE
        if (value := measure(m.answer)) is not None
    }
    enough = min(values.values(), default=0) * _AS_GOOD
    best = {name for name, value in values.items() if value <= enough}
    return best if len(best) < len(values) else set()


def rounds_of(paths: Sequence[Sequence[Message]]) -> Mapping[Round, list[Message]]:
    """The answers of all lanes to the same question, from the left, for each question."""
    rounds: dict[Round, list[Message]] = {}
    for path in paths:
        asked: Counter[str] = Counter()
        for question, answer in reversed(list(pairwise(path))):
            if question.role == "user" and answer.answer is not None:
                same = rounds.setdefault((question.content, asked[question.content]), [])
                if all(m.id != answer.id for m in same):
                    same.append(answer)
                asked[question.content] += 1
    return rounds
