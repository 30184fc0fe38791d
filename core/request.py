"""What a provider is asked: one shape for all of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from core.catalog import Model
from core.events import StreamEvent, ToolCall


@dataclass(frozen=True, slots=True)
class Image:
    """An image in a question: `media_type` such as image/png, and its bytes."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message as it is sent. A `tool` message answers the call `tool_call_id` of `name`."""

    role: Literal["user", "assistant", "tool"]
    text: str
    images: tuple[Image, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool on offer; `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """Sampling settings; None means: do not send, let the provider decide."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_output_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning: str | None = None
    """"off", "low", "medium" or "high"; None leaves it to the model."""


def _nobody() -> None:
    """Nobody waits for signs of life."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Everything one call needs. `api_key` never appears in a repr."""

    model: Model
    messages: tuple[PromptMessage, ...]
    system: str = ""
    options: Options = field(default_factory=Options)
    tools: tuple[ToolSpec, ...] = ()
    stream: bool = True
    api_key: str | None = field(default=None, repr=False)
    heard: Callable[[], None] = field(default=_nobody, repr=False, compare=False)
    """To be called when bytes arrive that make no event, so that a slow model is not taken for a
    silent one; the router sets it."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a model can answer now, and if not the text key `reason.<reason>` says why."""

    ready: bool
    reason: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model the key or server really offers; `context_window` in tokens where it says so."""

    name: str
    context_window: int | None = None


class Connector(Protocol):
    """What each file in `providers/` offers, as plain module functions.

    `stream` raises whatever its SDK raises or a ProviderError; the router turns all of it into
    one ProviderError. It closes its connection when its task is cancelled or it is closed.
    `check` and `list_models` raise likewise; `check` takes a second or two at most.
    """

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]: ...

    async def check(self, model: Model, api_key: str | None) -> Readiness: ...

    async def list_models(self, model: Model, api_key: str | None) -> Sequence[OfferedModel]: ...


class StreamFunction(Protocol):
    """What the engine is handed: checked, retried, redacted streams (providers.router.stream)."""

    def __call__(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]: ...
