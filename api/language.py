"""The caller's language: `?lang=`, the cookie `divan_lang`, or the default."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from core.texts import LANGUAGES

COOKIE = "divan_lang"
_YEAR_S = 365 * 24 * 3600


def language_of(source: HTTPConnection | Scope, default: str) -> str:
    """The language to answer in."""
    connection = source if isinstance(source, HTTPConnection) else HTTPConnection(source)
    for choice in (connection.query_params.get("lang"), connection.cookies.get(COOKIE)):
        if choice in LANGUAGES:
            return str(choice)
    return default


def remember(response: Response, language: str) -> None:
    """Keep the choice for a year; the page's own scripts may read it."""
    response.set_cookie(COOKIE, language, max_age=_YEAR_S, samesite="lax", httponly=False)
