"""Has a model write the summary of a conversation, in pieces that fit its own window."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from core.catalog import Model
from core.conversation import ChatSettings, Message
from core.errors import ErrorKind, ProviderError
from core.events import TextDelta, TextWasReasoning, Usage
from core.request import ChatRequest, Options, PromptMessage, StreamFunction
from engine.calibration import Calibration
from engine.context import window_of
from engine.counting import rough
from engine.metrics import cost_usd
from engine.refusal import heed

_UNKNOWN_WINDOW = 16_000
_LEAST_ROOM = 64
_WORDS_A_TOKEN = 0.5
_THINKING_TOKENS = 2048
_SPEAKERS = {"user": "User", "assistant": "Assistant"}
_ASK = (
    "Summarise the conversation below, so that it can go on without its text. Keep names, numbers, "
    "dates, decisions, wishes, open questions, and code that is still needed; leave out greetings "
    "and repetition. Write in the language of the conversation, in at most {words} words. "
    "Answer with the summary alone."
)
_CARRY_ON = " It begins with a summary of what came before: carry on whatever of it still matters."


@dataclass(frozen=True, slots=True)
class Written:
    """A summary and what it took. Time in seconds, cost in USD or None where unknown."""

    text: str
    duration_s: float = 0.0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = 0.0


class NothingWritten(Exception):
    """The model answered with no text."""


class SummaryWriter:
    """Asks `model`, piece after piece; each time with the summary so far."""

    def __init__(self, model: Model, stream: StreamFunction, calibration: Calibration) -> None:
        self._model = model
        self._stream = stream
        self._calibration = calibration

    async def write(self, previous: str, messages: Sequence[Message], longest: int) -> Written:
        """The summary of `previous` and the messages, of about `longest` tokens at most. Raises
        ProviderError, NothingWritten."""
        rest = "\n\n".join(f"{_SPEAKERS[m.role]}: {m.content}" for m in messages if m.content)
        written = Written(previous)
        room = self._room(longest)
        while rest:
            fits = room - self._tokens(_prompt(written.text, "", longest))
            piece = _beginning(rest, max(_LEAST_ROOM, fits) / self._ratio())
            try:
                written = await self._ask(written, piece, longest)
                rest = rest[len(piece) :]
            except ProviderError as error:
                if error.kind is not ErrorKind.TOO_LONG or room <= _LEAST_ROOM:
                    raise
                room = min(room // 2, self._room(longest))
        return written

    def _room(self, longest: int) -> int:
        settings = ChatSettings(max_output_tokens=longest)
        return window_of(self._model, settings, self._calibration).room or _UNKNOWN_WINDOW

    def _ratio(self) -> float:
        return self._calibration.ratio(self._model.id)

    def _tokens(self, text: str) -> int:
        return int(rough(text) * self._ratio())

    async def _ask(self, so_far: Written, piece: str, longest: int) -> Written:
        request = ChatRequest(
            model=self._model,
            messages=(PromptMessage("user", _prompt(so_far.text, piece, longest)),),
            options=self._options(longest),
            stream=self._model.streaming,
        )
        estimated = rough(request.messages[0].text)
        began = time.perf_counter()
        try:
            text, usage = await self._answer(request)
        except ProviderError as error:
            if error.kind is ErrorKind.TOO_LONG:
                heed(error, self._model, estimated, self._calibration)
            raise
        if usage.input_tokens:
            self._calibration.learn(self._model.id, estimated, usage.input_tokens)
        return _added(so_far, text, time.perf_counter() - began, usage, self._model)

    async def _answer(self, request: ChatRequest) -> tuple[str, Usage]:
        pieces: list[str] = []
        usage = Usage()
        async with aclosing(self._stream(request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    pieces.append(event.text)
                elif isinstance(event, TextWasReasoning):
                    pieces.clear()
                elif isinstance(event, Usage):
                    usage = event
        text = "".join(pieces).strip()
        if not text:
            raise NothingWritten
        return text, usage

    def _options(self, longest: int) -> Options:
        """A bound on the length, with room to think for a model that does."""
        taken = self._model.parameters
        options = Options()
        if "reasoning" in taken:
            options = replace(options, reasoning="low")
            longest += _THINKING_TOKENS
        if "max_output_tokens" in taken:
            options = replace(options, max_output_tokens=longest)
        return options


def _prompt(previous: str, piece: str, longest: int) -> str:
    ask = _ASK.format(words=int(longest * _WORDS_A_TOKEN))
    told = f"\n\n<summary>\n{previous}\n</summary>" if previous else ""
    return f"{ask}{_CARRY_ON if previous else ''}{told}\n\n<conversation>\n{piece}\n</conversation>"


def _beginning(text: str, tokens: float) -> str:
    """As much of the text as so many rough tokens hold, up to the end of a paragraph if one is
    near."""
    piece = text.encode("utf-8", "replace")[: int(tokens) * 4].decode("utf-8", "ignore")
    if len(piece) >= len(text):
        return text
    at = piece.rfind("\n\n", len(piece) // 2)
    return piece[: at + 2] if at > 0 else piece


def _added(so_far: Written, text: str, seconds: float, usage: Usage, model: Model) -> Written:
    cost = cost_usd(model, usage)
    return Written(
        text,
        so_far.duration_s + seconds,
        Usage(
            _sum(so_far.usage.input_tokens, usage.input_tokens),
            _sum(so_far.usage.output_tokens, usage.output_tokens),
            cached_tokens=_sum(so_far.usage.cached_tokens, usage.cached_tokens),
        ),
        None if cost is None or so_far.cost_usd is None else so_far.cost_usd + cost,
    )


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None and second is None else (first or 0) + (second or 0)
