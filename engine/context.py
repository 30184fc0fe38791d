"""How full a model's window is, and with what: the gauge of a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.catalog import Model
from core.conversation import ChatSettings, Message, Summary
from engine.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Gauge:
    """What is sent to a model, in tokens, and what is not, in messages.

    `window` is None where nobody knows it, and `fraction` with it. `used` is system, summary and
    history together; `reserved` is kept free for the answer. `left_out` messages are neither sent
    nor in the summary, which stands for `summarised` of them. `fraction` is 1 where something is
    left out. `counted` says that the provider counted most of it.
    """

    window: int | None = None
    reserved: int = 0
    system: int = 0
    summary: int = 0
    history: int = 0
    left_out: int = 0
    summarised: int = 0
    fraction: float | None = None
    counted: bool = False

    @property
    def used(self) -> int:
        """All that is sent."""
        return self.system + self.summary + self.history


def gauge(
    model: Model,
    path: Sequence[Message],
    settings: ChatSettings,
    summaries: Sequence[Summary],
    calibration: Calibration,
) -> Gauge:
    """What would be sent now with the next question after `path`, without that question."""
    history = sum(calibration.tokens(model.id, message.content) for message in path)
    return Gauge(model.context_window, history=history)
