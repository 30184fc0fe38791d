"""From a chat to the request a provider gets: system prompt, history that fits, options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from core.catalog import Model
from core.conversation import ChatSettings, Message, Summary
from core.request import ChatRequest, Options, PromptMessage
from engine.calibration import Calibration
from engine.metrics import estimate_tokens

_T = TypeVar("_T")
_TOKENS_A_MESSAGE = 4
_RESERVED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Prompt:
    """The request, our estimate of its tokens, and how many old messages did not fit."""

    request: ChatRequest
    tokens: int
    left_out: int = 0


def build_prompt(
    model: Model,
    path: Sequence[Message],
    settings: ChatSettings,
    summaries: Sequence[Summary] = (),
    calibration: Calibration | None = None,
) -> Prompt:
    """The request for the next answer after `path`, whose last message is the question."""
    history = as_prompt(path)
    room = _room(model, settings)
    fitting = fit(history, room)
    request = ChatRequest(
        model=model,
        messages=tuple(fitting),
        system=settings.system,
        options=resolve_options(model, settings),
        stream=model.streaming,
    )
    used = sum(map(_tokens, fitting)) + estimate_tokens(settings.system)
    return Prompt(request, used, len(history) - len(fitting))


def as_prompt(path: Iterable[Message]) -> list[PromptMessage]:
    """Messages as they are sent: empty answers left out, neighbours of one role joined, because
    some models insist on taking turns."""
    sent: list[PromptMessage] = []
    for message in path:
        if not message.content:
            continue
        if sent and sent[-1].role == message.role:
            sent[-1] = replace(sent[-1], text=f"{sent[-1].text}\n\n{message.content}")
        else:
            sent.append(PromptMessage(role=message.role, text=message.content))
    return sent


def fit(history: Sequence[PromptMessage], room: int | None) -> Sequence[PromptMessage]:
    """The newest messages that fit into `room` tokens, starting with a question; the last one
    is always kept."""
    if room is None:
        return history
    start, used = len(history), 0
    while start > 0 and (used + _tokens(history[start - 1]) <= room or start == len(history)):
        start -= 1
        used += _tokens(history[start])
    while start < len(history) - 1 and history[start].role != "user":
        start += 1
    return history[start:]


def _room(model: Model, settings: ChatSettings) -> int | None:
    if model.context_window is None:
        return None
    asked = settings.max_output_tokens or model.max_output_tokens or 0
    reserved = min(asked, int(model.context_window * _RESERVED_SHARE))
    return model.context_window - reserved - estimate_tokens(settings.system)


def _tokens(message: PromptMessage) -> int:
    return estimate_tokens(message.text) + _TOKENS_A_MESSAGE


def resolve_options(model: Model, settings: ChatSettings) -> Options:
    """What the person set, else the model's own defaults, and only what the model takes."""
    chosen = Options(
        temperature=_first(settings.temperature, model.temperature),
        top_p=_first(settings.top_p, model.top_p),
        top_k=_first(settings.top_k, model.top_k),
        max_output_tokens=_first(settings.max_output_tokens, model.max_output_tokens),
        seed=_first(settings.seed, model.seed),
        stop=settings.stop or model.stop,
        reasoning=_first(
            settings.reasoning, model.reasoning if isinstance(model.reasoning, str) else None
        ),
    )
    empty = Options()
    refused = [name for name in Options.__slots__ if name not in model.parameters]
    return replace(chosen, **{name: getattr(empty, name) for name in refused})


def _first(*values: _T | None) -> _T | None:
    return next((value for value in values if value is not None), None)
