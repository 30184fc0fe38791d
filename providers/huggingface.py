"""Hugging Face: its router to many providers, or an endpoint of one's own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from core.catalog import Model
from core.counts import count
from core.errors import ErrorKind, ProviderError
from core.events import Notice, Sent, StreamEvent
from core.request import ChatRequest, OfferedModel, Readiness
from providers import probe, request_forms, wire
from providers.chat_completions import ChunkReader, messages_of, sampling_of, tools_of
from providers.event_lines import EventLines
from providers.failures import HttpRefusal
from providers.refusals import by_status, said

if TYPE_CHECKING:
    import httpx2
    from huggingface_hub import AsyncInferenceClient

ADDRESS = "https://router.huggingface.co/v1"
SDK = ("huggingface_hub", "httpx2")
_TOKEN_START = "hf_"  # noqa: S105 - how tokens begin, not a token


async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    """The answer of `request.model.name`, or of the first of its fallbacks that is served."""
    _require_token(request.model, request.api_key)
    yield Sent()
    lines = EventLines()
    async with wire.client(request, lines.feed) as http:
        client = _client(request, http)
        if request.stream:
            hooks = http.event_hooks
            http.event_hooks = {**hooks, "response": [*hooks["response"], _no_whole_answer]}
        name, answer, notices = await _served(client, request)
        if name != request.model.name:
            yield Notice("fallback", {"wanted": request.model.name, "used": name})
        for notice in notices:
            yield notice
        reader = ChunkReader(request.model.answer_bytes)
        if isinstance(answer, _WholeAnswer):
            for event in reader.read_whole(answer.body):
                yield event
            return
        if not request.stream:
            for event in reader.read_whole(_plain(answer)):
                yield event
            return
        async for chunk in answer:
            for event in reader.read(_plain(chunk)):
                yield event
        for event in reader.end(lines.end()):
            yield event


class _WholeAnswer(Exception):
    """A server that was asked for a stream answers with one JSON document."""

    def __init__(self, body: Any) -> None:
        super().__init__("the answer came whole")
        self.body = body


async def _no_whole_answer(response: Any) -> None:
    """Read the document here: the SDK would drop it line by line."""
    whole = await wire.whole_json(response)
    if whole is not None:
        raise _WholeAnswer(whole)


def _require_token(model: Model, api_key: str | None) -> None:
    """The router takes Hugging Face's tokens only; the SDK says so too late and unclearly."""
    if model.base_url:
        return
    if not api_key:
        raise ProviderError(ErrorKind.NO_KEY, key=model.api_key_env or "HF_TOKEN")
    if not api_key.startswith(_TOKEN_START):
        raise ProviderError(ErrorKind.BAD_KEY)


def _client(request: ChatRequest, http: httpx2.AsyncClient) -> AsyncInferenceClient:
    from huggingface_hub import AsyncInferenceClient

    class Client(AsyncInferenceClient):  # type: ignore[misc]
        """The SDK's client over our connections, which are closed with the answer."""

        async def _get_async_client(self) -> httpx2.AsyncClient:
            return http

    model = request.model
    anonymous = {} if request.api_key else {"authorization": None}
    return Client(
        base_url=model.base_url,
        token=request.api_key,
        timeout=wire.seconds(request),
        headers={**anonymous, **wire.plain_headers(model.headers)},
    )


async def _served(
    client: AsyncInferenceClient, request: ChatRequest
) -> tuple[str, Any, Sequence[Notice]]:
    """The name that is served, its answer, and what of the request it did not use. Raises
    ProviderError NO_MODEL where none is."""
    said_last = ""
    address, send = request.model.base_url or ADDRESS, partial(_answer, client)
    for name in (request.model.name, *request.model.fallbacks):
        try:
            body = {"model": name, **_body(request)}
            answer, notices = await request_forms.asked(address, body, send)
            return name, answer, notices
        except HttpRefusal as refusal:
            if not _is_unserved(refusal, name):
                raise
            said_last = said(refusal.body)
    raise ProviderError(ErrorKind.NO_MODEL, detail=said_last)


async def _answer(client: AsyncInferenceClient, body: dict[str, Any]) -> Any:
    """What the SDK makes of the body; it has no names of its own for some of the parameters."""
    own = {name: body.pop(name) for name in ("model", "messages", "stream")}
    try:
        return await client.chat_completion(**own, extra_body=body)
    except _WholeAnswer as whole:
        return whole


def _is_unserved(refusal: HttpRefusal, name: str) -> bool:
    refused = by_status(refusal.status, refusal.body, refusal.headers, name)
    return refused.kind is ErrorKind.NO_MODEL


def _body(request: ChatRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": messages_of(request),
        "stream": request.stream,
        **sampling_of(request.options),
    }
    if request.stream:
        body["stream_options"] = {"include_usage": True}
    if request.tools:
        body["tools"] = tools_of(request)
    if request.options.reasoning and request.options.reasoning != "off":
        body["reasoning_effort"] = request.options.reasoning
    return body


def _plain(answer: Any) -> Mapping[str, Any]:
    """The SDK's objects are mappings, but only each object itself has the fields it does not know
    (such as `reasoning_content`): not the copy inside its parent."""
    choices = [_plain_choice(choice) for choice in answer.choices or ()]
    return {**answer, "choices": choices, "usage": answer.usage}


def _plain_choice(choice: Any) -> Mapping[str, Any]:
    return {**choice, **{part: dict(getattr(choice, part)) for part in _parts(choice)}}


def _parts(choice: Any) -> Iterator[str]:
    return (part for part in ("delta", "message") if getattr(choice, part, None) is not None)


async def check(model: Model, api_key: str | None) -> Readiness:
    """Whether the router (or the endpoint) answers and serves the model or a fallback of it."""
    _require_token(model, api_key)
    try:
        names = {entry.name for entry in await list_models(model, api_key)}
    except HttpRefusal as refusal:
        if model.base_url and refusal.status in (404, 405):
            return Readiness(True)
        raise
    if not names or model.base_url or names & {model.name, *model.fallbacks}:
        return Readiness(True)
    return probe.not_offered()


async def list_models(model: Model, api_key: str | None) -> Sequence[OfferedModel]:
    """The chat models the router serves now. Raises HttpRefusal or httpx's errors."""
    address = (model.base_url or ADDRESS).rstrip("/")
    answer = await probe.get_json(f"{address}/models", probe.bearer(model.headers, api_key))
    return tuple(OfferedModel(str(row["id"]), _window(row)) for row in answer["data"])


def _window(row: Mapping[str, Any]) -> int | None:
    lengths = [count(offer.get("context_length")) for offer in row.get("providers") or ()]
    return max(filter(None, lengths), default=None)
