"""The route that has scanned pages read, and installs what reads them."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import answering_errors
from api.identity import caller
from engine.ocr import COMMAND, by_hand
from engine.services import Services


class OcrRoutes:
    """The route over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._reading: asyncio.Task[int] | None = None

    def routes(self) -> list[Route]:
        """The route, its errors answered."""
        endpoint = answering_errors(self.read, self._services.language)
        return [Route("/api/documents/ocr", endpoint, methods=["POST"])]

    async def read(self, request: Request) -> Response:
        """POST: read scanned pages, after installing what reads them where it is missing."""
        ocr, owner = self._services.ocr, caller(request)
        documents = self._services.documents
        if ocr.state == "ready":
            await documents.read_scanned(owner)
        elif ocr.state != "off":
            ocr.begin(lambda: self._installed(owner))
            documents.changed(owner).bump()
        return JSONResponse(ocr_json(self._services))

    def _installed(self, owner: str) -> None:
        """Show the page how an installation ended, and read scanned pages from now on."""
        documents = self._services.documents
        documents.changed(owner).bump()
        if self._services.ocr.state == "ready":
            self._reading = asyncio.create_task(documents.read_scanned(owner))


def ocr_json(services: Services, scanned: int = 0) -> dict[str, Any]:
    """What reads scanned pages, and how many documents have some that were not read."""
    ocr = services.ocr
    return {
        "state": ocr.state,
        "scanned": scanned,
        "may_install": ocr.may_install,
        "failure": ocr.failure,
        "command": by_hand() if ocr.may_install else COMMAND,
    }
