"""The original file of a document. Nothing in it may run as the page's script: what a browser does
not merely show is a download, its type comes from its name alone, and it is shut into a sandbox."""

from __future__ import annotations

import asyncio
from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from api.documents_inputs import number_in
from api.errors import answering_errors
from api.identity import caller
from engine.originals import original
from engine.services import Services

_PDF, _TEXT = "application/pdf", "text/plain"
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif"}
_TEXTS = dict.fromkeys((".txt", ".text", ".log", ".md", ".markdown", ".csv", ".tsv"), _TEXT)
_SHOWN = {".pdf": _PDF, ".webp": "image/webp", ".bmp": "image/bmp", **_PICTURES, **_TEXTS}
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


class OriginalRoutes:
    """The route over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The route, its errors answered."""
        endpoint = answering_errors(self.file, self._services.language)
        return [Route("/api/documents/{document:int}/file", endpoint, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """GET: the file as it was given; HEAD: whether it is there."""
        number = number_in(request, "document")
        found = await original(self._services.documents, caller(request), number)
        kind = _SHOWN.get(PurePath(found.name).suffix.lower())
        charset = ""
        if kind == _TEXT:
            charset = f"; charset={await asyncio.to_thread(found.charset)}"
        return FileResponse(
            found.path,
            headers=_headers(kind),
            media_type=f"{kind}{charset}" if kind else "application/octet-stream",
            filename=found.name,
            content_disposition_type="inline" if kind else "attachment",
        )


def _headers(kind: str | None) -> dict[str, str]:
    """A browser's own viewer, which a sandbox would shut out, runs a PDF away from the page."""
    kept = {"Cache-Control": "private, no-cache"}
    return kept if kind == _PDF else {**kept, "Content-Security-Policy": _SANDBOX}
