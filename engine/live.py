"""A running answer: the message so far, and what each view has not seen yet."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import Any

from core.conversation import Answer, Message, Outcome
from core.documents import UsedPassage
from core.errors import ErrorCard
from core.events import (
    ReasoningDelta,
    Sent,
    Status,
    StreamEvent,
    TextDelta,
    TextWasReasoning,
    ToolCall,
)
from core.fold import fold
from engine.seam import Seam
from engine.signal import Signal

QUEUED = "queued"
"""The key of the status before an answer has its slot."""
_LOADING = ("loading", "downloading", "converting")


@dataclass(frozen=True, slots=True)
class Frame:
    """What came after the event a view has seen last, up to event `seq`.

    With `reset`, `text` and `reasoning` are whole and replace what is shown. `tools` is None
    where nothing new was called.
    """

    seq: int
    reset: bool
    text: str
    reasoning: str
    tools: tuple[ToolCall, ...] | None
    status: Status | None
    ended: bool


class LiveTurn:
    """One answer being made. The id of the turn is the id of the message it writes.

    For every event only the lengths after it are kept, so a view that comes back with the number
    of the last event it saw gets exactly the rest, and no view has a queue that could grow.
    `slot` is entered while the provider works: a shared lock makes answers take turns. `masked`
    keeps from the views whatever names the model: a side of a blind comparison.
    """

    def __init__(
        self,
        owner: str,
        chat_id: str,
        message: Message,
        clock: Callable[[], float] = time.monotonic,
        slot: AbstractAsyncContextManager[Any] | None = None,
        masked: bool = False,
    ) -> None:
        self.owner = owner
        self.chat_id = chat_id
        self.message = message
        self.status = Status(QUEUED) if slot else None
        self.ended = False
        self.signal = Signal()
        self.slot = slot or nullcontext()
        self._masked = masked
        self._continues_at = len(message.content)
        self._seam = Seam(message.content)
        self._making: asyncio.Task[Any] | None = None
        self._stopping = False
        self._going_down = asyncio.Event()
        self._clock = clock
        self._started: float | None = None
        self._is_sent = False
        self._first_token_s: float | None = None
        self._loading_since: float | None = None
        self._load_s: float | None = None
        self._text_marks = array("L", [0])
        self._reasoning_marks = array("L", [0])
        self._tool_marks = array("L", [0])
        self._whole_since = 0

    @property
    def id(self) -> str:
        return self.message.id

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self.signal.version

    @property
    def answer(self) -> Answer:
        """Where the answer comes from and how it goes."""
        if self.message.answer is None:
            raise ValueError("a turn writes an assistant message")
        return self.message.answer

    @property
    def is_queued(self) -> bool:
        """Whether it still waits for its slot."""
        return self.status is not None and self.status.key == QUEUED

    @property
    def interrupted(self) -> bool:
        """The server is going down: what was cut off was not stopped by the person."""
        return self._going_down.is_set()

    @property
    def elapsed_s(self) -> float:
        """How long the provider has been at work: waiting for the slot does not count."""
        return 0.0 if self._started is None else self._clock() - self._started

    @property
    def first_token_s(self) -> float | None:
        return self._first_token_s

    @property
    def load_s(self) -> float | None:
        """How long the model was loaded before it began, where it said that it was loading."""
        return self._load_s

    @property
    def growing(self) -> Message:
        """The message so far, open until it is on disk: what a view draws as ended it follows no
        more, and what else ends with the turn would not be drawn."""
        if self.ended or self.message.is_open:
            return self.message
        return replace(self.message, answer=replace(self.answer, outcome=Outcome.STREAMING))

    @property
    def spoken(self) -> str:
        """What the model itself has produced in this turn."""
        return self.message.reasoning + self._seam.unseen + self.added

    @property
    def added(self) -> str:
        """The text of this turn as it is shown, without that of an answer it goes on from."""
        return self.message.content[self._continues_at :]

    def give(self, passages: tuple[UsedPassage, ...]) -> None:
        """Keep with the answer what it is given from the documents."""
        self.message = replace(self.message, answer=replace(self.answer, passages=passages))

    def begin(self) -> None:
        """The provider is asked now."""
        self._started = self._clock()

    def made_by(self, task: asyncio.Task[Any]) -> None:
        """Name the task that reads the provider's stream: the one that `stop` ends."""
        self._making = task
        if self._stopping:
            task.cancel()

    def stop(self) -> None:
        """End the stream, also one that has not begun. What came is kept, and its saving is not
        disturbed; asking again changes nothing."""
        if not self._stopping and self._making:
            self._making.cancel()
        self._stopping = True

    def interrupt(self) -> None:
        """Stop because the server goes down."""
        self._going_down.set()
        self.stop()

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than the server lives."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._going_down.wait()

    def apply(self, event: StreamEvent) -> None:
        """Fold an event in and wake the views."""
        if isinstance(event, TextDelta | ReasoningDelta | ToolCall):
            self.status = None
            if self._first_token_s is None:
                self._first_token_s = self.elapsed_s
            self._loaded()
        elif isinstance(event, Sent):
            self._sent()
        elif isinstance(event, Status):
            self.status = event
            if event.key in _LOADING and self._loading_since is None:
                self._loading_since = self.elapsed_s
            elif event.key not in _LOADING:
                self._loaded()
        if isinstance(event, TextDelta):
            event = replace(event, text=self._seam.take(event.text))
        elif isinstance(event, TextWasReasoning):
            self._take_back(event.text)
        self.message = fold(self.message, event)
        self._mark()

    def finish(self, outcome: Outcome, error: ErrorCard | None, **measured: object) -> None:
        """Close the message with its outcome and measures; the views hear of it from `end`."""
        answer = replace(self.answer, outcome=outcome, error=error, **measured)  # type: ignore[arg-type]
        content = self.message.content + self._seam.rest()
        self.message = replace(self.message, content=content, answer=answer)
        self.status = None

    def end(self) -> None:
        """Tell the views that the message is on disk and will not change any more."""
        self.ended = True
        self._mark()

    def since(self, seq: int) -> Frame:
        """What a view needs that has seen everything up to `seq`; a number that was never given
        out (another run of the program, say) gets the whole."""
        known = max(1, self._whole_since) <= seq <= self.seq
        at = seq if known else 0
        new_tools = len(self.message.tool_calls) > self._tool_marks[at]
        return Frame(
            seq=self.seq,
            reset=not known,
            text=self.message.content[self._text_marks[at] :],
            reasoning=self.message.reasoning[self._reasoning_marks[at] :],
            tools=self.message.tool_calls if new_tools else None,
            status=self._told_status(),
            ended=self.ended,
        )

    def _told_status(self) -> Status | None:
        """The status for the views; of a masked turn only one that names nobody."""
        named = self._masked and self.status and self.status.params
        return None if named else self.status

    def _sent(self) -> None:
        """The clock starts anew; a request that is sent once more goes on counting."""
        if not self._is_sent:
            self.begin()
        self._is_sent = True

    def _take_back(self, text: str) -> None:
        """Show the text of this turn as it came, whole; what views have of it they must drop."""
        before = self.message.content[: self._continues_at]
        self.message = replace(self.message, content=before + text)
        self._seam = Seam(before)
        self._whole_since = self.seq + 1

    def _loaded(self) -> None:
        if self._loading_since is not None and self._load_s is None:
            self._load_s = self.elapsed_s - self._loading_since

    def _mark(self) -> None:
        self._text_marks.append(len(self.message.content))
        self._reasoning_marks.append(len(self.message.reasoning))
        self._tool_marks.append(len(self.message.tool_calls))
        self.signal.bump()
