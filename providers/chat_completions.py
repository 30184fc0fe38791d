"""The chat completions format, which OpenAI, Hugging Face and many servers share."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.events import (
    Finish,
    FinishReason,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCall,
)
from core.request import ChatRequest, Image, Options, PromptMessage
from providers.answer import PICTURE
from providers.chat_sources import Sources
from providers.chat_thoughts import Thoughts, readable, sent_back
from providers.chat_usage import usage_of
from providers.failures import ErrorInAnswer
from providers.measure import TooMuchData

_MOST_CALLS = 1000
_REASONS = {
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
    "content_filter": FinishReason.BLOCKED,
    "safety": FinishReason.BLOCKED,
}
_PICTURES = frozenset({"image", "image_url", "output_image"})


def messages_of(request: ChatRequest) -> list[dict[str, Any]]:
    """The conversation, with the system prompt first; images only where the model takes them."""
    system = [{"role": "system", "content": request.system}] if request.system else []
    vision = request.model.vision
    return [*system, *(_message(message, vision) for message in request.messages)]


def _message(message: PromptMessage, vision: bool) -> dict[str, Any]:
    if message.role == "tool":
        return {
            "role": "tool",
            "tool_call_id": message.tool_call_id,
            "content": message.text,
        }
    if message.tool_calls:
        calls = [_sent_call(call) for call in message.tool_calls]
        sent = {"role": message.role, "content": message.text or None, "tool_calls": calls}
        return {**sent, **sent_back(message.tool_calls)}
    if message.images and vision:
        images = [_image(image) for image in message.images]
        text = [{"type": "text", "text": message.text}] if message.text else []
        return {"role": message.role, "content": [*text, *images]}
    return {"role": message.role, "content": message.text}


def _sent_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def _image(image: Image) -> dict[str, Any]:
    data = base64.b64encode(image.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{image.media_type};base64,{data}"}}


def tools_of(request: ChatRequest) -> list[dict[str, Any]]:
    """The tools on offer."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": dict(tool.parameters),
            },
        }
        for tool in request.tools
    ]


def sampling_of(options: Options) -> dict[str, Any]:
    """The settings that are set, by the names of the format."""
    named = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "max_tokens": options.max_output_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
    }
    return {name: value for name, value in named.items() if value is not None}


@dataclass(slots=True)
class _Growing:
    id: str
    name: str
    arguments: list[str]
    index: object


class ChunkReader:
    """Turns the chunks of one answer, as plain mappings, into events. Calls are kept until they are
    whole: `most` bytes of them."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._calls: list[_Growing] = []
        self._model: str | None = None
        self._ended = False
        self._thoughts = Thoughts()
        self._sources = Sources()

    def read(self, chunk: Mapping[str, Any]) -> Iterator[StreamEvent]:
        """The events of one chunk. Raises ErrorInAnswer."""
        if isinstance(chunk.get("usage"), Mapping):
            yield usage_of(chunk["usage"])
        if chunk.get("error"):
            raise ErrorInAnswer(chunk["error"])
        if isinstance(chunk.get("model"), str):
            self._model = chunk["model"]
        for choice in chunk.get("choices") or ():
            yield from self._choice(choice)
        yield from self._sources.listed(chunk)

    def read_whole(self, completion: Mapping[str, Any]) -> Iterator[StreamEvent]:
        """The events of an answer that came in one piece, and is complete with its last byte."""
        choices = [
            {**choice, "delta": choice.get("message") or {}}
            for choice in completion.get("choices") or ()
        ]
        yield from self.read({**completion, "choices": choices})
        yield from self.end(done=bool(choices))

    def end(self, done: bool) -> Iterator[StreamEvent]:
        """The end that a server says without a `finish_reason`."""
        if done and not self._ended:
            yield from self._end("stop", {})

    def _choice(self, choice: Mapping[str, Any]) -> Iterator[StreamEvent]:
        if choice.get("error"):
            raise ErrorInAnswer(choice["error"])
        delta = choice.get("delta") or {}
        details = delta.get("reasoning_details")
        thought = delta.get("reasoning") or delta.get("reasoning_content") or readable(details)
        if thought and isinstance(thought, str):
            yield ReasoningDelta(thought)
        self._thoughts.add(details)
        yield from _content(delta.get("content"))
        if isinstance(delta.get("refusal"), str):
            yield TextDelta(delta["refusal"])
        yield from self._sources.annotated(delta.get("annotations"))
        if delta.get("images") or _has_picture(delta.get("content")):
            yield PICTURE
        for call in delta.get("tool_calls") or ():
            self._grow(call)
        reason = choice.get("finish_reason")
        if reason:
            yield from self._end(str(reason), choice)

    def _end(self, reason: str, choice: Mapping[str, Any]) -> Iterator[StreamEvent]:
        if reason == "error":
            raise ErrorInAnswer(choice.get("native_finish_reason") or "the model ended in an error")
        extra = self._thoughts.extra()
        for call in self._calls:
            call_id, arguments = call.id or f"call_{secrets.token_hex(6)}", "".join(call.arguments)
            yield ToolCall(call_id, call.name, arguments, extra)
            extra = {}
        self._calls, self._ended = [], True
        yield Finish(_REASONS.get(reason, FinishReason.STOP), self._model)

    def _grow(self, piece: Mapping[str, Any]) -> None:
        """Add a piece of a call to the call it belongs to.

        Some servers number all calls 0 and others none: a new id starts a new call, too.
        """
        function = piece.get("function") or {}
        name, arguments = str(function.get("name") or ""), function.get("arguments") or ""
        call_id = str(piece.get("id") or "")
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments, ensure_ascii=False)
        self._left -= len(arguments)
        if self._left < 0 or len(self._calls) > _MOST_CALLS:
            raise TooMuchData("tool calls without an end")
        call = self._same_call(piece.get("index"), call_id, name)
        if call is None:
            new = _Growing(call_id, name, [arguments], piece.get("index"))
            self._calls.append(new)
            return
        call.name = call.name or name
        call.arguments.append(arguments)

    def _same_call(self, index: object, call_id: str, name: str) -> _Growing | None:
        last = self._calls[-1] if self._calls else None
        if index is None:
            begins = call_id != last.id if last and call_id else bool(name)
            return None if begins else last
        found = [call for call in self._calls if call.index == index]
        same = found[-1] if found else None
        return None if same and call_id and same.id and same.id != call_id else same


def _content(content: object) -> Iterator[StreamEvent]:
    """Text, or the list of parts that some models send instead."""
    if isinstance(content, str):
        yield TextDelta(content)
    if isinstance(content, list):
        for part in content:
            if part.get("type") == "thinking":
                yield from (ReasoningDelta(piece.get("text") or "") for piece in part["thinking"])
            elif part.get("text"):
                yield TextDelta(part["text"])


def _has_picture(content: object) -> bool:
    return isinstance(content, list) and any(part.get("type") in _PICTURES for part in content)
