"""One call to one model: its key, its stream, and its failures put into words."""

from __future__ import annotations

import logging
import math
import traceback
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace

import providers
from core.catalog import Model
from core.counts import amount
from core.errors import ErrorKind, ProviderError
from core.events import StreamEvent
from core.hosts import is_this_machine
from core.http_syntax import is_key_value
from core.keys import Keys
from core.request import ChatRequest, Connector
from providers.answer import Answer
from providers.bounds import Bounds
from providers.failures import diagnose
from providers.gate import checked
from providers.redaction import Redactor, shown_address
from providers.refusals import Failure
from providers.silence import Patience
from providers.surrogates import mended_request
from providers.wire import load, longest_wait

_log = logging.getLogger(__name__)
_ANY_SERVER = "llama-server, vLLM, LM Studio, …"
_PACKAGES = {"google": "google-genai"}
_USUAL_WAIT = "30"
_OF_THE_MACHINE = frozenset({ErrorKind.NO_MEMORY, ErrorKind.NO_GPU})
_UNLOGGED = frozenset(
    {ErrorKind.NO_KEY, ErrorKind.KEY_CHARACTERS, ErrorKind.NOT_RUNNING, ErrorKind.NOT_PULLED}
)
_STORIES = frozenset({ErrorKind.UNKNOWN, ErrorKind.MALFORMED})
_LONGEST_STORY = 20_000
_BAD_ENDS = frozenset(
    {
        ErrorKind.CUT_OFF, ErrorKind.SILENT, ErrorKind.MALFORMED, ErrorKind.TIMED_OUT,
        ErrorKind.TOO_MUCH_DATA,
    }
)  # fmt: skip


