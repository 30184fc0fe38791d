"""Routes between a chat and the documents: its switch, and what its answers cite."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.documents_inputs import names_in, place_in
from api.errors import answering_errors
from api.identity import caller
from api.inputs import chat_id_of, flag_in, object_of
from core.documents import DocumentUse
from core.errors import RejectedInput
from engine.citations import citations
from engine.services import Services


class DocumentChatRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("/api/chats/{chat_id}/documents", "POST", self.use),
            ("/api/chats/{chat_id}/citations/{message}", "GET", self.citations),
        )
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def use(self, request: Request) -> Response:
        """POST {"on", "collections"?}: whether a chat's questions are looked up, and where; a
        collection may be a single document (`core.documents.ChosenDocument.place`)."""
        asked = await object_of(request, ("on", "collections"))
        places = tuple(map(place_in, names_in(asked.get("collections", []))))
        wanted = DocumentUse(flag_in(asked, "on"), places)
        store = self._services.stores.of(caller(request))
        chat = await store.update(
            chat_id_of(request),
            lambda c: c if c.documents == wanted else replace(c, documents=wanted),
        )
        return JSONResponse({"on": chat.documents.on, "collections": chat.documents.collections})

    async def citations(self, request: Request) -> Response:
        """GET: what an answer was given, what it cites of it, and whether its quotations are
        there."""
        chat = await self._services.stores.of(caller(request)).load(chat_id_of(request))
        message = chat.message(request.path_params["message"])
        if message is None or message.answer is None:
            raise RejectedInput("message_gone")
        passages = message.answer.passages
        found = await asyncio.to_thread(citations, message.content, passages)
        given = [{k: v for k, v in asdict(one).items() if k != "unknown"} for one in passages]
        return JSONResponse({"passages": given, **asdict(found)})
