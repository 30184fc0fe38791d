"""How full the window of a chat's model is, for the gauge beside the message box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.catalog import Model
from core.conversation import ChatSettings, Conversation
from engine.context import Gauge, gauge
from engine.turns import Turns


class Windows:
    """One instance serves all pages."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def gauge(
        self, model: Model | None, settings: ChatSettings, chat: Conversation | None = None
    ) -> Gauge | None:
        """What `model` would be sent now, before the next question; None without a model."""
        if model is None:
            return None
        path = chat.path() if chat else ()
        summaries = chat.summaries if chat else ()
        return gauge(model, path, settings, summaries, self._turns.calibration)

    def is_summarising(self, owner: str, chat: Conversation) -> bool:
        """Whether a summary of the chat's oldest part is being written."""
        return self._turns.summaries.is_running(owner, chat.id)


def gauge_json(measured: Gauge | None) -> Mapping[str, Any] | None:
    """The gauge for ui/static/gauge.js."""
    return {**asdict(measured), "used": measured.used} if measured else None
