"""The page, top to bottom and left to right."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from engine.services import Services
from ui.compare_wiring import CompareWiring
from ui.handlers import Handlers
from ui.leaderboard_wiring import LeaderboardWiring
from ui.message_handlers import MessageHandlers
from ui.panels import (
    bridge,
    compare,
    conversation,
    documents,
    leaderboard,
    settings,
    sidebar,
    topbar,
)
from ui.screen import Screen
from ui.showing import Showing
from ui.view import Visitor
from ui.wiring import Wiring


def build_page(services: Services, who: Callable[[gr.Request], Visitor]) -> gr.Blocks:
    """The whole page; `who` answers for every event who is asking."""
    catalog = services.loaded.catalog
    handlers = Handlers(services)
    with gr.Blocks(title="Divan", fill_height=True, analytics_enabled=False) as demo:
        screen = Screen(
            sidebar=sidebar.build(with_login=bool(services.settings.logins)),
            topbar=topbar.build(),
            conversation=conversation.build(catalog),
            compare=compare.build(catalog),
            leaderboard=leaderboard.build(),
            documents=documents.build(),
            settings=settings.build(),
            bridge=bridge.build(),
        )
        showing = Showing(screen, handlers, who)
        Wiring(showing, handlers, MessageHandlers(services), services).attach(demo)
        CompareWiring(screen, handlers, services, who).attach()
        LeaderboardWiring(screen, services, who).attach()
    return demo
