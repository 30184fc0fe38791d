"""A person's own questions asked of their documents, with several settings side by side. Blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.errors import RejectedInput

if TYPE_CHECKING:
    from rag.evaluate import Question, Scores
    from rag.fusion import Weights
    from rag.library import Library
    from rag.values import Hit


_MOST_LOOKED_FOR = 200
"""Expectations that were never found, of which all passages are looked through."""


@dataclass(frozen=True)
class Measured:
    """What each setting reaches, by its name, and the expectations that nothing in the documents
    meets."""

    scores: Mapping[str, Scores]
    missed: tuple[str, ...]
    questions: Sequence[Question]

    def told(self) -> dict[str, Any]:
        """As JSON; with the questions, so that it can be measured again by itself."""
        return {
            "settings": [{"name": name, **asdict(one)} for name, one in self.scores.items()],
            "missed": self.missed,
            "questions": [
                {"question": one.text, "expected": one.expected} for one in self.questions
            ],
        }


def questions_of(text: str, most: int | None = None) -> list[Question]:
    """The questions of a JSONL file, or of a result that was kept. Raises RejectedInput."""
    from rag.evaluate import BadQuestions, read_questions

    try:
        questions = read_questions(text)
    except BadQuestions as error:
        raise RejectedInput(f"bad_questions_{error.reason}", line=str(error.line)) from None
    if most is not None and len(questions) > most:
        raise RejectedInput("too_many_questions", limit=str(most))
    return questions


def measure(
    library: Library, questions: Sequence[Question], documents: Collection[int] | None
) -> Measured:
    """How well each setting finds what is expected."""
    from rag.evaluate import evaluate
    from rag.fusion import SETTINGS

    def searching(weights: Weights) -> Callable[[str, int], Sequence[Hit]]:
        return lambda question, count: library.search(question, count, documents, weights)

    # The first search loads what the others find loaded; its time would say nothing.
    library.search(questions[0].text, 1, documents)
    met: set[str] = set()
    scores = {
        name: evaluate(questions, searching(weights), met) for name, weights in SETTINGS.items()
    }
    never = dict.fromkeys(one for asked in questions for one in asked.expected if one not in met)
    missed = _missed(library, list(never)[:_MOST_LOOKED_FOR], documents)
    return Measured(scores, missed, questions)


def _missed(
    library: Library, expected: Sequence[str], documents: Collection[int] | None
) -> tuple[str, ...]:
    from rag.evaluate import unknown

    records = library.records
    names = [one.name for one in records.documents() if documents is None or one.id in documents]
    owners = {row.id: row.document for row in records.rows()}
    texts = (
        one.text for one in records.texts() if documents is None or owners.get(one.id) in documents
    )
    return tuple(unknown(expected, names, texts))
