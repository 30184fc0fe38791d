"""The page on its server: Gradio's own, with Divan's routes, guard and life cycle on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from engine.services import Services
from ui.i18n import I18N
from ui.limited_server import server_settings
from ui.page import build_page
from ui.share import public_link
from ui.theme import theme
from ui.view import Visitor

_STYLES = (
    "page",
    "messages",
    "painter",
    "chat_list",
    "found",
    "context",
    "dialog",
    "trash",
    "branches",
    "replay",
    "waiting",
    "diff",
    "compare",
    "leaderboard",
    "documents",
    "citations",
)
_QUEUE_PAUSES_S = {"sleep_when_free": 0.02, "progress_update_sleep_when_free": 0.5}
"""How long Gradio's queue waits before it looks again. Its own .001 and .01 keep 6 % of a core busy
while nothing happens. Only streams to a page without `/ws` wait in it, and none shows progress."""
_DARK_JS = (
    "const chosen = localStorage.getItem('divan-theme');"
    "const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;"
    "document.addEventListener('DOMContentLoaded', () => {"
    "  document.body.classList.toggle('dark', dark); });"
)


_STATIC = Path(__file__).resolve().parent / "static"
_BROWSER_HEAD = (
    '<link rel="icon" type="image/svg+xml" href="/favicon.ico">'
    '<meta name="theme-color" content="#ffffff">'
)


@dataclass(frozen=True)
class Running:
    """A server that answers at `url`; `close` saves what runs and frees the port."""

    url: str
    share_url: str | None
    close: Callable[[], None]


def serve(
    services: Services,
    install: Callable[[gr.Server], Any],
    who: Callable[[gr.Request], Visitor],
    limit: Callable[[Any], None],
) -> Running:
    """Start the server and return while it runs. `install` puts routes and guard on it, `limit`
    limits the connections of its `uvicorn.Config`.

    Raises OSError where the port is taken.
    """
    settings = services.settings
    server = gr.Server(docs_url=None, redoc_url=None, openapi_url=None)
    allowed = install(server)
    demo = build_page(services, who)
    vars(demo._queue).update(_QUEUE_PAUSES_S)
    with server_settings(limit):
        _, url, _ = demo.launch(
            _app=server, app_kwargs={"lifespan": _life(services)}, **_options(services)
        )
    share_url = public_link(settings.host, settings.port) if settings.share else None
    if share_url:
        allowed.add(share_url, secure=True)
    return Running(url, share_url, lambda: demo.close(verbose=False))


def _options(services: Services) -> dict[str, Any]:
    """What `launch` is told; most of it turns off what leaves the machine or shows files."""
    settings = services.settings
    return {
        "server_name": f"[{settings.host}]" if ":" in settings.host else settings.host,
        "server_port": settings.port,
        "inbrowser": settings.open_browser,
        "prevent_thread_lock": True,
        "quiet": True,
        "show_error": False,
        "share": False,
        "theme": theme(),
        "head": _head(),
        "favicon_path": str(_STATIC / "mark.svg"),
        "i18n": I18N,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "allowed_paths": [],
        "blocked_paths": [str(path.resolve()) for path in (settings.chats, settings.data)],
        "max_file_size": services.loaded.catalog.limits.request_megabytes * 1_000_000,
    }


def _life(services: Services) -> Callable[[Any], Any]:
    @asynccontextmanager
    async def life(_app: Any) -> AsyncIterator[None]:
        resuming = asyncio.create_task(services.documents.resume())
        yield
        resuming.cancel()
        await services.replays.shut_down()
        await services.turns.shut_down()
        await services.documents.shut_down()

    return life


def _head() -> str:
    links = "".join(f'<link rel="stylesheet" href="/static/{name}.css">' for name in _STYLES)
    # Written into the page: a file would come after the first letters somebody types.
    early = (_STATIC / "early.js").read_text(encoding="utf-8")
    scripts = f"<script>{_DARK_JS}</script><script>{early}</script>"
    return _BROWSER_HEAD + links + scripts
