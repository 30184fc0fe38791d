"""What a provider says while it answers: a closed union of small frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.counts import Amount, Count


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """The next piece of the model's thinking, shown folded away."""

    text: str


@dataclass(frozen=True, slots=True)
class TextWasReasoning:
    """All text so far, which is `text`, was the model's thinking: its closing tag came, and the
    opening one stood in the prompt."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A whole call the model asks for.

    `arguments` is JSON text as the model wrote it. `extra` keeps what the provider wants to see
    again verbatim (Gemini's base64 thought signature under "signature", OpenRouter's thoughts as
    JSON under "reasoning_details").
    """

    id: str
    name: str
    arguments: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer as the provider counts them; None where it does not say.

    `output_tokens` includes reasoning. `cost` is the provider's own price in USD, if it names one.
    `load_s` is how long it took to load the model before it began, in seconds. `cached_tokens` are
    those of `input_tokens` that the provider had kept from earlier requests.
    """

    input_tokens: Count = None
    output_tokens: Count = None
    reasoning_tokens: Count = None
    cost: Amount = None
    load_s: Amount = None
    cached_tokens: Count = None


@dataclass(frozen=True, slots=True)
class WebSource:
    """A page of the web that the answer rests on, as the provider says beside the text.

    `number` is what a mark such as `[1]` in the text calls it, where the provider numbers them. It
    may come again with more: see core.web_sources.
    """

    url: str
    title: str = ""
    number: Count = None


class FinishReason(StrEnum):
    """Why the model stopped, in one vocabulary."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Finish:
    """The provider's own end of the answer. `model` is the name it says it answered with, `limit`
    the most tokens that were asked for, where the answer reached its length limit."""

    reason: FinishReason
    model: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A passing state while nothing can be shown yet; never saved.

    `key` is a text under `status.` (loading, downloading, converting, waiting, fallback);
    `fraction` is progress from 0 to 1 where it is known.
    """

    key: str
    params: Mapping[str, str] = field(default_factory=dict)
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know about this answer later too; saved with it.

    `key` is a text under `notice.` (for example `fallback`: another model answered).
    """

    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """The request is about to leave: the time before, as for importing an SDK, was ours and is not
    the model's. Never saved."""


StreamEvent = (
    TextDelta
    | ReasoningDelta
    | TextWasReasoning
    | ToolCall
    | Usage
    | WebSource
    | Finish
    | Status
    | Notice
    | Sent
)
