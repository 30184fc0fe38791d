"""Stream events folded into a message: the one place that knows what each event means."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from core.conversation import Answer, Message
from core.events import (
    Finish,
    Notice,
    ReasoningDelta,
    Sent,
    Status,
    StreamEvent,
    TextDelta,
    TextWasReasoning,
    ToolCall,
    Usage,
    WebSource,
)
from core.web_sources import added


def fold(message: Message, event: StreamEvent) -> Message:
    """The message after the event. Pure; a new event type fails the type check here."""
    match event:
        case TextDelta(text):
            return replace(message, content=message.content + text)
        case ReasoningDelta(text):
            return replace(message, reasoning=message.reasoning + text)
        case TextWasReasoning(text):
            kept = message.content.removesuffix(text)
            return replace(message, content=kept, reasoning=message.reasoning + text)
        case ToolCall():
            return replace(message, tool_calls=(*message.tool_calls, event))
        case Usage():
            return _answer(message, usage=event)
        case WebSource():
            sources = message.answer.web_sources if message.answer else ()
            return _answer(message, web_sources=added(sources, event))
        case Finish(reason, model, limit):
            return _answer(
                message, finish_reason=reason.value, returned_model=model, token_limit=limit
            )
        case Notice():
            notices = message.answer.notices if message.answer else ()
            all_notices = notices if event in notices else (*notices, event)
            return _answer(message, notices=all_notices)
        case Status() | Sent():
            return message
        case _:
            assert_never(event)


def _answer(message: Message, **changes: object) -> Message:
    if message.answer is None:
        raise ValueError("only an assistant message can be folded into")
    changed: Answer = replace(message.answer, **changes)  # type: ignore[arg-type]
    return replace(message, answer=changed)
