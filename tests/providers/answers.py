"""Asking through the router and gathering what comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.catalog import Model
from core.errors import ProviderError
from core.events import (
    Finish,
    Notice,
    ReasoningDelta,
    Sent,
    Status,
    StreamEvent,
    TextDelta,
    TextWasReasoning,
    ToolCall,
    Usage,
)
from core.request import ChatRequest, PromptMessage
from providers.router import Router


@dataclass
class Gathered:
    """All events of one answer, and those of each kind."""

    events: list[StreamEvent] = field(default_factory=list)
    error: ProviderError | None = None

    @property
    def text(self) -> str:
        taken_back = [n for n, e in enumerate(self.events) if isinstance(e, TextWasReasoning)]
        valid = self.events[max(taken_back, default=0) :]
        return "".join(e.text for e in valid if isinstance(e, TextDelta))

    @property
    def reasoning(self) -> str:
        thoughts = (e for e in self.events if isinstance(e, ReasoningDelta | TextWasReasoning))
        return "".join(e.text for e in thoughts)

    @property
    def calls(self) -> list[ToolCall]:
        return [e for e in self.events if isinstance(e, ToolCall)]

    @property
    def usage(self) -> list[Usage]:
        return [e for e in self.events if isinstance(e, Usage)]

    @property
    def finish(self) -> list[Finish]:
        return [e for e in self.events if isinstance(e, Finish)]

    @property
    def statuses(self) -> list[Status]:
        return [e for e in self.events if isinstance(e, Status)]

    @property
    def notices(self) -> list[Notice]:
        return [e for e in self.events if isinstance(e, Notice)]


def question(model: Model, text: str = "Merhaba", **changes: Any) -> ChatRequest:
    """A request with one question."""
    return ChatRequest(model, (PromptMessage("user", text),), **changes)


async def ask(router: Router, request: ChatRequest) -> Gathered:
    """The whole answer; an error is kept beside what came before it."""
    gathered = Gathered()
    try:
        async for event in router.stream(request):
            gathered.events.append(event)
    except ProviderError as error:
        gathered.error = error
    return gathered


async def answered(router: Router, request: ChatRequest) -> Gathered:
    """The whole answer of a call that must succeed."""
    gathered = await ask(router, request)
    if gathered.error is not None:
        pytest.fail(f"{gathered.error.kind}: {gathered.error} {dict(gathered.error.card.params)}")
    return gathered


async def failed(router: Router, request: ChatRequest) -> ProviderError:
    """The error of a call that must fail."""
    gathered = await ask(router, request)
    assert gathered.error is not None, gathered.events
    return gathered.error


async def first(events: AsyncIterator[StreamEvent]) -> StreamEvent:
    """The first event that comes from the provider."""
    event = await anext(events)
    return await anext(events) if isinstance(event, Sent) else event


def kinds(events: Sequence[StreamEvent]) -> list[str]:
    """The names of the events' types, neighbours of one type counted once."""
    names: list[str] = []
    for event in events:
        if not names or names[-1] != type(event).__name__:
            names.append(type(event).__name__)
    return names
