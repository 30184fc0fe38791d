"""The login page, and the way out. No outside address, works without JavaScript: all its script
does is to keep a dropped file from taking the page's place."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from api.language import language_of, remember
from api.sessions import SESSION_S, Sessions, Throttle, session_token
from core.texts import translate

_OTHER = {"tr": ("en", "English"), "en": ("tr", "Türkçe")}

_TEMPLATE = Template((Path(__file__).parent / "login.html").read_text(encoding="utf-8"))


class LoginRoutes:
    """GET and POST /login, POST /logout."""

    def __init__(self, sessions: Sessions, throttle: Throttle, language: str) -> None:
        self._sessions = sessions
        self._throttle = throttle
        self._language = language

    def routes(self) -> list[Route]:
        """To be put before Gradio's own, which have the same addresses."""
        return [
            Route("/login", self.show, methods=["GET"]),
            Route("/login", self.log_in, methods=["POST"]),
            Route("/logout", self.log_out, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The form; whoever is logged in already goes on to the page."""
        if self._sessions.user_of(session_token(request.scope, self._sessions)):
            return RedirectResponse(_target(request.query_params.get("next", "")), 303)
        response = self._page(request, request.query_params.get("next", ""))
        if "lang" in request.query_params:
            remember(response, language_of(request, self._language))
        return response

    async def log_in(self, request: Request) -> Response:
        """Check the password, as slowly as the wrong tries before it ask for. The guard bounds
        the form before it is read."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        user = form.get("user", [""])[0].strip().lower()[:64]
        target = _target(form.get("next", [""])[0])
        wait = self._throttle.wait(user)
        if wait:
            return self._page(request, target, "slow", 429, user, wait)
        if not self._sessions.check(user, form.get("password", [""])[0]):
            self._throttle.failed(user)
            return self._page(request, target, "wrong", 401, user)
        self._throttle.succeeded(user)
        return self._welcome(request, user, target)

    async def log_out(self, request: Request) -> Response:
        """End this browser's session."""
        self._sessions.close(session_token(request.scope, self._sessions))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(self._sessions.cookie, samesite="lax", httponly=True)
        return response

    def _welcome(self, request: Request, user: str, target: str) -> Response:
        self._sessions.close(session_token(request.scope, self._sessions))
        response = RedirectResponse(target, 303)
        response.set_cookie(
            self._sessions.cookie,
            self._sessions.open(user),
            max_age=SESSION_S,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    def _page(
        self,
        request: Request,
        target: str,
        problem: str = "",
        status: int = 200,
        name: str = "",
        wait: int = 0,
    ) -> Response:
        language = language_of(request, self._language)
        page = _fill(language, _target(target), problem, name, wait)
        headers = {"Cache-Control": "no-store"}
        if wait:
            headers["Retry-After"] = str(wait)
        return HTMLResponse(page, status, headers)


def _fill(language: str, target: str, problem: str, name: str, wait: int) -> str:
    other, other_name = _OTHER[language]
    said = translate(language, f"login.{problem}", wait=str(wait)) if problem else ""
    keys = ("title", "intro", "user", "password", "submit")
    return _TEMPLATE.substitute(
        {key: html.escape(translate(language, f"login.{key}")) for key in keys},
        language=language,
        message=f'<p class="wrong" role="alert">{html.escape(said)}</p>' if said else "",
        name=html.escape(name),
        next=html.escape(target),
        focus_user="" if name else "autofocus",
        focus_password="autofocus" if name else "",
        other=other,
        other_name=other_name,
        other_query=html.escape(urlencode({"lang": other, "next": target})),
    )


def _target(asked: str) -> str:
    """Where to go after the login: a place on our own page, never another site."""
    return asked if asked == "/" or asked.startswith("/?") else "/"
