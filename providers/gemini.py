"""Google's Gemini."""

from __future__ import annotations

import base64
import json
import secrets
import warnings
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.catalog import Model
from core.errors import ErrorKind, ProviderError
from core.events import (
    Finish,
    FinishReason,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCall,
    Usage,
)
from core.request import ChatRequest, OfferedModel, PromptMessage, Readiness
from providers import probe, wire

if TYPE_CHECKING:
    import httpx2
    from google import genai
    from google.genai import types

ADDRESS = "https://generativelanguage.googleapis.com"
_VERSION = "v1beta"
_OWN_ID = "divan-"
_SIGNATURE = "signature"
_NO_SIGNATURE = b"skip_thought_signature_validator"
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
_BUDGETS = {"off": 0, "low": 1024, "medium": 8192, "high": 24576}


async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    """The answer of `request.model.name`. Raises ProviderError and google-genai's errors."""
    if not request.api_key:
        raise ProviderError(ErrorKind.NO_KEY, key=request.model.api_key_env or "GEMINI_API_KEY")
    await wire.load("google.genai")
    async with wire.client(request) as http:
        client = _client(request, http)
        ask: dict[str, Any] = {
            "model": request.model.name,
            "contents": _contents(request),
            "config": _config(request),
        }
        if not request.stream:
            for event in _events(await client.aio.models.generate_content(**ask)):
                yield event
            return
        async for chunk in await client.aio.models.generate_content_stream(**ask):
            for event in _events(chunk):
                yield event


def _client(request: ChatRequest, http: httpx2.AsyncClient) -> genai.Client:
    from google import genai
    from google.genai import types

    # A reason newer than the SDK is no problem of the person's, so it is not printed as one.
    warnings.filterwarnings("ignore", r".* is not a valid \w+$", UserWarning)
    options = types.HttpOptions(
        base_url=_address(request.model),
        api_version=_VERSION,
        headers=dict(request.model.headers),
        timeout=int(wire.seconds(request) * 1000),
        httpx_async_client=http,
    )
    return genai.Client(api_key=request.api_key, vertexai=False, http_options=options)


