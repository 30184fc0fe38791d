"""One answer as it comes in: every provider's events brought into the same order and shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.errors import ErrorKind
from core.events import (
    Finish,
    FinishReason,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCall,
    Usage,
)
from providers.surrogates import Joiner, mend, mended_call
from providers.thinktag import ThinkTag


class Answer:
    """Text and reasoning go through at once; usage and finish come once, last, in this order."""

    def __init__(self) -> None:
        self._text = Joiner()
        self._reasoning = Joiner()
        self._think = ThinkTag()
        self._usage: Usage | None = None
        self._finish: Finish | None = None
        self._called = False
        self.started = False

    @property
    def finished(self) -> bool:
        """Whether the provider has said that the answer is complete."""
        return self._finish is not None

    def feed(self, event: StreamEvent) -> Iterator[StreamEvent]:
        """The events to pass on for one event of a connector."""
        match event:
            case TextDelta(text):
                yield from self._shown(self._think.feed(self._text.feed(text)))
            case ReasoningDelta(text):
                yield from self._shown([ReasoningDelta(self._reasoning.feed(text))])
            case ToolCall():
                yield from self._call(event)
            case Usage():
                self._usage = event
            case Finish():
                self._note_end(event)
            case _:
                yield event

    def rest(self) -> Iterator[StreamEvent]:
        """What was held back, when nothing more comes: the last of the text, then the usage."""
        yield from self._shown([ReasoningDelta(self._reasoning.end())])
        yield from self._shown(self._think.feed(self._text.end()))
        yield from self._shown(self._think.end())
        if self._usage is not None:
            yield self._usage

    def end(self) -> Finish | ErrorKind:
        """The end of the answer, or what it means that the provider's own end is missing."""
        if self._finish is None:
            empty = not self.started and self._usage is None
            return ErrorKind.MALFORMED if empty else ErrorKind.CUT_OFF
        if self._finish.reason is FinishReason.BLOCKED:
            return ErrorKind.BLOCKED
        return self._finish

    def _shown(
        self, events: Iterator[TextDelta | ReasoningDelta] | list[ReasoningDelta]
    ) -> Iterator[StreamEvent]:
        for event in events:
            if event.text:
                self.started = True
                yield event

    def _call(self, call: ToolCall) -> Iterator[StreamEvent]:
        self.started = self._called = True
        yield mended_call(call)

    def _note_end(self, finish: Finish) -> None:
        if self._finish is None:
            model = mend(finish.model) if finish.model else None
            self._finish = Finish(finish.reason, model)
        if self._called and self._finish.reason is FinishReason.STOP:
            self._finish = replace(self._finish, reason=FinishReason.TOOL_CALLS)
