"""Ollama: models on one's own machine, or wherever `base_url` points."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import cache
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
    ToolCall,
    Usage,
)
from core.request import ChatRequest, OfferedModel, PromptMessage, Readiness, ToolSpec
from providers import probe, wire
from providers.failures import HttpRefusal, is_refused_connection
from providers.refusals import by_status

if TYPE_CHECKING:
    from ollama import AsyncClient, ChatResponse

ADDRESS = "http://127.0.0.1:11434"
SDK = ("ollama", "httpx")
_START = "ollama serve"


async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    """The answer of `request.model.name`. Raises ProviderError NOT_RUNNING and NOT_PULLED with
    the command that helps, and ollama's and httpx's errors otherwise."""
    yield Sent()
    error: ProviderError | None = None
    async with aclosing(_answer(request)) as events:
        try:
            async for event in events:
                yield event
        except Exception as failed:
            error = _known(failed, request.model)
            if error is None:
                raise
    if error is not None:
        raise error


async def _answer(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    client = _client(request)
    try:
        answer = await client.chat(**_body(request))
        if not request.stream:
            for event in _events(answer):
                yield event
            return
        async with aclosing(answer):
            async for part in answer:
                for event in _events(part):
                    yield event
    finally:
        await client._client.aclose()


def _known(error: Exception, model: Model) -> ProviderError | None:
    """The failures for which a command helps."""
    if is_refused_connection(error):
        return ProviderError(ErrorKind.NOT_RUNNING, command=_START)
    if not isinstance(error, HttpRefusal):
        return None
    refused = by_status(error.status, error.body, error.headers, model.name)
    if refused.kind is not ErrorKind.NO_MODEL:
        return None
    return ProviderError(ErrorKind.NOT_PULLED, command=_pull(model), detail=refused.detail)


def _pull(model: Model) -> str:
    return f"ollama pull {model.name}"


def _client(request: ChatRequest) -> AsyncClient:
    import httpx

    options = wire.options(request, httpx, events=False)
    headers = probe.bearer(wire.plain_headers(request.model.headers), request.api_key)
    client = _client_class()(host=request.model.base_url or ADDRESS, headers=headers, **options)
    if "authorization" not in {name.lower() for name in headers}:
        # The library adds OLLAMA_API_KEY for any host; keys go where the catalog sends them.
        client._client.headers.pop("authorization", None)
    return client


@cache
def _client_class() -> type[AsyncClient]:
    """The library's client, whose answers end at no odd measure, nor believe that true is 1."""
    from ollama import AsyncClient, ChatResponse

    class Answer(ChatResponse):
        model: Any = None
        created_at: Any = None
        done_reason: Any = None
        load_duration: Any = None
        prompt_eval_count: Any = None
        eval_count: Any = None
        total_duration: Any = None
        prompt_eval_duration: Any = None
        eval_duration: Any = None
        logprobs: Any = None

    class Client(AsyncClient):
        async def _request(self, cls: type, *args: Any, **kwargs: Any) -> Any:
            cls = Answer if cls is ChatResponse else cls
            return await super()._request(cls, *args, **kwargs)

    return Client


def _body(request: ChatRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model.name,
        "messages": _messages(request),
        "options": _options(request),
        "stream": request.stream,
    }
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.options.reasoning:
        body["think"] = _think(request.model.name, request.options.reasoning)
    return body


def _think(name: str, level: str) -> bool | str:
    """Levels are known to gpt-oss only; the others think or do not."""
    if level == "off":
        return False
    return level if "gpt-oss" in name else True


def _options(request: ChatRequest) -> dict[str, Any]:
    options = request.options
    named = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "top_k": options.top_k,
        "num_predict": options.max_output_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        "num_ctx": request.model.context_window,
    }
    return {name: value for name, value in named.items() if value is not None}


def _messages(request: ChatRequest) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": request.system}] if request.system else []
    vision = request.model.vision
    return [*system, *(_message(message, vision) for message in request.messages)]


def _message(message: PromptMessage, vision: bool) -> dict[str, Any]:
    sent: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.images and vision:
        sent["images"] = [image.data for image in message.images]
    if message.tool_calls:
        sent["tool_calls"] = [
            {"function": {"name": call.name, "arguments": _arguments(call)}}
            for call in message.tool_calls
        ]
    if message.role == "tool":
        sent["tool_name"] = message.name
    return sent


def _arguments(call: ToolCall) -> Mapping[str, Any]:
    """The arguments as a mapping; a model's broken JSON is handed back as what it wrote."""
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError:
        return {"arguments": call.arguments}
    return arguments if isinstance(arguments, dict) else {"arguments": arguments}


def _tool(tool: ToolSpec) -> dict[str, Any]:
    """The library drops what it does not know of a schema (nested objects, limits), so such a
    schema is told in the description as well."""
    from ollama import Tool

    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    sent = {"type": "function", "function": function}
    kept = Tool.model_validate(sent).model_dump(exclude_none=True)["function"]["parameters"]
    if kept != function["parameters"]:
        schema = json.dumps(function["parameters"], ensure_ascii=False)
        function["description"] = f"{tool.description}\nJSON schema of the arguments: {schema}"
    return sent


def _events(part: ChatResponse) -> Iterator[StreamEvent]:
    if part.message.thinking:
        yield ReasoningDelta(part.message.thinking)
    if part.message.content:
        yield TextDelta(part.message.content)
    for call in part.message.tool_calls or ():
        arguments = json.dumps(dict(call.function.arguments), ensure_ascii=False)
        yield ToolCall(f"call_{secrets.token_hex(6)}", call.function.name, arguments)
    if not part.done:
        return
    yield Usage(count(part.prompt_eval_count), count(part.eval_count), load_s=_load_s(part))
    reason = FinishReason.LENGTH if part.done_reason == "length" else FinishReason.STOP
    yield Finish(reason, part.model)


def _load_s(part: ChatResponse) -> float | None:
    """Loading the model, which Ollama counts in nanoseconds."""
    nanoseconds = count(part.load_duration)
    return None if nanoseconds is None else nanoseconds / 1e9


async def check(model: Model, api_key: str | None) -> Readiness:
    """Whether the server runs and has pulled the model."""
    try:
        names = {entry.name for entry in await list_models(model, api_key)}
    except ProviderError as error:
        return Readiness(False, error.kind.value, {"command": _START})
    wanted = model.name if ":" in model.name.rpartition("/")[2] else f"{model.name}:latest"
    if wanted in names or model.name in names:
        return Readiness(True)
    return Readiness(False, ErrorKind.NOT_PULLED.value, {"command": _pull(model)})


async def list_models(model: Model, api_key: str | None) -> Sequence[OfferedModel]:
    """What has been pulled. Raises ProviderError NOT_RUNNING, HttpRefusal or httpx's errors."""
    address = (model.base_url or ADDRESS).rstrip("/")
    headers = probe.bearer(model.headers, api_key)
    refused = False
    try:
        answer = await probe.get_json(f"{address}/api/tags", headers)
    except Exception as error:
        if not is_refused_connection(error):
            raise
        refused = True
    if refused:
        raise ProviderError(ErrorKind.NOT_RUNNING, command=_START)
    return tuple(OfferedModel(str(row["name"])) for row in answer.get("models") or ())
