"""The four wire formats, as a server writes them: what the contract test is parametrised over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog import Model
from tests.providers.wire_server import Reply, Request

KEY = "hf_canary-0123456789-abcdef/+="
"""Shaped so that Hugging Face takes it; found anywhere it should not be, it is a leak."""


def sse(*payloads: Any, done: bool = True) -> list[bytes]:
    """Server-sent events, one for each payload."""
    lines = [
        f"data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode() for payload in payloads
    ]
    return [*lines, b"data: [DONE]\n\n"] if done else lines


def raw_sse(*lines: str) -> list[bytes]:
    """Events whose data is written as it is."""
    return [f"data: {line}\n\n".encode() for line in lines]


@dataclass(frozen=True)
class Dialect:
    """One wire format: how a test makes its server say things."""

    name: str

    def model(self, url: str, **changes: Any) -> Model:
        """An entry of the catalog that points at the server."""
        raise NotImplementedError

    def text(self, *pieces: str) -> Reply:
        """A whole answer in pieces, with usage 7 in, 5 out."""
        return self.answer([self.piece(text) for text in pieces])

    def answer(self, chunks: Sequence[Any], **reply: Any) -> Reply:
        """The chunks, then the end with usage."""
        return self.stream([*chunks, *self.ending()], **reply)

    def stream(self, chunks: Sequence[Any], **reply: Any) -> Reply:
        raise NotImplementedError

    def unended(self, chunks: Sequence[Any]) -> Reply:
        """A stream that closes without a word of its end."""
        return self.stream(chunks)

    def piece(self, text: str) -> Any:
        raise NotImplementedError

    def thought(self, text: str) -> Any:
        raise NotImplementedError

    def calls(self) -> list[Any]:
        """Two parallel calls: weather {"city": "İzmir"} and clock {}."""
        raise NotImplementedError

    def ending(self, reason: str = "stop") -> list[Any]:
        raise NotImplementedError

    def whole(self, text: str) -> Reply:
        """An answer that is not streamed."""
        raise NotImplementedError

    def error_chunk(self, message: str) -> Any:
        return {"error": {"message": message, "code": 500}}

    def error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> Reply:
        body = json.dumps({"error": {"message": message, "code": status}}).encode()
        return Reply(status, "application/json", headers or {}, [body])

    def models(self, *names: str) -> Reply:
        """What a listing of models answers."""
        rows = [{"id": name, "context_length": 4096} for name in names]
        return _json({"object": "list", "data": rows})

    def seen(self, request: Request) -> dict[str, Any]:
        """A request in one shape: model, system, turns, images, tools, sampling, key."""
        raise NotImplementedError


def _json(payload: Any, status: int = 200) -> Reply:
    body = json.dumps(payload, ensure_ascii=False).encode()
    return Reply(status, "application/json", {}, [body])


def _entry(wire: str, url: str, changes: Mapping[str, Any]) -> Model:
    values = {
        "id": "tested", "provider": wire, "format": wire, "name": "some-model", "label": "Some",
        "provider_label": "Tested", "kind": "cloud", "base_url": url, "api_key_env": "TEST_KEY",
        "max_retries": 0, "first_byte": 5, "between_chunks": 5, "vision": True, "tools": True,
        "reasoning": True, **changes,
    }  # fmt: skip
    return Model.model_validate(values)


class _ChatCompletions(Dialect):
    def stream(self, chunks: Sequence[Any], **reply: Any) -> Reply:
        whole = reply.get("end", "close") == "close"
        return Reply(parts=sse(*chunks, done=whole), **reply)

    def unended(self, chunks: Sequence[Any]) -> Reply:
        return Reply(parts=sse(*chunks, done=False))

    def piece(self, text: str) -> Any:
        return _delta({"content": text})

    def thought(self, text: str) -> Any:
        return _delta({"reasoning": text})

    def calls(self) -> list[Any]:
        return [
            _delta({"tool_calls": [_call(0, "a1", "weather", '{"ci')]}),
            _delta({"tool_calls": [_call(0, None, None, 'ty": "İzmir"}')]}),
            _delta({"tool_calls": [_call(1, "a2", "clock", "{}")]}),
            _delta({}, "tool_calls"),
        ]

    def ending(self, reason: str = "stop") -> list[Any]:
        usage = {
            "prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12,
            "completion_tokens_details": {"reasoning_tokens": 2}, "cost": 0.25,
        }  # fmt: skip
        return [
            _delta({}, reason),
            _delta({}, reason),
            {**_delta({}), "choices": [], "usage": usage},
        ]

    def whole(self, text: str) -> Reply:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
        return _json({"id": "x", "object": "chat.completion", "created": 1, "model": "real-model",
                      "choices": [choice], "usage": usage})  # fmt: skip

    def seen(self, request: Request) -> dict[str, Any]:
        body = request.body
        system = [m["content"] for m in body["messages"] if m["role"] == "system"]
        turns = [m for m in body["messages"] if m["role"] != "system"]
        return {
            "model": body["model"],
            "system": system[0] if system else "",
            "turns": [_chat_turn(turn) for turn in turns],
            "tools": [tool["function"]["name"] for tool in body.get("tools", [])],
            "sampling": [body.get(k) for k in ("temperature", "top_p", "max_tokens", "seed")],
            "key": request.headers.get("authorization", "").removeprefix("Bearer "),
        }


def _chat_turn(turn: Mapping[str, Any]) -> tuple[str, str, int, int]:
    content = turn["content"]
    parts: list[Any] = (
        content if isinstance(content, list) else [{"type": "text", "text": content or ""}]
    )
    text = "".join(part.get("text", "") for part in parts)
    images = [part for part in parts if part["type"] == "image_url"]
    assert all(i["image_url"]["url"] == "data:image/png;base64,iVBORw==" for i in images)
    return turn["role"], text, len(images), len(turn.get("tool_calls") or ())


def _delta(delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "real-model",
            "choices": [choice]}  # fmt: skip


def _call(index: int, call_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    function = {"arguments": arguments, **({"name": name} if name else {})}
    named = {"id": call_id, "type": "function"} if call_id else {}
    return {"index": index, "function": function, **named}


class OpenAI(_ChatCompletions):
    def model(self, url: str, **changes: Any) -> Model:
        return _entry("openai_compatible", f"{url}/v1", changes)


class HuggingFace(_ChatCompletions):
    def model(self, url: str, **changes: Any) -> Model:
        return _entry("huggingface", f"{url}/v1", changes)


class Ollama(Dialect):
    def model(self, url: str, **changes: Any) -> Model:
        return _entry("ollama", url, {"kind": "local", "context_window": 8192, **changes})

    def stream(self, chunks: Sequence[Any], **reply: Any) -> Reply:
        lines = [json.dumps(chunk, ensure_ascii=False).encode() + b"\n" for chunk in chunks]
        return Reply(content_type="application/x-ndjson", parts=lines, **reply)

    def piece(self, text: str) -> Any:
        return _ollama({"content": text})

    def thought(self, text: str) -> Any:
        return _ollama({"content": "", "thinking": text})

    def calls(self) -> list[Any]:
        weather = {"function": {"name": "weather", "arguments": {"city": "İzmir"}}}
        clock = {"function": {"name": "clock", "arguments": {}}}
        return [_ollama({"content": "", "tool_calls": [weather, clock]})]

    def ending(self, reason: str = "stop") -> list[Any]:
        end = {"done": True, "done_reason": reason, "prompt_eval_count": 7, "eval_count": 5}
        return [{**_ollama({"content": ""}), **end}]

    def whole(self, text: str) -> Reply:
        return _json({**self.ending()[0], "message": {"role": "assistant", "content": text}})

    def error_chunk(self, message: str) -> Any:
        return {"error": message}

    def error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> Reply:
        body = json.dumps({"error": message}).encode()
        return Reply(status, "application/json", headers or {}, [body])

    def models(self, *names: str) -> Reply:
        return _json({"models": [{"name": name, "model": name} for name in names]})

    def seen(self, request: Request) -> dict[str, Any]:
        body = request.body
        system = [m["content"] for m in body["messages"] if m["role"] == "system"]
        turns = [m for m in body["messages"] if m["role"] != "system"]
        names = ("temperature", "top_p", "num_predict", "seed")
        assert body["options"]["num_ctx"] == 8192
        return {
            "model": body["model"],
            "system": system[0] if system else "",
            "turns": [
                (
                    t["role"],
                    t["content"],
                    len(t.get("images") or ()),
                    len(t.get("tool_calls") or ()),
                )
                for t in turns
            ],
            "tools": [tool["function"]["name"] for tool in body.get("tools") or []],
            "sampling": [body["options"].get(name) for name in names],
            "key": request.headers.get("authorization", "").removeprefix("Bearer "),
        }


def _ollama(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": "real-model", "created_at": "2026-01-01T00:00:00Z", "done": False,
            "message": {"role": "assistant", **message}}  # fmt: skip


class Gemini(Dialect):
    def model(self, url: str, **changes: Any) -> Model:
        return _entry("gemini", url, changes)

    def stream(self, chunks: Sequence[Any], **reply: Any) -> Reply:
        return Reply(parts=sse(*chunks, done=False), **reply)

    def piece(self, text: str) -> Any:
        return _gemini([{"text": text}], {"promptTokenCount": 7, "candidatesTokenCount": 1})

    def thought(self, text: str) -> Any:
        return _gemini([{"text": text, "thought": True}])

    def calls(self) -> list[Any]:
        weather = {"name": "weather", "args": {"city": "İzmir"}}
        signed = {"functionCall": weather, "thoughtSignature": "c2lnbmVk"}
        return [_gemini([signed, {"functionCall": {"name": "clock", "args": {}}}])]

    def ending(self, reason: str = "stop") -> list[Any]:
        names = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
        counted = {"promptTokenCount": 7, "candidatesTokenCount": 3, "thoughtsTokenCount": 2}
        end = _gemini([{"text": ""}], counted)
        end["candidates"][0]["finishReason"] = names[reason]
        return [end]

    def whole(self, text: str) -> Reply:
        end = self.ending()[0]
        end["candidates"][0]["content"]["parts"] = [{"text": text}]
        return _json(end)

    def models(self, *names: str) -> Reply:
        rows = [{"name": f"models/{name}", "inputTokenLimit": 4096} for name in names]
        return _json({"models": rows})

    def seen(self, request: Request) -> dict[str, Any]:
        body = request.body
        settings = body.get("generationConfig", {})
        names = ("temperature", "topP", "maxOutputTokens", "seed")
        tools = [tool["functionDeclarations"] for tool in body.get("tools", [])]
        system = body.get("systemInstruction", {"parts": [{"text": ""}]})
        return {
            "model": request.path.partition("/models/")[2].partition(":")[0],
            "system": system["parts"][0]["text"],
            "turns": [_gemini_turn(turn) for turn in body["contents"]],
            "tools": [tool["name"] for declared in tools for tool in declared],
            "sampling": [settings.get(name) for name in names],
            "key": request.headers.get("x-goog-api-key", ""),
        }


def _gemini_turn(turn: Mapping[str, Any]) -> tuple[str, str, int, int]:
    parts = turn["parts"]
    answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
    text = "".join(part.get("text", "") for part in parts)
    text += "".join(answer["response"]["result"] for answer in answers)
    role = "tool" if answers else {"model": "assistant"}.get(turn["role"], turn["role"])
    images = [part["inlineData"] for part in parts if "inlineData" in part]
    assert all(image == {"mime_type": "image/png", "data": "iVBORw=="} for image in images)
    return role, text, len(images), sum("functionCall" in part for part in parts)


def _gemini(parts: Sequence[Any], counted: Mapping[str, int] | None = None) -> dict[str, Any]:
    chunk: dict[str, Any] = {
        "candidates": [{"index": 0, "content": {"role": "model", "parts": list(parts)}}],
        "modelVersion": "real-model",
    }
    return {**chunk, "usageMetadata": counted} if counted else chunk


DIALECTS = (OpenAI("openai"), HuggingFace("huggingface"), Ollama("ollama"), Gemini("gemini"))
