"""The sentence below an answer that was cut off."""

from __future__ import annotations

from core.conversation import Answer, Message, Outcome
from core.events import FinishReason
from core.numbers import tokens
from core.texts import translate

UNFINISHED = (Outcome.FAILED, Outcome.STOPPED, Outcome.INTERRUPTED)


def is_cut_off(answer: Answer) -> bool:
    """Whether the model may have had more to say."""
    return answer.outcome in UNFINISHED or answer.finish_reason == FinishReason.LENGTH


def end_note(message: Message, language: str, masked: bool = False) -> str:
    """One sentence where an answer ended early without an error, else nothing. Of a `masked` one
    the limit is not named: models have limits of their own."""
    answer = message.answer
    if answer is None:
        return ""
    if answer.outcome in UNFINISHED:
        came = message.content or message.reasoning or message.tool_calls
        early = answer.outcome is Outcome.STOPPED and not came
        key = "stopped_early" if early else answer.outcome.value
        return translate(language, f"answer.{key}")
    if answer.finish_reason != FinishReason.LENGTH:
        return ""
    if answer.token_limit is None or masked:
        return translate(language, "answer.at_model_limit")
    return translate(language, "answer.at_limit", limit=tokens(answer.token_limit, language))
