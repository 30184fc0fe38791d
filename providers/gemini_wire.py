"""Gemini's answers before the SDK reads them: it would end at one odd number, and believes that
true is 1."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from core.counts import count

if TYPE_CHECKING:
    from google import genai

_READ = ("content", "finishReason", "finishMessage", "citationMetadata", "groundingMetadata")
"""What Divan reads of a candidate."""


def sift(client: genai.Client) -> None:
    """Give the SDK only what Divan reads of each answer, with numbers that can be true."""
    api = client._api_client
    whole, streamed = api.async_request, api.async_request_streamed

    async def request(*args: Any, **kwargs: Any) -> Any:
        return _sifted(await whole(*args, **kwargs))

    async def request_streamed(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
        async def answers() -> AsyncGenerator[Any, None]:
            async with aclosing(source):
                async for answer in source:
                    yield _sifted(answer)

        source = await streamed(*args, **kwargs)
        return answers()

    setattr(api, "async_request", request)  # noqa: B010 - a method of one object
    setattr(api, "async_request_streamed", request_streamed)  # noqa: B010


def _sifted(answer: Any) -> Any:
    """The SDK's response with its body sifted; one that is no JSON object as it is."""
    try:
        found = json.loads(answer.body)
    except (TypeError, ValueError, RecursionError):
        return answer
    if isinstance(found, dict):
        answer.body = json.dumps(_known(found))
    return answer


def _known(found: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(found.get("modelVersion"), str):
        found.pop("modelVersion", None)
    if "usageMetadata" in found:
        found["usageMetadata"] = _counts(found["usageMetadata"])
    candidates = found.get("candidates")
    if isinstance(candidates, list):
        found["candidates"] = [_candidate(one) for one in candidates]
    return found


def _counts(usage: object) -> dict[str, int]:
    if not isinstance(usage, Mapping):
        return {}
    counted = {name: count(number) for name, number in usage.items() if name.endswith("Count")}
    return {name: number for name, number in counted.items() if number is not None}


def _candidate(found: Any) -> Any:
    if not isinstance(found, Mapping):
        return found
    known = {name: found[name] for name in _READ if name in found}
    if "groundingMetadata" in known:
        known["groundingMetadata"] = {"groundingChunks": _grounding(known["groundingMetadata"])}
    if "citationMetadata" in known:
        known["citationMetadata"] = {"citationSources": _citations(known["citationMetadata"])}
    return known


def _grounding(found: Any) -> list[dict[str, Any]]:
    rows = (row.get("web") for row in _rows(found, "groundingChunks"))
    return [{"web": _named(row)} for row in rows if isinstance(row, Mapping)]


def _citations(found: Any) -> list[dict[str, Any]]:
    rows = _rows(found, "citationSources") or _rows(found, "citations")
    return [_named(row) for row in rows]


def _rows(found: Any, name: str) -> list[Mapping[str, Any]]:
    rows = found.get(name) if isinstance(found, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in ("uri", "title") if isinstance(row.get(name), str)}
