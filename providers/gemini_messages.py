"""A request in Gemini's shape, as plain mappings that google-genai takes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from core.catalog import Model
from core.events import ToolCall
from core.request import ChatRequest, PromptMessage

OWN_ID = "divan-"
"""How the ids of calls begin that Gemini left without one; they are not sent back."""
SIGNATURE = "signature"
_NO_SIGNATURE = b"skip_thought_signature_validator"
_BUDGETS = {"off": 0, "low": 1024, "medium": 8192, "high": 24576}


def config_of(request: ChatRequest) -> dict[str, Any]:
    """Everything but the messages; sampling settings nobody set are left out."""
    options = request.options
    named = {
        "system_instruction": request.system or None,
        "temperature": options.temperature,
        "top_p": options.top_p,
        "top_k": options.top_k,
        "max_output_tokens": options.max_output_tokens,
        "seed": options.seed,
        "stop_sequences": list(options.stop) or None,
        "thinking_config": _thinking(request),
        "tools": _tools(request),
        "automatic_function_calling": {"disable": True},
    }
    return {name: value for name, value in named.items() if value is not None}


def _tools(request: ChatRequest) -> list[dict[str, Any]] | None:
    declared = [
        {
            "name": tool.name,
            "description": tool.description,
            "parameters_json_schema": dict(tool.parameters),
        }
        for tool in request.tools
    ]
    return [{"function_declarations": declared}] if declared else None


def _thinking(request: ChatRequest) -> dict[str, Any] | None:
    """Gemini 2 takes a budget in tokens, Gemini 3 a level; 3 cannot be switched off altogether."""
    level = request.options.reasoning
    shown = bool(request.model.reasoning) and level != "off"
    if level is None:
        return {"include_thoughts": True} if shown else None
    if request.model.name.removeprefix("models/").startswith("gemini-2"):
        return {"include_thoughts": shown, "thinking_budget": _BUDGETS[level]}
    lowest = "low" if "pro" in request.model.name else "minimal"
    wanted = lowest if level == "off" else level
    return {"include_thoughts": shown, "thinking_level": wanted.upper()}


def contents_of(request: ChatRequest) -> list[dict[str, Any]]:
    """The conversation; neighbours of one role are joined, as answers to parallel calls must be."""
    contents: list[dict[str, Any]] = []
    for message in request.messages:
        role = "model" if message.role == "assistant" else "user"
        parts = _parts(message, request.model)
        if contents and contents[-1]["role"] == role:
            contents[-1]["parts"] += parts
        elif parts:
            contents.append({"role": role, "parts": parts})
    return contents


def _parts(message: PromptMessage, model: Model) -> list[dict[str, Any]]:
    if message.role == "tool":
        return [_tool_answer(message)]
    parts: list[dict[str, Any]] = [{"text": message.text}] if message.text else []
    if model.vision:
        parts += [
            {"inline_data": {"data": image.data, "mime_type": image.media_type}}
            for image in message.images
        ]
    return [*parts, *_sent_calls(message, model)]


def _sent_calls(message: PromptMessage, model: Model) -> list[dict[str, Any]]:
    """The calls as Gemini made them, signature and all.

    Gemini 3 refuses calls without any signature: those another model made carry the one that
    Google names for this case.
    """
    parts = [_sent_call(call) for call in message.tool_calls]
    signed = any("thought_signature" in part for part in parts)
    if parts and not signed and "gemini-3" in model.name:
        parts[0]["thought_signature"] = _NO_SIGNATURE
    return parts


def _sent_call(call: ToolCall) -> dict[str, Any]:
    named = {"id": _their_id(call.id), "name": call.name, "args": _arguments(call)}
    signature = base64.b64decode(call.extra.get(SIGNATURE, ""))
    signed: Mapping[str, Any] = {"thought_signature": signature} if signature else {}
    return {"function_call": named, **signed}


def _tool_answer(message: PromptMessage) -> dict[str, Any]:
    answer = {
        "id": _their_id(message.tool_call_id),
        "name": message.name,
        "response": {"result": message.text},
    }
    return {"function_response": answer}


def _their_id(call_id: str) -> str | None:
    return None if call_id.startswith(OWN_ID) else call_id or None


def _arguments(call: ToolCall) -> dict[str, Any]:
    """The arguments as a mapping; a model's broken JSON is handed back as what it wrote."""
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError:
        return {"arguments": call.arguments}
    return arguments if isinstance(arguments, dict) else {"arguments": arguments}
