"""Routes of the chats: list, read, change, delete, export. Each works for whoever is asking."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.errors import BadRequest, answering_errors
from api.identity import caller
from api.inputs import chat_id_of, flag_in, is_half, object_of, window_of
from api.language import language_of
from core.conversation import Conversation
from engine.services import Services
from storage.export import to_json, to_markdown
from storage.protocol import ChatStore

_LONGEST_TITLE = 200
_LONGEST_QUERY = 500
_LONGEST_RAW_TITLE = 10_000
_MOST_ROWS = 200


class ChatRoutes:
    """The routes over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """Every route, its errors answered."""
        table = (
            ("/api/chats/outline", "GET", self.outline),
            ("/api/chats", "GET", self.page),
            ("/api/chats/{chat_id}", "GET", self.read),
            ("/api/chats/{chat_id}", "PATCH", self.change),
            ("/api/chats/{chat_id}", "DELETE", self.delete),
            ("/api/chats/{chat_id}/export", "GET", self.export),
        )
        language = self._services.language
        return [
            Route(path, answering_errors(endpoint, language), methods=[method])
            for path, method, endpoint in table
        ]

    async def outline(self, request: Request) -> Response:
        """GET ?q=&tz=: the groups of the list, its version, and files that were set aside."""
        store, query = self._store(request), _query(request)
        zone = await asyncio.to_thread(_zone, request)
        version = await store.version()
        if query:
            groups: tuple[Mapping[str, Any], ...] = ()
            total = (await store.search(query, 0, 1)).total
        else:
            groups = tuple(asdict(g) for g in await store.outline(zone, datetime.now(zone)))
            total = sum(group["count"] for group in groups)
        aside = [asdict(each) for each in await store.set_aside()]
        return JSONResponse(
            {"total": total, "version": version, "groups": groups, "set_aside": aside}
        )

    async def page(self, request: Request) -> Response:
        """GET ?offset=&limit=&q=: some rows of the list or of what was found."""
        store, query = self._store(request), _query(request)
        offset, limit = window_of(request, _MOST_ROWS)
        found = await (store.search(query, offset, limit) if query else store.list(offset, limit))
        return JSONResponse({"total": found.total, "rows": [asdict(row) for row in found.rows]})

    async def read(self, request: Request) -> Response:
        """GET: the whole conversation, as its file has it."""
        chat = await self._load(request)
        return Response(to_json(chat), media_type="application/json")

    async def change(self, request: Request) -> Response:
        """PATCH {"title"?, "pinned"?}: what is changed, as it stands now."""
        changes = await _changes(request)
        store, chat_id = self._store(request), chat_id_of(request)
        chat = await store.update(chat_id, lambda c: _changed(c, changes))
        return JSONResponse(
            {"id": chat.id, "title": chat.title, "pinned": chat.pinned, "updated": chat.updated}
        )

    async def delete(self, request: Request) -> Response:
        """DELETE: to the trash; a running answer is stopped and saved first."""
        store, chat_id = self._store(request), chat_id_of(request)
        await self._services.turns.stop_chat(caller(request), chat_id)
        return JSONResponse({"undo": await store.delete(chat_id)})

    async def export(self, request: Request) -> Response:
        """GET ?format=markdown|json: the conversation as a file to keep."""
        form = request.query_params.get("format", "markdown")
        if form not in ("markdown", "json"):
            raise BadRequest("parameter", name="format", allowed="markdown, json")
        chat = await self._load(request)
        language = language_of(request, self._services.language)
        content = to_json(chat) if form == "json" else to_markdown(chat, language)
        ending, kind = ("json", "application/json") if form == "json" else ("md", "text/markdown")
        headers = {"Content-Disposition": _attachment(chat, ending), "Cache-Control": "no-store"}
        return Response(content, media_type=kind, headers=headers)

    def _store(self, request: Request) -> ChatStore:
        return self._services.stores.of(caller(request))

    async def _load(self, request: Request) -> Conversation:
        return await self._store(request).load(chat_id_of(request))


def _query(request: Request) -> str:
    query = request.query_params.get("q", "").strip()
    if len(query) > _LONGEST_QUERY:
        raise BadRequest("parameter", name="q", allowed=f"≤ {_LONGEST_QUERY}")
    return query


def _zone(request: Request) -> tzinfo:
    name = request.query_params.get("tz", "UTC")
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequest("parameter", name="tz", allowed="Europe/Istanbul, UTC …") from None


async def _changes(request: Request) -> Mapping[str, Any]:
    changes = await object_of(request, ("title", "pinned"))
    if "pinned" in changes:
        flag_in(changes, "pinned")
    return {**changes, "title": _title(changes["title"])} if "title" in changes else changes


def _title(asked: object) -> str:
    """One line of 1 to 200 characters, without control characters."""
    text = asked if isinstance(asked, str) and len(asked) <= _LONGEST_RAW_TITLE else ""
    shown = "".join(c if c.isprintable() else " " for c in text if not is_half(c))
    title = " ".join(shown.split())
    if not 1 <= len(title) <= _LONGEST_TITLE:
        raise BadRequest("parameter", name="title", allowed=f"1 – {_LONGEST_TITLE}")
    return title


def _changed(chat: Conversation, changes: Mapping[str, Any]) -> Conversation:
    """The chat with the changes; the very same one where nothing differs, so nothing is written."""
    if all(getattr(chat, name) == value for name, value in changes.items()):
        return chat
    return replace(chat, **changes)


def _attachment(chat: Conversation, ending: str) -> str:
    """Content-Disposition for a file named after the chat, as RFC 6266 spells other alphabets."""
    name = re.sub(r"[^\w .,()-]+", "_", chat.title).strip(" ._")[:80].strip(" ._") or chat.id
    plain = f"{chat.id}.{ending}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(f'{name}.{ending}')}"
