"""Routes that set two ways through a chat beside each other, and ask a chat again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import BadRequest, answering_errors
from api.identity import caller
from core.catalog import Catalog
from core.conversation import Conversation, Message
from engine.diff import Pair, pairs
from engine.services import Services


class ReplayRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (("/api/chats/{chat_id}/diff", "GET", self.diff),)
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def diff(self, request: Request) -> Response:
        """GET ?a=&b=: the rounds of the paths to two messages, from where they part."""
        chat = await self._services.stores.of(caller(request)).load(_chat_id(request))
        a, b = _message(request, chat, "a"), _message(request, chat, "b")
        names = _Names(self._services.loaded.catalog, chat)
        rows = await asyncio.to_thread(lambda: [_row(pair, names) for pair in pairs(chat, a, b)])
        return JSONResponse({"pairs": rows})


class _Names:
    """Who wrote an answer, as far as the reader may know it: not before a blind vote."""

    def __init__(self, catalog: Catalog, chat: Conversation) -> None:
        self._catalog = catalog
        self._hidden = chat.comparison is not None and chat.comparison.is_hidden

    def side(self, message: Message | None) -> Mapping[str, str] | None:
        if message is None:
            return None
        model_id = message.answer.model if message.answer and not self._hidden else ""
        model = self._catalog.model(model_id)
        label = model.label if model else model_id
        return {"id": message.id, "model": model_id, "label": label}


def _row(pair: Pair, names: _Names) -> Mapping[str, Any]:
    """One pair as JSON; `question_b` is there where the two sides were not asked the same."""
    questions = [_text(pair.question_a), _text(pair.question_b)]
    differs = pair.question_a and pair.question_b and questions[0] != questions[1]
    return {
        "question": questions[0] if pair.question_a else questions[1],
        "question_b": questions[1] if differs else None,
        "a": names.side(pair.a),
        "b": names.side(pair.b),
        "pieces": pair.pieces,
    }


def _text(message: Message | None) -> str:
    return message.content if message else ""


def _message(request: Request, chat: Conversation, name: str) -> str:
    asked = request.query_params.get(name, "")
    if chat.message(asked) is None:
        raise BadRequest("parameter", name=name, allowed=f"messages[].id – /api/chats/{chat.id}")
    return asked


def _chat_id(request: Request) -> str:
    return str(request.path_params["chat_id"])
