"""Routes of the questions that wait in a chat until the answer before them has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.chat_routes import chat_routes
from api.errors import BadRequest
from api.identity import caller
from api.inputs import SMALL_BYTES, chat_id_of, flag_in, is_half, object_of, text_in
from api.language import language_of
from core.conversation import Conversation
from core.errors import ErrorCard
from engine.services import Services
from engine.waiting_file import Waiting


class WaitingRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting = services.waiting

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("waiting", "GET", self.read),
            ("waiting", "POST", self.add),
            ("waiting", "PATCH", self.rewrite),
            ("waiting", "DELETE", self.withdraw),
            ("waiting/send", "POST", self.send),
        )
        return chat_routes(table, self._services.language)

    async def read(self, request: Request) -> Response:
        """GET: what waits in the chat, and the end of its chosen path."""
        return await self._answer(request)

    @property
    def _most(self) -> int:
        """Bytes of a body with the longest question: JSON may escape a character in twelve."""
        return 12 * self._services.loaded.catalog.limits.message_characters + SMALL_BYTES

    async def add(self, request: Request) -> Response:
        """POST {"text", "lanes"}: a question for the chat alone, or for the lanes it compares."""
        asked = await object_of(request, ("text", "lanes"), self._most)
        text, lanes = _text(asked), flag_in(asked, "lanes")
        await self._waiting.add(caller(request), chat_id_of(request), text, in_lanes=lanes)
        return await self._answer(request)

    async def rewrite(self, request: Request) -> Response:
        """PATCH {"id", "text"}: another text for a question, in its place."""
        asked = await object_of(request, ("id", "text"), self._most)
        owner, chat_id, text = caller(request), chat_id_of(request), _text(asked)
        await self._waiting.rewrite(owner, chat_id, text_in(asked, "id"), text)
        return await self._answer(request)

    async def withdraw(self, request: Request) -> Response:
        """DELETE {"id"}: take a question out; its text."""
        asked = await object_of(request, ("id",))
        owner, chat_id = caller(request), chat_id_of(request)
        text = await self._waiting.withdraw(owner, chat_id, text_in(asked, "id"))
        return JSONResponse({"text": text})

    async def send(self, request: Request) -> Response:
        """POST: ask the first one now."""
        await self._waiting.send(caller(request), chat_id_of(request))
        return await self._answer(request)

    async def _answer(self, request: Request) -> Response:
        owner, chat_id = caller(request), chat_id_of(request)
        chat = await self._services.stores.of(owner).load(chat_id)
        language = language_of(request, self._services.language)
        queue = await self._waiting.of(owner, chat_id)
        held = bool(queue) and self._waiting.is_held(owner, chat_id)
        rows = [self._row(one, chat, language) for one in queue]
        return JSONResponse({"held": held, "waiting": rows, "leaf": chat.leaf})

    def _row(self, one: Waiting, chat: Conversation, language: str) -> Mapping[str, Any]:
        refused = self._waiting.refused(one.id)
        return {
            "id": one.id,
            "text": one.text,
            "lanes": one.lanes is not None,
            "for": self._lanes_left(one, chat),
            "refused": _sentences(refused, language) if refused else "",
        }

    def _lanes_left(self, one: Waiting, chat: Conversation) -> list[str]:
        """The names of the lanes that are still to be asked where others have been; none where
        names are hidden."""
        comparison = chat.comparison
        if one.lanes is None or comparison is None or comparison.is_hidden:
            return []
        if len(one.lanes) == len(comparison.shown):
            return []
        labels = {model.id: model.label for model in self._services.loaded.catalog.models}
        return [labels.get(model, model) for model in one.lanes]


def _text(asked: Mapping[str, Any]) -> str:
    """A question of any length; the engine knows the limit."""
    text = asked.get("text")
    if not isinstance(text, str) or any(map(is_half, text)):
        raise BadRequest("parameter", name="text", allowed="text")
    return text


def _sentences(card: ErrorCard, language: str) -> str:
    return f"{card.message(language)} {card.hint(language)}"
