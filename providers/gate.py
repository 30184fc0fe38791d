"""The check of every event of a connector: neither servers nor connectors are trusted. What passes
can be saved, read again, sent to a page and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core import web_sources
from core.counts import amount, count
from core.events import (
    Finish,
    FinishReason,
    Notice,
    ReasoningDelta,
    Sent,
    Status,
    StreamEvent,
    TextDelta,
    ToolCall,
    Usage,
    WebSource,
)
from providers.surrogates import mend

_LONGEST_NAME = 200
_LONGEST_ID = 64 * 1024
"""Some servers keep a signature of the thoughts in it."""
_LONGEST_TEXT = 2_000_000


def checked(event: StreamEvent) -> StreamEvent | None:
    """The event with values that can be; None where nothing is left of it."""
    match event:
        case TextDelta(text) | ReasoningDelta(text):
            return event if isinstance(text, str) else None
        case ToolCall():
            return _call(event)
        case Usage():
            return _usage(event)
        case WebSource(url, title, number):
            return web_sources.checked(url, _text(title), number)
        case Finish(reason, model):
            return Finish(_reason(reason), _text(model, _LONGEST_NAME) or None)
        case Status(key, params, fraction):
            return Status(_text(key), _texts(params), _fraction(fraction))
        case Notice(key, params):
            return Notice(_text(key), _texts(params))
        case Sent():
            return event
        case _:
            return None


def _usage(usage: Usage) -> Usage:
    """Counts that are whole numbers, and parts that are no larger than what they are parts of."""
    prompt, completion = count(usage.input_tokens), count(usage.output_tokens)
    return Usage(
        input_tokens=prompt,
        output_tokens=completion,
        reasoning_tokens=_within(count(usage.reasoning_tokens), completion),
        cost=amount(usage.cost),
        load_s=amount(usage.load_s),
        cached_tokens=_within(count(usage.cached_tokens), prompt or 0),
    )


def _within(part: int | None, whole: int | None) -> int | None:
    return None if part is None or (whole is not None and part > whole) else part


def _call(call: ToolCall) -> ToolCall:
    return replace(
        call,
        id=_text(call.id, _LONGEST_ID),
        name=_text(call.name, _LONGEST_NAME),
        arguments=_text(call.arguments),
        extra=_texts(call.extra),
    )


def _reason(reason: object) -> FinishReason:
    return next((known for known in FinishReason if known == reason), FinishReason.STOP)


def _fraction(fraction: object) -> float | None:
    known = amount(fraction)
    return None if known is None else min(1.0, known)


def _text(value: object, longest: int = _LONGEST_TEXT) -> str:
    """Text of a length that can be shown; empty for what is none."""
    return mend(value[:longest]) if isinstance(value, str) else ""


def _texts(params: object) -> dict[str, str]:
    """Named texts; a number among them reads as text."""
    if not isinstance(params, Mapping):
        return {}
    plain = {key: str(value) if isinstance(value, int | float) else value
             for key, value in params.items()}  # fmt: skip
    return {
        _text(key): _text(value)
        for key, value in plain.items()
        if isinstance(key, str) and isinstance(value, str)
    }
