"""Events of the leaderboard tab."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from engine.services import Services
from ui.handlers import Visitor
from ui.screen import Screen


class LeaderboardWiring:
    """Attaches the events of the leaderboard tab."""

    def __init__(
        self, screen: Screen, services: Services, who: Callable[[gr.Request], Visitor]
    ) -> None:
        self._screen = screen
        self._services = services
        self._who = who

    def attach(self) -> None:
        """Attach all events; called once, inside the Blocks context."""
