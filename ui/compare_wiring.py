"""Events of the comparison tab: which component calls which handler."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from engine.services import Services
from ui.handlers import Handlers, Visitor
from ui.screen import Screen


class CompareWiring:
    """Attaches the events of the comparison tab."""

    def __init__(
        self,
        screen: Screen,
        handlers: Handlers,
        services: Services,
        who: Callable[[gr.Request], Visitor],
    ) -> None:
        self._screen = screen
        self._handlers = handlers
        self._services = services
        self._who = who

    def attach(self) -> None:
        """Attach all events; called once, inside the Blocks context."""
