"""What answers will probably cost, said before they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from core.catalog import DocumentRules, Model
from core.conversation import ChatSettings, Conversation, Message, Outcome
from core.documents import DocumentContext, UsedPassage
from core.events import Usage
from engine.calibration import Calibration
from engine.metrics import cost_usd
from engine.prompt import build_prompt

_USUAL_ANSWER = 500
"""Tokens we expect of a model that has not answered in the chat yet."""
_USUAL_SHARE = 0.6
"""How long a passage usually is, as a share of the longest one: measured, half in notes with many
headings and three quarters in prose."""
_FILLER = "Bir belgede geçen sıradan bir cümle buna benzer uzunluktadır. "
"""A text of usual words: what a passage that is not yet known takes."""


@dataclass(frozen=True, slots=True)
class LaneEstimate:
    """Tokens and cost of one model's next answer; the cost is None where no price is known."""

    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The lanes in their order, and their sum."""

    lanes: tuple[LaneEstimate, ...]

    @property
    def known_usd(self) -> float:
        """What the lanes with a known price cost together."""
        return sum(lane.cost_usd or 0.0 for lane in self.lanes)

    @property
    def total_usd(self) -> float | None:
        """What all lanes cost together; None where a price is unknown."""
        unknown = any(lane.cost_usd is None for lane in self.lanes)
        return None if unknown else self.known_usd


def estimate_answer(
    chat: Conversation,
    path: Sequence[Message],
    model: Model,
    settings: ChatSettings,
    calibration: Calibration,
    rules: DocumentRules | None = None,
) -> LaneEstimate:
    """The prompt as it would be sent for `path`, which ends in the question, and an answer as long
    as the model's usual one in this chat. Where the chat uses documents, as many passages as a
    question is usually given, as far as the window has room for them."""
    expected = None
    if chat.documents.on:
        expected = DocumentContext(expected_passages(chat, rules or DocumentRules()))
    prompt = build_prompt(model, path, settings, chat.summaries, calibration, documents=expected)
    output = _usual_output(chat, model, prompt.request.options.max_output_tokens)
    cost = cost_usd(model, Usage(prompt.tokens, output))
    return LaneEstimate(model.id, prompt.tokens, output, cost)


def expected_passages(chat: Conversation, rules: DocumentRules) -> tuple[UsedPassage, ...]:
    """Passages as long as those of the chat's newest answer that was given some, else of a usual
    length: what they say is not known before the search."""
    given = (message.answer.passages for message in reversed(chat.messages) if message.answer)
    newest = next(filter(None, given), ())
    if newest:
        return newest
    length = int(rules.chunk_characters * _USUAL_SHARE)
    text = (_FILLER * (length // len(_FILLER) + 1))[:length]
    return tuple(
        UsedPassage(number, "", "belge.pdf", text, page=number)
        for number in range(1, rules.passages + 1)
    )


def _usual_output(chat: Conversation, model: Model, most: int | None) -> int:
    answers = (m.answer for m in chat.messages if m.answer)
    past = [
        answer.usage.output_tokens
        for answer in answers
        if answer.model == model.id
        and answer.outcome is Outcome.COMPLETE
        and answer.usage.output_tokens
    ]
    usual = round(median(past)) if past else _USUAL_ANSWER
    return min(usual, most) if most else usual
