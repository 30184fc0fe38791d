"""Routes between a chat and the documents: its switch, and what its answers cite."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.documents_inputs import names_in, place_in
from api.errors import answering_errors
from api.identity import caller
from api.inputs import chat_id_of, flag_in, object_of
from core.conversation import Answer, Message
from core.documents import DocumentUse
from core.errors import RejectedInput
from engine.citations import citations
from engine.claims import sentence_behind
from engine.services import Services

_LONGEST_CLAIM = 600


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
        """GET ?claim=: what an answer was given, what it cites of it, and whether its quotations
        are there. With the words before a mark, the sentence of each passage nearest to them."""
        chat = await self._services.stores.of(caller(request)).load(chat_id_of(request))
        message = chat.message(request.path_params["message"])
        if message is None or message.answer is None:
            raise RejectedInput("message_gone")
        claim = request.query_params.get("claim", "")[-_LONGEST_CLAIM:]
        return JSONResponse(await asyncio.to_thread(_cited, message, message.answer, claim))


def _cited(message: Message, answer: Answer, claim: str) -> dict[str, Any]:
    given = [
        {
            **{key: value for key, value in asdict(one).items() if key != "unknown"},
            "sentence": sentence_behind(claim, one),
        }
        for one in answer.passages
    ]
    return {"passages": given, **asdict(citations(message.content, answer.passages))}
