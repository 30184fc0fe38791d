"""Everything of `api` put onto the server that Gradio will be launched on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from api.branches import BranchRoutes
from api.chats import ChatRoutes
from api.documents import DocumentRoutes
from api.documents_chat import DocumentChatRoutes
from api.documents_ocr import OcrRoutes
from api.documents_originals import OriginalRoutes
from api.documents_search import DocumentSearchRoutes
from api.guard import Guard, Rules
from api.hosts import Allowed
from api.login import LoginRoutes
from api.models import ModelRoutes
from api.page_head import PageHeadMiddleware
from api.page_language import choose_language_route
from api.replays import ReplayRoutes
from api.sessions import Sessions, Throttle
from api.static import OwnStatic, VersionedStatic
from api.trash import TrashRoutes
from api.waiting import WaitingRoutes
from api.websocket import serve_websocket
from core.hosts import is_loopback
from engine.services import Services

if TYPE_CHECKING:
    from starlette.applications import Starlette

_STATIC = Path(__file__).resolve().parent.parent / "ui" / "static"


def install(server: Starlette, services: Services, static: Path = _STATIC) -> Allowed:
    """Add the routes and the guard; to be called before `launch`, so that our addresses come
    before Gradio's. The result takes the host of a share link once it is known:
    `allowed.add(share_url, secure=True)`.
    """
    settings = services.settings
    allowed = Allowed((settings.host, *settings.allowed_hosts))
    logins = settings.logins
    sessions = Sessions(logins, f"divan_session_{settings.port}") if logins else None
    if sessions is None and (settings.share or not is_loopback(settings.host)):
        raise ValueError("a page that other computers reach needs a login")
    versioned = VersionedStatic(static)
    server.router.routes[0:0] = [*_routes(services, sessions, static), versioned]
    first = (static / "idle.js").read_text(encoding="utf-8")
    head = f"{versioned.import_map}<script>{first}</script>"
    server.add_middleware(PageHeadMiddleware, default=services.language, head=head)
    megabytes = services.loaded.catalog.limits.request_megabytes
    _wrap(server, Rules(allowed, sessions, megabytes * 1_000_000, services.language))
    return allowed


def _routes(services: Services, sessions: Sessions | None, static: Path) -> list[BaseRoute]:
    language = services.language

    async def follow_turns(websocket: WebSocket) -> None:
        await serve_websocket(websocket, services)

    own: list[BaseRoute] = [
        *ModelRoutes(services).routes(),
        *ChatRoutes(services).routes(),
        *TrashRoutes(services).routes(),
        *BranchRoutes(services).routes(),
        *ReplayRoutes(services).routes(),
        *WaitingRoutes(services).routes(),
        *DocumentRoutes(services).routes(),
        *DocumentSearchRoutes(services).routes(),
        *DocumentChatRoutes(services).routes(),
        *OcrRoutes(services).routes(),
        *OriginalRoutes(services).routes(),
        choose_language_route(language),
        WebSocketRoute("/ws", follow_turns),
        OwnStatic(static),
    ]
    if sessions:
        throttle = Throttle(login.user for login in services.settings.logins)
        own += LoginRoutes(sessions, throttle, language).routes()
    return own


def _wrap(server: Starlette, rules: Rules) -> None:
    """Put the guard around the finished stack: Gradio adds middleware of its own at launch, and
    what is added last comes first."""
    build = server.build_middleware_stack

    def guarded() -> Guard:
        return Guard(build(), rules)

    vars(server)["build_middleware_stack"] = guarded
