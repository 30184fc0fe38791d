"""Events of the leaderboard tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from engine.leaderboard import of_owner
from engine.services import Services
from ui.leaderboard_view import leaderboard_json
from ui.refusals import REFUSED, line
from ui.screen import Screen, Updates
from ui.view import Visitor


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
        view = self._screen.bridge.view
        view.leaderboard(self.show, None, view, show_progress="hidden", queue=False)

    async def show(self, request: gr.Request) -> Updates:
        """The tab was opened: reckon from the votes as they are now."""
        return self._screen.tell({"leaderboard": await self._board(self._who(request))})

    async def _board(self, who: Visitor) -> Mapping[str, Any]:
        try:
            board = await of_owner(self._services.votes, who.owner)
        except REFUSED as error:
            return {"error": line(error, who.language)}
        return leaderboard_json(board, self._services.loaded.catalog)
