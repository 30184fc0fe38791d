"""What a model is asked that writes one answer from several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.conversation import Message
from core.documents import UsedPassage

_TASK = (
    "Several drafts answer the question below; none knew of the others. Write the one best answer "
    "to it, in the language of the question: keep what is right, correct what is wrong, decide "
    "where they disagree, say nothing twice. Write the answer alone, as if it were the first: "
    "mention neither the drafts nor that there were several."
)


def request(question: Message, drafts: Sequence[Message]) -> Message:
    """The question as it is sent for fusing. It holds every draft and no model's name."""
    parts = [_TASK, f"Question:\n{question.content}"]
    parts += [f"Draft {number}:\n{draft.content}" for number, draft in enumerate(drafts, start=1)]
    return replace(question, content="\n\n".join(parts))


def passages(drafts: Sequence[Message]) -> tuple[UsedPassage, ...]:
    """What the drafts were given from the documents: all of a round got the same, as far as it fit
    into their windows."""
    given = (draft.answer.passages for draft in drafts if draft.answer)
    return max(given, key=len, default=())
