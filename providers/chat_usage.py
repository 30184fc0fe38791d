"""What the servers of the chat completions format count, each under its own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.counts import amount, count
from core.events import Usage


def usage_of(usage: Mapping[str, Any]) -> Usage:
    """The tokens of an answer; what is no number or cannot be one is None."""
    made = _part(usage, "completion_tokens_details")
    prompt, completion = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
    reasoning = count(made.get("reasoning_tokens"))
    if reasoning is None:
        reasoning = count(usage.get("reasoning_tokens"))
    return Usage(
        input_tokens=prompt,
        output_tokens=_output(prompt, completion, reasoning, count(usage.get("total_tokens"))),
        reasoning_tokens=reasoning,
        cost=amount(usage.get("cost")),
        cached_tokens=_cached(usage),
    )


def _output(
    prompt: int | None, completion: int | None, reasoning: int | None, total: int | None
) -> int | None:
    """Most servers count reasoning among the completion, xAI beside it: the total tells."""
    if prompt is None or completion is None or not reasoning:
        return completion
    return completion + reasoning if total == prompt + completion + reasoning else completion


def _cached(usage: Mapping[str, Any]) -> int | None:
    """OpenAI, OpenRouter and many more; DeepSeek; Moonshot and Together."""
    named = (
        _part(usage, "prompt_tokens_details").get("cached_tokens"),
        usage.get("prompt_cache_hit_tokens"),
        usage.get("cached_tokens"),
    )
    return next((number for number in map(count, named) if number is not None), None)


def _part(usage: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = usage.get(name)
    return part if isinstance(part, Mapping) else {}
