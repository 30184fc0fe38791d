"""One answer as it comes in: every provider's events brought into the same order and shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.errors import ErrorKind, ProviderError
from core.events import (
    Finish,
    FinishReason,
    Notice,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    TextWasReasoning,
    ToolCall,
    Usage,
)
from providers.request_forms import UNLIMITED
from providers.surrogates import Joiner
from providers.thinktag import Split, ThinkTag

PICTURE = Notice("picture")
"""What a connector says of a picture in an answer, which nothing here can show."""


class Answer:
    """Text and reasoning go through at once; usage and finish come once, last, in this order."""

    def __init__(self) -> None:
        self._text = Joiner()
        self._reasoning = Joiner()
        self._think = ThinkTag()
        self._usage: Usage | None = None
        self._finish: Finish | None = None
        self._called = False
        self._blank = ""
        self._worded = False
        self._thought = False
        self._pictured = False
        self._unlimited = False
        self.started = False

    @property
    def finished(self) -> bool:
        """Whether the provider has said that the answer is complete."""
        return self._finish is not None

    def feed(self, event: StreamEvent | None) -> Iterator[StreamEvent]:
        """The events to pass on for one event of a connector."""
        match event:
            case TextDelta(text):
                yield from self._shown(self._think.feed(self._text.feed(text)))
            case ReasoningDelta(text):
                self._think.thoughts_come_apart()
                yield from self._shown([ReasoningDelta(self._reasoning.feed(text))])
            case ToolCall() as call:
                yield from self._call(call)
            case Usage() as usage:
                self._usage = usage
            case Finish() as finish:
                self._note_end(finish)
            case Notice() as notice if notice == PICTURE:
                self._pictured = True
            case Notice() as notice if notice == UNLIMITED:
                self._unlimited = True
                yield notice
            case None:
                pass
            case other:
                yield other

    def rest(self) -> Iterator[StreamEvent]:
        """What was held back, when nothing more comes: the last of the text, then the usage. An
        answer of white space alone is no text."""
        yield from self._shown([ReasoningDelta(self._reasoning.end())])
        yield from self._shown(self._think.feed(self._text.end()))
        yield from self._shown(self._think.end())
        if self._pictured and self._worded:
            yield PICTURE
        if self._usage is not None:
            yield self._usage

    def end(self, limit: int | None = None) -> Finish | ProviderError:
        """The end of the answer, or what it means that the provider's own end, or an answer before
        it, is missing. `limit` is the most tokens that were asked for."""
        if self._finish is None:
            empty = not (self.started or self._blank or self._usage)
            return ProviderError(ErrorKind.MALFORMED if empty else ErrorKind.CUT_OFF)
        if self._finish.reason is FinishReason.BLOCKED:
            return ProviderError(ErrorKind.BLOCKED)
        limit = None if self._unlimited else limit
        at_limit = self._finish.reason is FinishReason.LENGTH
        if not (self._worded or self._called):
            return self._nothing_said(at_limit, limit)
        return replace(self._finish, limit=limit) if at_limit else self._finish

    def _nothing_said(self, at_limit: bool, limit: int | None) -> ProviderError:
        """Why there is no answer. Some models think without showing it, and only count it."""
        if self._pictured:
            return ProviderError(ErrorKind.ONLY_PICTURE)
        if not (self._thought or (self._usage and self._usage.reasoning_tokens)):
            return ProviderError(ErrorKind.EMPTY)
        if not at_limit:
            return ProviderError(ErrorKind.ONLY_THOUGHTS)
        if limit is None:
            return ProviderError(ErrorKind.ONLY_THOUGHTS_LENGTH)
        return ProviderError(ErrorKind.ONLY_THOUGHTS_LIMIT, limit=str(limit))

    def _shown(self, events: Iterable[Split]) -> Iterator[StreamEvent]:
        for event in events:
            if isinstance(event, TextDelta):
                event = TextDelta(self._from_first_word(event.text))
            else:
                self._thought = self._thought or bool(event.text.strip())
            if isinstance(event, TextWasReasoning):
                begun, self._worded, self._blank = self._worded, False, ""
                event = event if begun else TextDelta("")
            if event.text:
                self.started = True
                yield event

    def _from_first_word(self, text: str) -> str:
        """The text; white space before the first word waits for it."""
        if self._worded:
            return text
        self._blank += text
        self._worded = bool(self._blank.strip())
        return self._blank if self._worded else ""

    def _call(self, call: ToolCall) -> Iterator[StreamEvent]:
        self.started = self._called = True
        yield call

    def _note_end(self, finish: Finish) -> None:
        if self._finish is None:
            self._finish = finish
        if self._called and self._finish.reason is FinishReason.STOP:
            self._finish = replace(self._finish, reason=FinishReason.TOOL_CALLS)
