"""Google's Gemini."""

from __future__ import annotations

import warnings
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.catalog import Model
from core.counts import count
from core.errors import ErrorKind, ProviderError
from core.events import (
    Finish,
    FinishReason,
    ReasoningDelta,
    Sent,
    StreamEvent,
    TextDelta,
    Usage,
)
from core.request import ChatRequest, OfferedModel, Readiness
from providers import probe, wire
from providers.failures import HttpRefusal
from providers.gemini_calls import CallReader
from providers.gemini_extras import extras_of, sources_of
from providers.gemini_messages import config_of, contents_of
from providers.gemini_wire import sift
from providers.refusals import by_status

if TYPE_CHECKING:
    import httpx2
    from google import genai
    from google.genai import types

ADDRESS = "https://generativelanguage.googleapis.com"
SDK = ("google.genai", "httpx2")
_VERSION = "v1beta"
_LENGTH = frozenset({"MAX_TOKENS", "CONTINUATION"})
_BLOCKED = frozenset(
    {
        "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE",
        "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "ESCALATION",
        "MODEL_ARMOR", "PUP_LIMITED_DISABLED",
    }
)  # fmt: skip
_FAILED = frozenset(
    {
        "OTHER", "MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE", "NO_IMAGE", "IMAGE_OTHER",
    }
)  # fmt: skip


async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    """The answer of `request.model.name`. Raises ProviderError and google-genai's errors."""
    if not request.api_key:
        raise ProviderError(ErrorKind.NO_KEY, key=request.model.api_key_env or "GEMINI_API_KEY")
    yield Sent()
    async with wire.client(request) as http:
        client = _client(request, http)
        ask: dict[str, Any] = {
            "model": request.model.name,
            "contents": contents_of(request),
            "config": config_of(request),
        }
        reader = _Reader()
        if not request.stream:
            for event in reader.read(await client.aio.models.generate_content(**ask)):
                yield event
            return
        async for chunk in await client.aio.models.generate_content_stream(**ask):
            for event in reader.read(chunk):
                yield event


def _client(request: ChatRequest, http: httpx2.AsyncClient) -> genai.Client:
    from google import genai
    from google.genai import types

    # A reason newer than the SDK is no problem of the person's, so it is not printed as one.
    warnings.filterwarnings("ignore", r".* is not a valid \w+$", UserWarning)
    certificates = wire.trust("httpx2")  # without them the SDK reads them anew for each call
    options = types.HttpOptions(
        base_url=_address(request.model),
        api_version=_VERSION,
        headers=wire.plain_headers(request.model.headers),
        timeout=int(wire.seconds(request) * 1000),
        httpx_async_client=http,
        client_args={"verify": certificates},
        async_client_args={"verify": certificates, "ssl": certificates},
    )
    client = genai.Client(api_key=request.api_key, vertexai=False, http_options=options)
    sift(client)
    return client


class _Reader:
    """Turns the chunks of one answer into events."""

    def __init__(self) -> None:
        self._calls = CallReader()

    def read(self, chunk: types.GenerateContentResponse) -> Iterator[StreamEvent]:
        """The events of one chunk; its usage counts everything so far."""
        candidate = chunk.candidates[0] if chunk.candidates else None
        parts = candidate.content.parts if candidate and candidate.content else None
        for part in parts or ():
            yield from self._part(part)
        if candidate:
            yield from sources_of(candidate)
        if chunk.usage_metadata:
            yield _usage(chunk.usage_metadata)
        if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
            yield Finish(FinishReason.BLOCKED, chunk.model_version)
        if candidate and candidate.finish_reason:
            yield from self._calls.end()
            said = candidate.finish_message or ""
            yield _finish(str(candidate.finish_reason.value), said, chunk.model_version)

    def _part(self, part: types.Part) -> Iterator[StreamEvent]:
        if part.function_call:
            yield from self._calls.read(part)
        elif part.text:
            yield ReasoningDelta(part.text) if part.thought else TextDelta(part.text)
        else:
            yield from extras_of(part)


def _usage(counted: types.GenerateContentResponseUsageMetadata) -> Usage:
    thoughts = count(counted.thoughts_token_count)
    answer = count(counted.candidates_token_count)
    known = thoughts is not None or answer is not None
    return Usage(
        input_tokens=count(counted.prompt_token_count),
        output_tokens=(thoughts or 0) + (answer or 0) if known else None,
        reasoning_tokens=thoughts,
        cached_tokens=count(counted.cached_content_token_count),
    )


def _finish(reason: str, said: str, model: str | None) -> Finish:
    if reason in _BLOCKED:
        return Finish(FinishReason.BLOCKED, model)
    if reason in _LENGTH:
        return Finish(FinishReason.LENGTH, model)
    if reason in _FAILED:
        raise ProviderError(ErrorKind.UNKNOWN, detail=f"{reason} {said}".strip())
    return Finish(FinishReason.STOP, model)


async def check(model: Model, api_key: str | None) -> Readiness:
    """Whether the key is taken and reaches the model. Raises HttpRefusal and httpx's errors."""
    name = model.name.removeprefix("models/")
    address = f"{_address(model)}/{_VERSION}/models/{name}"
    try:
        await probe.get_json(address, _headers(model, api_key))
    except HttpRefusal as refusal:
        if not (model.base_url and _is_no_route(refusal, name)):
            raise
    return Readiness(True)


def _is_no_route(refusal: HttpRefusal, name: str) -> bool:
    """Whether a gateway does not offer to look up a model, rather than not having this one."""
    refused = by_status(refusal.status, refusal.body, refusal.headers, name)
    return refusal.status in (404, 405, 501) and refused.kind is ErrorKind.MALFORMED


async def list_models(model: Model, api_key: str | None) -> Sequence[OfferedModel]:
    """The models this key reaches that can answer. Raises HttpRefusal and httpx's errors."""
    address = f"{_address(model)}/{_VERSION}/models?pageSize=1000"
    answer = await probe.get_json(address, _headers(model, api_key))
    return tuple(
        OfferedModel(str(row["name"]).removeprefix("models/"), count(row.get("inputTokenLimit")))
        for row in answer.get("models") or ()
        if "generateContent" in row.get("supportedGenerationMethods", ("generateContent",))
    )


def _address(model: Model) -> str:
    return (model.base_url or ADDRESS).rstrip("/")


def _headers(model: Model, api_key: str | None) -> Mapping[str, str]:
    return {**({"x-goog-api-key": api_key} if api_key else {}), **model.headers}
