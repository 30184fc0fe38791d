"""The routes below one chat, made from a table."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import Route

from api.errors import Endpoint, answering_errors


def chat_routes(table: Iterable[tuple[str, str, Endpoint]], language: str) -> list[Route]:
    """Routes at `/api/chats/{chat_id}/<path>` for each path, method and endpoint; their errors are
    answered in the caller's language, `language` where none is known."""
    return [
        Route(
            f"/api/chats/{{chat_id}}/{path}",
            answering_errors(endpoint, language),
            methods=[method],
        )
        for path, method, endpoint in table
    ]
