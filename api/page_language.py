"""POST /api/language: the language a person chose, kept in a cookie."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import BadRequest, answering_errors
from api.inputs import object_of
from api.language import remember
from core.texts import LANGUAGES


async def _choose_language(request: Request) -> Response:
    chosen = (await object_of(request, ("language",)))["language"]
    if chosen not in LANGUAGES:
        raise BadRequest("parameter", name="language", allowed=", ".join(LANGUAGES))
    response = JSONResponse({"language": chosen})
    remember(response, chosen)
    return response


def choose_language_route(default: str) -> Route:
    """POST /api/language {"language": "en"}: keeps the choice in a cookie."""
    endpoint = answering_errors(_choose_language, default)
    return Route("/api/language", endpoint, methods=["POST"])
