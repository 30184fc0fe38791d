"""Whether a failed call is worth another try, and how long to wait before it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from core.catalog import Model
from core.errors import RETRYABLE, ErrorKind, ProviderError

_RESTART = 0.5
"""Seconds for a server of this machine that is just being started again."""


def retries_of(model: Model, error: ProviderError) -> int:
    """How often this model may be asked again after such a failure."""
    if error.kind not in RETRYABLE:
        return 0
    return min(1, model.max_retries) if _is_not_started(error) else model.max_retries


def wait_before(attempt: int, error: ProviderError, model: Model) -> float | None:
    """Seconds to wait before retry number `attempt` (from 1), or None where it must not be.

    A wait that the provider names is kept to; without one it doubles with each try.
    """
    if attempt > retries_of(model, error):
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= model.retry_wait else None
    longest = min(_RESTART, model.retry_wait) if _is_not_started(error) else model.retry_wait
    return min(longest, model.retry_delay * 2.0 ** (attempt - 1))


def _is_not_started(error: ProviderError) -> bool:
    return error.kind is ErrorKind.NOT_RUNNING


def asked_wait(headers: Mapping[str, str], body: str) -> float | None:
    """Seconds named by Retry-After (a number or a date) or by Gemini's RetryInfo in the body."""
    plain = {str(name).lower(): str(value) for name, value in headers.items()}
    milliseconds = _number(plain.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    if "retry-after" in plain:
        return _seconds(plain["retry-after"])
    return _retry_info(body)


def _seconds(value: str) -> float | None:
    number = _number(value)
    if number is not None:
        return number
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


def _retry_info(body: str) -> float | None:
    if "retryDelay" not in body:
        return None
    try:
        node = json.loads(body)
    except (ValueError, RecursionError):
        return None
    delays = (_number(str(delay).removesuffix("s")) for delay in _delays(node))
    return next((delay for delay in delays if delay is not None), None)


def _delays(node: Any, depth: int = 0) -> Iterator[Any]:
    if depth > 6:
        return
    if isinstance(node, Mapping):
        if "retryDelay" in node:
            yield node["retryDelay"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _delays(child, depth + 1)
