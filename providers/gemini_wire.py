"""Gemini's answers before the SDK reads them: it would end at one odd number, and believes that
true is 1."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Any

from core.counts import count
from providers.failures import ErrorInAnswer

if TYPE_CHECKING:
    from google import genai

_READ = ("content", "finishReason", "finishMessage", "citationMetadata", "groundingMetadata")
"""What Divan reads of a candidate."""


def sift(client: genai.Client) -> None:
    """Give the SDK only what Divan reads of each answer, with numbers that can be true."""
    api = client._api_client
    ask = api._async_request

    async def request(**asked: Any) -> Any:
        answer = await ask(**asked)
        if asked.get("stream"):
            return _Chunks(answer)
        answer.response_stream = [_sifted(body) for body in answer.response_stream]
        return answer

    setattr(api, "_async_request", request)  # noqa: B010 - a method of one object


class _Chunks:
    """The SDK's streamed response. Raises ErrorInAnswer, where the SDK stumbles over some codes."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.headers = answer.headers

    async def __aiter__(self) -> AsyncGenerator[Any, None]:
        async for chunk in self._answer:
            if isinstance(chunk, dict) and chunk.get("error"):
                raise ErrorInAnswer(chunk["error"])
            yield _known(chunk) if isinstance(chunk, dict) else chunk


def _sifted(body: Any) -> Any:
    """The text of a whole answer; one that is no JSON object as it is."""
    try:
        found = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return body
    return json.dumps(_known(found)) if isinstance(found, dict) else body


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
