"""The guard: one ASGI layer around everything, page, uploads, Gradio's routes, ours, WebSockets.

In this order: the computer that asks, the host that is asked for, the site that asks, shut
addresses, who is asking, the Gradio session, the size of the request; and the security headers on
every answer.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.body import LimitedBody, replayed, whole_body
from api.connections import serving
from api.gradio_routes import (
    GradioSessions,
    begins_event,
    carries_session,
    event_in,
    is_shut,
    session_in_address,
    session_in_body,
)
from api.headers import clean_request, protect, read_headers
from api.hosts import Allowed, Host, parse_host, refusal
from api.identity import caller_or_nobody, caller_or_none, identify
from api.language import language_of
from api.sessions import Sessions, session_token
from core.hosts import is_loopback
from core.logs import adopt_library_loggers
from core.texts import translate

log = logging.getLogger(__name__)

_FOR_ANYBODY = ("/login", "/logout", "/api/health", "/favicon.ico", "/robots.txt")
_SHORT = 16_000
"""Bytes that are read of a request to an address that needs no login."""
_EMBEDDED = ("image", "audio", "video", "track", "embed", "object")
"""What a page may be made to load by its text alone (Sec-Fetch-Dest)."""
_PICTURES = ("/favicon.ico", "/pwa_icon")
_STARTING = "/gradio_api/startup-events"
"""Gradio calls it itself while it starts; it tells nothing and does nothing a second time."""
_LOG_IN: Message = {"type": "websocket.close", "code": 4401, "reason": "log in"}
"""Ends a WebSocket whose caller has to log in first."""


@dataclass(frozen=True)
class Rules:
    """What the guard decides by. `sessions` is None where there are no logins."""

    allowed: Allowed
    sessions: Sessions | None
    body_bytes: int
    language: str


class Guard:
    """See the module. Wrapped around the finished stack, so that nothing can come before it."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._gradio_sessions = GradioSessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            adopt_library_loggers()
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                protect(message)
            await send(message)

        refused = self._refuse(scope)
        with serving(scope, caller_or_none(scope)):
            if refused is None:
                await self._pass_on(scope, receive, protected)
            elif scope["type"] == "websocket":
                await _close(refused, receive, protected)
            else:
                await refused(scope, receive, protected)

    def _refuse(self, scope: Scope) -> Response | None:
        """The answer to a request that may not pass, or None. Marks the scope with its owner."""
        headers, rules = read_headers(scope), self._rules
        host = parse_host(headers.get("host", ""))
        clean_request(scope, rules.allowed.is_secure(host))
        identify(scope, None)
        if rules.sessions is None and not _is_near(scope):
            return self._say(scope, 403, "not_here")
        if host is None or host not in rules.allowed:
            return self._say(scope, 421, "unknown_host")
        method = scope.get("method", "GET")
        reason = refusal(scope["type"], method, headers, host, rules.allowed)
        if reason:
            log.warning("refused %s %s: %s", method, scope["path"], reason)
            return self._say(scope, 403, "other_site")
        if headers.get("sec-fetch-dest") in _EMBEDDED and not _is_picture(scope["path"]):
            return self._say(scope, 404, "shut")
        if is_shut(scope["path"], scope.get("query_string", b"")):
            return self._say(scope, 404, "shut")
        return self._refuse_stranger(scope, host)

    def _refuse_stranger(self, scope: Scope, host: Host) -> Response | None:
        sessions = self._rules.sessions
        owner = sessions.user_of(session_token(scope, sessions)) if sessions else ""
        identify(scope, owner)
        path = scope["path"]
        if owner is None and not _is_for_anybody(path):
            return self._ask_to_log_in(scope)
        session = session_in_address(path, scope.get("query_string", b""))
        if owner and not self._gradio_sessions.may_use(session, owner):
            return self._say(scope, 403, "other_session")
        return None

    def _ask_to_log_in(self, scope: Scope) -> Response:
        wants_page = "text/html" in read_headers(scope).get("accept", "")
        page = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if page and (wants_page or scope["path"] == "/"):
            return RedirectResponse("/login" + _way_back(scope), 302)
        return self._say(scope, 401, "log_in")

    def _say(self, scope: Scope, status: int, key: str) -> Response:
        """One clear sentence; as JSON where a program asks."""
        language = language_of(scope, self._rules.language)
        limits = {
            "limit": f"{self._rules.body_bytes / 1_000_000:g}",
            "short": f"{_SHORT / 1_000:g}",
        }
        message = translate(language, f"api.{key}.message", **limits)
        if scope["path"].startswith(("/api/", "/gradio_api/")):
            hint = translate(language, f"api.{key}.hint")
            content = {"error": {"message": message, "hint": hint}, "detail": message}
            return JSONResponse(content, status)
        return PlainTextResponse(message, status)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._app(scope, *self._while_logged_in(scope, receive, send))
            return
        short = _is_for_anybody(scope["path"])
        body = LimitedBody(scope, receive, _SHORT if short else self._rules.body_bytes)
        answer = _Answer(send, body)
        try:
            if not body.exceeded:
                await self._serve(scope, body, answer)
        except Exception as error:
            if not (body.exceeded or isinstance(error, ClientDisconnect)):
                raise
        if body.exceeded and not answer.started:
            await self._say(scope, 413, "too_long" if short else "too_large")(scope, receive, send)

    def _while_logged_in(self, scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """A `receive` and a `send` that end the WebSocket once its session has ended."""
        sessions = self._rules.sessions
        if sessions is None:
            return receive, send
        token = session_token(scope, sessions)

        async def heard() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive" or sessions.user_of(token):
                return message
            await send(_LOG_IN)
            return {"type": "websocket.disconnect", "code": _LOG_IN["code"]}

        async def checked(message: Message) -> None:
            await send(message if sessions.user_of(token) else _LOG_IN)

        return heard, checked

    async def _serve(self, scope: Scope, body: LimitedBody, answer: _Answer) -> None:
        """Pass the request to the app, unless its body names another user's Gradio session or
        holds too many values."""
        if not carries_session(scope["path"], scope["method"]):
            await self._app(scope, body, answer)
            return
        content = await whole_body(body)
        try:
            session = session_in_body(content)
        except ValueError:
            await self._say(scope, 422, "not_json")(scope, body, answer)
            return
        owner = caller_or_nobody(scope)
        if not owner:
            await self._app(scope, replayed(content, body), answer)
            return
        if not self._gradio_sessions.may_use(session, owner):
            await self._say(scope, 403, "other_session")(scope, body, answer)
            return
        noting = self._noting_event(scope, owner, answer)
        await self._app(scope, replayed(content, body), noting)

    def _noting_event(self, scope: Scope, owner: str, answer: Send) -> Send:
        """A `send` that notes whose the event is which the answer names, before it is sent."""
        if not begins_event(scope["path"], scope["method"]):
            return answer

        async def noting(message: Message) -> None:
            self._gradio_sessions.may_use(event_in(message.get("body", b"")), owner)
            await answer(message)

        return noting


class _Answer:
    """A `send` that knows whether an answer began; drops the app's once the body is too large."""

    def __init__(self, send: Send, body: LimitedBody) -> None:
        self._send = send
        self._body = body
        self.started = False

    async def __call__(self, message: Message) -> None:
        if self._body.exceeded and not self.started:
            return
        self.started = True
        await self._send(message)


def _is_near(scope: Scope) -> bool:
    """Whether the caller is at this computer."""
    peer = scope.get("client")
    return peer is not None and is_loopback(peer[0])


def _is_for_anybody(path: str) -> bool:
    return path in (*_FOR_ANYBODY, _STARTING) or path.startswith(("/static/", "/static-"))


def _is_picture(path: str) -> bool:
    return path in _PICTURES or path.startswith(("/static/", "/static-", "/assets/"))


def _way_back(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"?next={quote('/?' + query, safe='')}" if scope["path"] == "/" and query else ""


async def _close(refused: Response, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket. Only an accepted one can carry the code that says: log in."""
    await receive()
    if refused.status_code == 401:
        await send({"type": "websocket.accept"})
        await send(_LOG_IN)
    else:
        await send({"type": "websocket.close", "code": 1008})
