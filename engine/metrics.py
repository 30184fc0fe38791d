"""Tokens, speed and cost of an answer, from what the provider said and our own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from core.catalog import Model, Price
from core.events import Usage

_BYTES_PER_TOKEN = 4
_SHORTEST_SPAN_S = 0.001
_MILLION = 1_000_000


def estimate_tokens(text: str) -> int:
    """A rough count for where the provider gives none: about four UTF-8 bytes a token, which
    holds for English and, with two-byte letters, for Turkish."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)


def complete_usage(usage: Usage, prompt_tokens: int, answer: str) -> tuple[Usage, bool]:
    """Usage without gaps, and whether any of it is our estimate. Zero tokens for a prompt or an
    answer that is not empty is a gap, too: some servers count nothing and say so."""
    if usage.input_tokens and usage.output_tokens:
        return usage, False
    filled = replace(
        usage,
        input_tokens=usage.input_tokens or prompt_tokens,
        output_tokens=usage.output_tokens or estimate_tokens(answer),
    )
    return filled, True


def tokens_per_s(
    usage: Usage, first_token_s: float | None, duration_s: float | None
) -> float | None:
    """Output tokens by the time after the first one; by the whole time where that is too short."""
    if not usage.output_tokens or duration_s is None or first_token_s is None:
        return None
    span = duration_s - first_token_s
    if span < _SHORTEST_SPAN_S:
        span = duration_s
    return round(usage.output_tokens / span, 1) if span >= _SHORTEST_SPAN_S else None


def cost_usd(model: Model, usage: Usage, day: date | None = None) -> float | None:
    """The provider's own figure, else the catalog's price on that day (today); None where neither
    is known."""
    if usage.cost is not None:
        return usage.cost
    if model.price is None or usage.input_tokens is None or usage.output_tokens is None:
        return None
    if not model.price.holds(usage.input_tokens, day or datetime.now(UTC).date()):
        return None
    return _spent(model.price, usage.input_tokens, usage.cached_tokens, usage.output_tokens)


def _spent(price: Price, prompt: int, cached: int | None, written: int) -> float:
    """The cost in USD; cached tokens of the prompt have their own price."""
    kept = 0 if cached is None or price.cached is None else min(cached, prompt)
    whole = (prompt - kept) * price.input + written * price.output
    return (whole + kept * (price.cached or 0.0)) / _MILLION