class Call:
    """What is known about one call: its model, its key, and how to speak of its failures."""

    def __init__(self, keys: Keys, model: Model) -> None:
        self._model = model
        self._key = keys.get(model.api_key_env)
        self._redactor = Redactor(model, self._key, keys.redact)
        self._bounds = Bounds(model)

    def key(self) -> str | None:
        """The key. Raises ProviderError NO_KEY where the entry names one that is not set, and
        KEY_CHARACTERS where no request could carry it."""
        if self._model.api_key_env and not self._key:
            raise self._error(Failure(ErrorKind.NO_KEY), {})
        if self._key and not is_key_value(self._key):
            raise self._error(Failure(ErrorKind.KEY_CHARACTERS), {})
        return self._key

    def connector(self) -> Connector:
        """The file that speaks this model's format."""
        return providers.connector(self._model.format)

    def prepare(self, request: ChatRequest) -> ChatRequest:
        """The request as the connector gets it: with the key, without half characters."""
        stream = request.stream and self._model.streaming
        return replace(mended_request(request), api_key=self.key(), stream=stream)

    async def once(self, request: ChatRequest, answer: Answer) -> AsyncGenerator[StreamEvent, None]:
        """One attempt. Raises ProviderError, outside of any handler, so that no foreign
        exception (and no key in one) hangs on it."""
        bounds = self._bounds
        bounds.begin()
        patience = Patience(self._model, request.stream, bounds)
        error: ProviderError | None = None
        try:
            connector = self.connector()
            await load(connector)
            source = connector.stream(replace(request, heard=patience.heard))
            async with aclosing(source):
                while (event := await patience.next(source)) is not None:
                    for shown in answer.feed(bounds.fitting(checked(event))):
                        yield shown
                    if answer.finished:
                        patience.finished()
                    bounds.require_room()
        except Exception as failed:
            if not (answer.finished and _is_hanging_up(failed)):
                error = self.explain(failed, patience.heard_something, answer.started)
        for shown in answer.rest():
            yield shown
        if error is not None:
            raise error
        end = answer.end(request.options.max_output_tokens)
        if isinstance(end, ProviderError):
            raise self.explain(end, patience.heard_something, answer.started)
        yield end

    def explain(
        self, error: Exception, heard: bool = True, started: bool | None = None
    ) -> ProviderError:
        """The failure as the one error that leaves this folder, and a line in the log.

        `heard` says whether a byte had come, `started` whether a word of the answer had; None
        where no answer was asked for.
        """
        if isinstance(error, ProviderError):
            given = {k: self._redactor.detail(str(v)) for k, v in error.card.params.items()}
            wait = amount(error.retry_after)
            failure = Failure(error.kind, given.get("detail", ""), wait=wait)
        else:
            given, failure = {}, diagnose(error, heard=heard, name=self._model.name)
        if started is not None:
            failure = _by_progress(failure, heard, started)
        explained = self._error(failure, given)
        self._record(explained, error)
        return explained

    def _error(self, failure: Failure, given: Mapping[str, str]) -> ProviderError:
        detail = self._redactor.detail(failure.detail)
        kind = self._kind_here(failure.kind)
        params = {
            **self.names(kind),
            "detail": detail,
            "status": _status(failure, detail),
            "wait": self._wait(failure),
            **given,
        }
        if kind is ErrorKind.NOT_RUNNING:
            params.setdefault("command", _ANY_SERVER)
        if kind is ErrorKind.NO_PACKAGE:
            top = detail.partition(".")[0]
            params.setdefault("command", f"pip install {_PACKAGES.get(top, top)}")
        return ProviderError(kind, retry_after=failure.wait, **params)

    def names(self, kind: str) -> dict[str, str]:
        """What the sentences call this model, its provider, its key and its address."""
        model = self._model
        by_name = kind in (ErrorKind.NO_MODEL, ErrorKind.NOT_PULLED)
        return {
            "model": model.name if by_name else model.label,
            "provider": model.provider_label,
            "key": model.api_key_env or "api_key_env",
            "url": shown_address(self._address()),
        }

    def _address(self) -> str:
        if self._model.base_url:
            return self._model.base_url
        try:
            return str(getattr(self.connector(), "ADDRESS", self._model.provider_label))
        except Exception:  # a connector that cannot be imported has no address to name
            return self._model.provider_label

    def _kind_here(self, kind: ErrorKind) -> ErrorKind:
        """What the failure means for this entry."""
        if kind is ErrorKind.UNREACHABLE and is_this_machine(self._model.base_url):
            return ErrorKind.NOT_RUNNING
        if kind is ErrorKind.BAD_KEY and not self._model.api_key_env:
            return ErrorKind.KEY_WANTED
        if kind in _OF_THE_MACHINE and not self._model.is_own:
            return ErrorKind.SERVER
        return kind

    def _wait(self, failure: Failure) -> str:
        if failure.kind is ErrorKind.SILENT:
            return f"{longest_wait(self._model):g}"
        return _USUAL_WAIT if failure.wait is None else str(math.ceil(failure.wait))

    def _record(self, error: ProviderError, cause: Exception) -> None:
        """A line in the log, with the story of what nobody foresaw; keys are taken out."""
        if error.kind in _UNLOGGED:
            return
        detail = error.card.params.get("detail", "")
        _log.info("%s: %s %s", self._model.id, error.kind.value, detail)
        if error.kind in _STORIES:
            story = "".join(traceback.format_exception(cause))[-_LONGEST_STORY:]
            _log.info("%s: %s", self._model.id, self._redactor.clean(story))


def _by_progress(failure: Failure, heard: bool, started: bool) -> Failure:
    """The same failure means something else before the first byte and after the first word."""
    if started:
        garbled = failure.kind is ErrorKind.MALFORMED
        return replace(failure, kind=ErrorKind.GARBLED) if garbled else failure
    empty = failure.kind is ErrorKind.MALFORMED and not heard and failure.status is None
    if empty or failure.kind is ErrorKind.CUT_OFF:
        return replace(failure, kind=ErrorKind.HUNG_UP)
    return failure


def _status(failure: Failure, detail: str) -> str:
    """The status, with the server's own words: "500: the model needs more memory"."""
    number = str(failure.status or "")
    return ": ".join(filter(None, (number, detail))) or failure.kind.value


def _is_hanging_up(error: Exception) -> bool:
    """Whether a server that has said everything merely ends badly, or not at all."""
    kind = error.kind if isinstance(error, ProviderError) else diagnose(error, heard=True).kind
    return kind in _BAD_ENDS
