"""Every server that speaks OpenAI's chat completions: OpenRouter, Together, llama-server, vLLM…"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.catalog import Model
from core.counts import count
from core.errors import ErrorKind, ProviderError
from core.events import Sent, StreamEvent
from core.request import ChatRequest, OfferedModel, Readiness
from providers import probe, request_forms, wire
from providers.chat_completions import ChunkReader, messages_of, sampling_of, tools_of
from providers.event_lines import EventLines
from providers.failures import HttpRefusal

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, AsyncStream

ADDRESS = "https://api.openai.com/v1"
SDK = ("openai", "httpx2")
_NO_KEY = "none"
_PATH = "/chat/completions"


async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    """The answer of `request.model.name` at `base_url`. Raises openai's errors."""
    yield Sent()
    lines = EventLines()
    async with wire.client(request, lines.feed) as http:
        client = _client(request, http)
        reader = ChunkReader(request.model.answer_bytes)
        address, send = request.model.base_url or ADDRESS, partial(_answer, client)
        answer, notices = await request_forms.asked(address, _body(request), send)
        for notice in notices:
            yield notice
        if not request.stream:
            for event in reader.read_whole(answer):
                yield event
            return
        async with aclosing(answer):
            whole = await wire.whole_json(answer.response)
            if whole is not None:
                for event in reader.read_whole(whole):
                    yield event
                return
            async for chunk in answer:
                for event in reader.read(chunk):
                    yield event
        for event in reader.end(lines.end()):
            yield event


async def _answer(client: AsyncOpenAI, body: Mapping[str, Any]) -> Any:
    """The chunks of a streamed answer, or the whole one."""
    return await (_chunks if body.get("stream") else _whole)(client, body)


async def _chunks(client: AsyncOpenAI, body: Mapping[str, Any]) -> AsyncStream[Any]:
    """The chunks as plain mappings: building the SDK's objects costs more than all else here."""
    from openai import AsyncStream

    return await client.post(
        _PATH, body=body, cast_to=object, stream=True, stream_cls=AsyncStream[object]
    )


async def _whole(client: AsyncOpenAI, body: Mapping[str, Any]) -> Mapping[str, Any]:
    answer: object = await client.post(_PATH, body=body, cast_to=object)
    if not isinstance(answer, Mapping):  # the SDK hands over whatever is not JSON as it is
        raise ProviderError(ErrorKind.MALFORMED, detail=str(answer))
    return answer


def _client(request: ChatRequest, http: httpx2.AsyncClient) -> AsyncOpenAI:
    from openai import AsyncOpenAI

    model = request.model
    if not request.api_key and "authorization" not in map(str.lower, model.headers):
        http.event_hooks = {**http.event_hooks, "request": [_without_key]}
    return AsyncOpenAI(
        base_url=model.base_url or ADDRESS,
        api_key=request.api_key or _NO_KEY,
        default_headers=wire.plain_headers(model.headers),
        timeout=wire.seconds(request),
        max_retries=0,
        http_client=http,
    )


async def _without_key(asked: httpx2.Request) -> None:
    """The SDK insists on a key, and a server that needs none may refuse a wrong one."""
    asked.headers.pop("Authorization", None)


def _body(request: ChatRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model.name,
        "messages": messages_of(request),
        **sampling_of(request.options),
    }
    if request.tools:
        body["tools"] = tools_of(request)
    if request.stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    if _host(request.model) == "api.openai.com" and "max_tokens" in body:
        # OpenAI's reference calls max_tokens deprecated; asking in the old form costs a refusal.
        body["max_completion_tokens"] = body.pop("max_tokens")
    return {**body, **_extra(request)}


def _extra(request: ChatRequest) -> dict[str, Any]:
    """What OpenAI's own format has no name for."""
    extra: dict[str, Any] = {}
    level = request.options.reasoning
    if request.options.top_k is not None:
        extra["top_k"] = request.options.top_k
    if level and _is_openrouter(request.model):
        extra["reasoning"] = {"enabled": False} if level == "off" else {"effort": level}
    elif level:
        extra["reasoning_effort"] = "none" if level == "off" else level
    return extra


def _host(model: Model) -> str:
    return urlsplit(model.base_url or ADDRESS).hostname or ""


def _is_openrouter(model: Model) -> bool:
    return model.provider == "openrouter" or _host(model).endswith("openrouter.ai")


async def check(model: Model, api_key: str | None) -> Readiness:
    """Whether the server answers and lists the model.

    Servers of one's own often take any name, and some list nothing: they count as ready.
    """
    try:
        offered = await list_models(model, api_key)
    except HttpRefusal as refusal:
        if refusal.status in (404, 405, 501):
            return Readiness(True)
        raise
    names = {entry.name for entry in offered}
    known = {model.name, model.name.partition(":")[0], *model.fallbacks} & names
    if known or not names or model.kind != "cloud":
        return Readiness(True)
    return probe.not_offered()


async def list_models(model: Model, api_key: str | None) -> Sequence[OfferedModel]:
    """What GET /models lists. Raises HttpRefusal or httpx's errors."""
    address = (model.base_url or ADDRESS).rstrip("/")
    answer = await probe.get_json(f"{address}/models", probe.bearer(model.headers, api_key))
    rows = answer.get("data", ()) if isinstance(answer, Mapping) else answer
    return tuple(OfferedModel(str(row["id"]), _window(row)) for row in rows)


def _window(row: Mapping[str, Any]) -> int | None:
    """The context length, under the name this vendor gives it."""
    meta = row.get("meta") or {}
    for value in (row.get("context_length"), row.get("max_model_len"), meta.get("n_ctx"),
                  row.get("context_window")):  # fmt: skip
        if window := count(value):
            return window
    return None
