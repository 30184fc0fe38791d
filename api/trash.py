"""Routes of the trash: list, restore, delete for good. Each works for whoever is asking."""

from __future__ import annotations

import re
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import BadRequest, answering_errors
from api.identity import caller
from api.inputs import window_of
from core.errors import NotInTrash
from engine.services import Services
from storage.protocol import ChatStore

_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,199}")
_MOMENT = re.compile(r"[0-9]{8}t[0-9]{12}")
_MOST_ROWS = 100


class TrashRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("/api/trash", "GET", self.page),
            ("/api/trash", "DELETE", self.empty),
            ("/api/trash/{token}", "DELETE", self.discard),
            ("/api/trash/{token}/restore", "POST", self.restore),
        )
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def page(self, request: Request) -> Response:
        """GET ?offset=&limit=: some rows of the trash, latest deleted first."""
        offset, limit = window_of(request, _MOST_ROWS)
        found = await self._store(request).trashed(offset, limit)
        rows = [asdict(row) for row in found.rows]
        return JSONResponse({"total": found.total, "newest": found.newest, "rows": rows})

    async def empty(self, request: Request) -> Response:
        """DELETE ?until=: for good, what was deleted up to `newest` of a list, or all."""
        until = request.query_params.get("until", "")
        if until and not _MOMENT.fullmatch(until):
            raise BadRequest("parameter", name="until", allowed="20261120t100000123456")
        return JSONResponse({"count": await self._store(request).empty_trash(until)})

    async def discard(self, request: Request) -> Response:
        """DELETE: one file for good; `count` is 0 where it was not there any more."""
        done = await self._store(request).discard(_token_of(request))
        return JSONResponse({"count": int(done)})

    async def restore(self, request: Request) -> Response:
        """POST: undo a delete, of a chat, a branch or what was pruned."""
        return JSONResponse({"id": (await self._store(request).restore(_token_of(request))).id})

    def _store(self, request: Request) -> ChatStore:
        return self._services.stores.of(caller(request))


def _token_of(request: Request) -> str:
    token = str(request.path_params["token"])
    if not _TOKEN.fullmatch(token) or ".." in token:
        raise NotInTrash(token)
    return token