def _config(request: ChatRequest) -> types.GenerateContentConfig:
    from google.genai import types

    options = request.options
    return types.GenerateContentConfig(
        system_instruction=request.system or None,
        temperature=options.temperature,
        top_p=options.top_p,
        top_k=options.top_k,
        max_output_tokens=options.max_output_tokens,
        seed=options.seed,
        stop_sequences=list(options.stop) or None,
        thinking_config=_thinking(request),
        tools=_tools(request),
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


def _tools(request: ChatRequest) -> list[Any] | None:
    from google.genai import types

    if not request.tools:
        return None
    declared = [
        types.FunctionDeclaration(
            name=tool.name,
            description=tool.description,
            parameters_json_schema=dict(tool.parameters),
        )
        for tool in request.tools
    ]
    return [types.Tool(function_declarations=declared)]


def _thinking(request: ChatRequest) -> types.ThinkingConfig | None:
    """Gemini 2 takes a budget in tokens, Gemini 3 a level; 3 cannot be switched off altogether."""
    from google.genai import types

    level = request.options.reasoning
    shown = bool(request.model.reasoning) and level != "off"
    if level is None:
        return types.ThinkingConfig(include_thoughts=True) if shown else None
    if request.model.name.removeprefix("models/").startswith("gemini-2"):
        return types.ThinkingConfig(include_thoughts=shown, thinking_budget=_BUDGETS[level])
    lowest = "low" if "pro" in request.model.name else "minimal"
    wanted = types.ThinkingLevel(lowest if level == "off" else level)
    return types.ThinkingConfig(include_thoughts=shown, thinking_level=wanted)


def _contents(request: ChatRequest) -> list[types.Content]:
    """The conversation; neighbours of one role are joined, as answers to parallel calls must be."""
    from google.genai import types

    contents: list[types.Content] = []
    for message in request.messages:
        role = "model" if message.role == "assistant" else "user"
        parts = _parts(message, request.model)
        if contents and contents[-1].role == role:
            contents[-1].parts = [*(contents[-1].parts or ()), *parts]
        elif parts:
            contents.append(types.Content(role=role, parts=parts))
    return contents


def _parts(message: PromptMessage, model: Model) -> list[types.Part]:
    from google.genai import types

    if message.role == "tool":
        return [types.Part(function_response=_response(message))]
    parts = [types.Part(text=message.text)] if message.text else []
    if model.vision:
        parts += [
            types.Part.from_bytes(data=image.data, mime_type=image.media_type)
            for image in message.images
        ]
    foreign = "gemini-3" in model.name and not any(
        _SIGNATURE in call.extra for call in message.tool_calls
    )
    for number, call in enumerate(message.tool_calls):
        parts.append(_sent_call(call, foreign=foreign and number == 0))
    return parts


def _sent_call(call: ToolCall, *, foreign: bool) -> types.Part:
    """A call as Gemini made it, signature and all. Gemini 3 refuses a call without a signature;
    another model's call carries the one that Google names for this case."""
    from google.genai import types

    signature = base64.b64decode(call.extra.get(_SIGNATURE, "")) or None
    named = types.FunctionCall(id=_their_id(call.id), name=call.name, args=_arguments(call))
    return types.Part(
        function_call=named, thought_signature=_NO_SIGNATURE if foreign else signature
    )


def _response(message: PromptMessage) -> types.FunctionResponse:
    from google.genai import types

    return types.FunctionResponse(
        id=_their_id(message.tool_call_id), name=message.name, response={"result": message.text}
    )


def _their_id(call_id: str) -> str | None:
    return None if call_id.startswith(_OWN_ID) else call_id or None


def _arguments(call: ToolCall) -> dict[str, Any]:
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError:
        return {"arguments": call.arguments}
    return arguments if isinstance(arguments, dict) else {"arguments": arguments}


def _events(chunk: types.GenerateContentResponse) -> Iterator[StreamEvent]:
    candidate = chunk.candidates[0] if chunk.candidates else None
    parts = candidate.content.parts if candidate and candidate.content else None
    for part in parts or ():
        yield from _part_events(part)
    if chunk.usage_metadata:
        yield _usage(chunk.usage_metadata)
    if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
        yield Finish(FinishReason.BLOCKED, chunk.model_version)
    if candidate and candidate.finish_reason:
        said = candidate.finish_message or ""
        yield _finish(str(candidate.finish_reason.value), said, chunk.model_version)


def _part_events(part: types.Part) -> Iterator[StreamEvent]:
    if part.function_call:
        signature = part.thought_signature
        extra = {_SIGNATURE: base64.b64encode(signature).decode()} if signature else {}
        yield ToolCall(
            id=part.function_call.id or f"{_OWN_ID}{secrets.token_hex(6)}",
            name=part.function_call.name or "",
            arguments=json.dumps(part.function_call.args or {}, ensure_ascii=False),
            extra=extra,
        )
    elif part.text:
        yield ReasoningDelta(part.text) if part.thought else TextDelta(part.text)


def _usage(counted: types.GenerateContentResponseUsageMetadata) -> Usage:
    thoughts, answer = counted.thoughts_token_count, counted.candidates_token_count
    known = thoughts is not None or answer is not None
    return Usage(
        input_tokens=counted.prompt_token_count,
        output_tokens=(thoughts or 0) + (answer or 0) if known else None,
        reasoning_tokens=thoughts,
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
    await probe.get_json(f"{_address(model)}/{_VERSION}/models/{name}", _headers(model, api_key))
    return Readiness(True)


async def list_models(model: Model, api_key: str | None) -> Sequence[OfferedModel]:
    """The models this key reaches that can answer. Raises HttpRefusal and httpx's errors."""
    address = f"{_address(model)}/{_VERSION}/models?pageSize=1000"
    answer = await probe.get_json(address, _headers(model, api_key))
    return tuple(
        OfferedModel(str(row["name"]).removeprefix("models/"), row.get("inputTokenLimit"))
        for row in answer.get("models") or ()
        if "generateContent" in row.get("supportedGenerationMethods", ("generateContent",))
    )


def _address(model: Model) -> str:
    return (model.base_url or ADDRESS).rstrip("/")


def _headers(model: Model, api_key: str | None) -> Mapping[str, str]:
    return {**({"x-goog-api-key": api_key} if api_key else {}), **model.headers}
