"""A prompt on its way to a provider: sent again, shorter, where it is found too long."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from core.errors import ErrorKind, ProviderError
from core.events import Notice, Sent, Status, StreamEvent, Usage
from core.request import StreamFunction
from engine.calibration import Calibration, is_plausible
from engine.prompt import Prompt
from engine.refusal import heed

_SHRINK = (0.75, 0.6, 0.5, 0.4, 0.3, 0.2)
"""How much of the last try's length each further one has: all together a 180th."""
_SLACK_SHARE = 50
_ANSWER_TOKENS, _ANSWER_SHARE = 1024, 3


class Sending:
    """Sends a prompt, and learns from what the provider makes of it.

    `prompt` is what was sent last. What had to be left out is told before the first word.
    """

    def __init__(self, prompt: Prompt, stream: StreamFunction, calibration: Calibration) -> None:
        self.prompt = prompt
        self._stream = stream
        self._calibration = calibration
        self._refused: int | None = None

    async def events(self) -> AsyncGenerator[StreamEvent, None]:
        """The answer. Raises ProviderError; TOO_LONG only where nothing shorter can be sent."""
        told: list[Notice] = []
        for shrink in (*_SHRINK, None):
            error: ProviderError | None = None
            begun = False
            async with aclosing(self._stream(self.prompt.request)) as events:
                try:
                    async for event in events:
                        if not begun and not isinstance(event, Status | Notice | Sent):
                            begun = True
                            for notice in self.prompt.notices:
                                yield notice
                        if not (isinstance(event, Notice) and event in told):
                            yield event
                        if isinstance(event, Notice):
                            told.append(event)
                except ProviderError as failed:
                    error = failed
            if error is None:
                return
            shorter = None if begun else self._shorter(error, shrink)
            if shorter is None:
                raise error
            self.prompt = shorter

    def learn(self, usage: Usage) -> None:
        """Take note of what the provider counted, once the answer is there. Call it for answers
        whose text came."""
        model, counted = self.prompt.request.model, usage.input_tokens
        if counted:
            self._calibration.learn(model.id, self.prompt.rough, counted)
            if is_plausible(self.prompt.rough, counted):
                self._calibration.took(model, counted)
        if self._refused is not None:
            self._narrow(self._refused)

    def _narrow(self, refused: int) -> None:
        """What we took to fit was refused without a number: what was taken is the window."""
        model = self.prompt.request.model
        ratio = self._calibration.ratio(model.id)
        gauge = self.prompt.gauge
        fits = gauge.window is not None and refused * ratio > gauge.window - gauge.reserved
        if fits:
            return
        sent = int(self.prompt.rough * ratio)
        answer = min(_ANSWER_TOKENS, sent // _ANSWER_SHARE)
        self._calibration.narrow(model, sent + answer + sent // _SLACK_SHARE)

    def _shorter(self, error: ProviderError, shrink: float | None) -> Prompt | None:
        """The prompt for the next try; None where this was the last, or length is not the fault."""
        if error.kind is not ErrorKind.TOO_LONG or shrink is None or self.prompt.within is None:
            return None
        self._refused = self.prompt.rough
        heed(error, self.prompt.request.model, self.prompt.rough, self._calibration)
        by_numbers = self.prompt.within(None)
        if by_numbers.rough < self.prompt.rough:
            return by_numbers
        ratio = self._calibration.ratio(self.prompt.request.model.id)
        smaller = self.prompt.within(int(self.prompt.rough * ratio * shrink))
        return smaller if smaller.rough < self.prompt.rough else None
