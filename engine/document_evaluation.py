"""A person's own questions asked of their documents, with several settings side by side. Blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from core.errors import RejectedInput

if TYPE_CHECKING:
    from rag.evaluate import Question, Scores
    from rag.fusion import Weights
    from rag.library import Library
    from rag.values import Hit


def questions_of(text: str, most: int | None = None) -> list[Question]:
    """The questions of a JSONL file. Raises RejectedInput."""
    from rag.evaluate import BadQuestions, read_questions

    try:
        questions = read_questions(text)
    except BadQuestions as error:
        raise RejectedInput("bad_questions", line=str(error.line), detail=error.reason) from None
    if most is not None and len(questions) > most:
        raise RejectedInput("too_many_questions", limit=str(most))
    return questions


def measure(
    library: Library, questions: Sequence[Question], documents: Collection[int] | None
) -> Mapping[str, Scores]:
    """How well each setting finds what is expected, by the name of the setting."""
    from rag.evaluate import evaluate
    from rag.fusion import SETTINGS

    def searching(weights: Weights) -> Callable[[str, int], Sequence[Hit]]:
        return lambda question, count: library.search(question, count, documents, weights).hits

    # The first search loads what the others find loaded; its time would say nothing.
    library.search(questions[0].text, 1, documents)
    return {name: evaluate(questions, searching(weights)) for name, weights in SETTINGS.items()}
