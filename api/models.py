"""Routes that say how the server is and which models it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.errors import answering_errors
from api.language import language_of
from core.catalog import Model
from core.request import Readiness
from core.settings import VERSION
from core.texts import translate
from engine.services import Services

_UNKNOWN = Readiness(False, "checking")


class ModelRoutes:
    """GET /api/health, /api/models, /robots.txt."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        language = self._services.language
        return [
            Route("/api/health", health, methods=["GET"]),
            Route("/api/models", answering_errors(self.models, language), methods=["GET"]),
            Route("/robots.txt", robots, methods=["GET"]),
        ]

    async def models(self, request: Request) -> Response:
        """Every model of the catalog and whether it can answer now; never waits for a provider."""
        language = language_of(request, self._services.language)
        await self._services.look()
        known = await self._services.readiness.snapshot()
        rows = self._services.loaded.catalog.models
        return JSONResponse([_model(m, known.get(m.id, _UNKNOWN), language) for m in rows])


def _model(model: Model, state: Readiness, language: str) -> Mapping[str, Any]:
    reason = "" if state.ready else translate(language, f"reason.{state.reason}", **state.params)
    return {
        "id": model.id,
        "label": model.label,
        "kind": model.kind,
        "languages": model.languages,
        "ready": state.ready,
        "reason": reason,
    }


async def health(request: Request) -> Response:
    """Open to anybody: it tells only that Divan runs."""
    return JSONResponse({"status": "ok", "version": VERSION})


async def robots(request: Request) -> Response:
    """A shared page is nobody's search result."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
