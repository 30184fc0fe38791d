"""The one way to a model: picks its connector, watches the stream, and owns what goes wrong."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from core.catalog import Model
from core.errors import ErrorKind, ProviderError
from core.events import Notice, Status, StreamEvent
from core.keys import Keys
from core.request import ChatRequest, OfferedModel, Readiness
from providers.answer import Answer
from providers.call import Call
from providers.retry import retries_of, wait_before

_CHECK_LIMIT = 10.0
_BUSY = frozenset({ErrorKind.RATE_LIMITED, ErrorKind.OVERLOADED, ErrorKind.NO_CREDIT})
_REASONS = frozenset(
    {
        ErrorKind.NO_KEY, ErrorKind.BAD_KEY, ErrorKind.KEY_CHARACTERS,
        ErrorKind.NOT_RUNNING, ErrorKind.NOT_PULLED,
        ErrorKind.NO_MODEL, ErrorKind.UNREACHABLE, ErrorKind.NO_WEIGHTS, ErrorKind.NO_PACKAGE,
        ErrorKind.FORBIDDEN, ErrorKind.KEY_WANTED, ErrorKind.MALFORMED, ErrorKind.SERVER,
    }
)  # fmt: skip


pause = asyncio.sleep
"""How a retry waits; a test need not."""


class Router:
    """Checked calls to every model of the catalog.

    All three methods end in the connector's answer or in one ProviderError whose card is filled
    and free of keys; nothing foreign leaves this class.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """The model's answer: text, reasoning and tool calls as they come, then usage and finish.

        Retries what may pass before the first token, saying so with Status events. Cancelling the
        task, or closing the generator, closes the connection. Raises ProviderError.
        """
        call = await asyncio.to_thread(Call, self._keys, request.model)
        ready = call.prepare(request)
        told: list[Notice] = []
        attempt = 0
        while True:
            attempt += 1
            answer = Answer()
            error: ProviderError | None = None
            async with aclosing(call.once(ready, answer)) as events:
                try:
                    async for event in events:
                        if not _already(event, told):
                            yield event
                except ProviderError as failed:
                    error = failed
            if error is None:
                return
            wait = None if answer.started else wait_before(attempt, error, request.model)
            if wait is None:
                raise error
            yield _waiting(error, wait, attempt, request.model)
            await pause(wait)

    async def check(self, model: Model) -> Readiness:
        """Whether the model can answer now, and why not. Takes seconds at most; never raises."""
        call = await asyncio.to_thread(Call, self._keys, model)
        try:
            key = call.key()
            async with asyncio.timeout(_CHECK_LIMIT):
                answer = await call.connector().check(model, key)
        except Exception as error:
            return _reason(call.explain(error, heard=True))
        if answer.ready:
            return answer
        return replace(answer, params={**call.names(answer.reason), **answer.params})

    async def list_models(self, model: Model) -> Sequence[OfferedModel]:
        """What the key or server of this entry really offers. Raises ProviderError."""
        call = await asyncio.to_thread(Call, self._keys, model)
        error: ProviderError | None = None
        try:
            key = call.key()
            async with asyncio.timeout(_CHECK_LIMIT):
                return await call.connector().list_models(model, key)
        except Exception as failed:
            error = call.explain(failed, heard=True)
        raise error


def _already(event: StreamEvent, told: list[Notice]) -> bool:
    """Whether a retry is repeating a notice."""
    if not isinstance(event, Notice):
        return False
    if event in told:
        return True
    told.append(event)
    return False


def _waiting(error: ProviderError, wait: float, attempt: int, model: Model) -> Status:
    return Status(
        error.kind.value,
        {
            "provider": model.provider_label,
            "url": error.card.params["url"],
            "wait": str(math.ceil(wait)),
            "attempt": str(attempt),
            "of": str(retries_of(model, error)),
        },
    )


def _reason(error: ProviderError) -> Readiness:
    if error.kind in _BUSY:
        return Readiness(True)
    kind = error.kind
    if kind is ErrorKind.SILENT:
        kind = ErrorKind.UNREACHABLE
    if kind not in _REASONS:
        detail = error.card.params.get("detail") or error.message
        return Readiness(False, "unknown", {**error.card.params, "detail": detail})
    return Readiness(False, kind.value, error.card.params)
