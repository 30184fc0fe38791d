"""A request as the tokens a local model reads: its own chat template, trimmed to its window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.request import ChatRequest, PromptMessage

_TOKENS_A_MESSAGE = 12
_SHORTEST_ROOM = 16
_THINK = "<think>"


@dataclass(frozen=True)
class LocalPrompt:
    """What the model reads. `opening` is the start of its answer, where the template writes it."""

    ids: list[int]
    opening: str


def build(tokenizer: Any, request: ChatRequest, room: int) -> LocalPrompt:
    """The tokens of a request, at most `room` of them.

    What does not fit is left out from the oldest message on. The system prompt stays; it and a
    last message that fill the window by themselves are shortened.
    """
    room = max(room, _SHORTEST_ROOM)
    system = _first_tokens(tokenizer, _harmless(tokenizer, request.system), room // 2)
    spare = room - _count(tokenizer, system) - 2 * _TOKENS_A_MESSAGE
    messages = _newest(tokenizer, request.messages, max(spare, _SHORTEST_ROOM // 2))
    text = _render(tokenizer, system, messages, _thinks(request))
    ids = tokenizer.encode(text, add_special_tokens=not tokenizer.chat_template)
    return LocalPrompt(ids[-room:], _THINK if text.rstrip().endswith(_THINK) else "")


def _thinks(request: ChatRequest) -> bool:
    return bool(request.model.reasoning) and request.options.reasoning != "off"


def _newest(tokenizer: Any, messages: Sequence[PromptMessage], room: int) -> list[dict[str, str]]:
    kept: list[dict[str, str]] = []
    for message in reversed(messages):
        text = _harmless(tokenizer, message.text)
        size = _count(tokenizer, text) + _TOKENS_A_MESSAGE
        if kept and size > room:
            break
        if size > room:
            text = _last_tokens(tokenizer, text, max(1, room - _TOKENS_A_MESSAGE))
        kept.append({"role": _role(message), "content": text})
        room -= size
    kept.reverse()
    first = next((n for n, m in enumerate(kept) if m["role"] == "user"), 0)
    return kept[first:]


def _role(message: PromptMessage) -> str:
    return "user" if message.role == "tool" else message.role


def _render(tokenizer: Any, system: str, messages: list[dict[str, str]], thinking: bool) -> str:
    if not tokenizer.chat_template:
        return _plain(system, messages)
    asked = [{"role": "system", "content": system}, *messages] if system else messages
    try:
        return _apply(tokenizer, asked, thinking)
    except Exception:
        # Templates raise whatever their author chose, mostly for a role they do not know.
        return _apply(tokenizer, _without_system(system, messages), thinking)


def _apply(tokenizer: Any, messages: list[dict[str, str]], thinking: bool) -> str:
    return str(
        tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=thinking
        )
    )


def _without_system(system: str, messages: list[dict[str, str]]) -> list[dict[str, str]]:
    if not system or not messages:
        return messages
    first, *rest = messages
    return [{**first, "content": f"{system}\n\n{first['content']}"}, *rest]


def _plain(system: str, messages: list[dict[str, str]]) -> str:
    lines = [system] if system else []
    lines += [f"{m['role'].capitalize()}: {m['content']}" for m in messages]
    return "\n\n".join([*lines, "Assistant:"])


def _harmless(tokenizer: Any, text: str) -> str:
    """Text in which the template's own marks are words: nobody ends a turn by writing its mark."""
    for mark in tokenizer.all_special_tokens:
        if mark in text:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text


def _encode(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False)) if text else []


def _count(tokenizer: Any, text: str) -> int:
    return len(_encode(tokenizer, text))


def _first_tokens(tokenizer: Any, text: str, most: int) -> str:
    ids = _encode(tokenizer, text)
    return text if len(ids) <= most else _decoded(tokenizer, ids[:most])


def _last_tokens(tokenizer: Any, text: str, most: int) -> str:
    ids = _encode(tokenizer, text)
    return text if len(ids) <= most else _decoded(tokenizer, ids[-most:])


def _decoded(tokenizer: Any, ids: list[int]) -> str:
    return str(tokenizer.decode(ids)).strip("\N{REPLACEMENT CHARACTER}")
