"""Errors as answers: a status, one sentence for what happened, one for what to do."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import PurePath

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from api.language import language_of
from core.errors import (
    ChatNotFound,
    ChatReadOnly,
    ErrorCard,
    NotInTrash,
    RejectedInput,
    StorageError,
)
from core.texts import translate

log = logging.getLogger(__name__)

_REFUSED = {
    "disk_full": 507, "documents_full": 507, "no_room": 507, "folder_gone": 503, "unreadable": 422,
}  # fmt: skip
"""What a refusal of the disk means for whoever asked; 500 where it is none of these."""

Endpoint = Callable[[Request], Awaitable[Response]]


class BadRequest(Exception):
    """The request is not what the route takes; `card` is an `api.` text."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def answering_errors(endpoint: Endpoint, language: str) -> Endpoint:
    """The endpoint with every error turned into an answer in the caller's language."""

    async def answer(request: Request) -> Response:
        chosen = language_of(request, language)
        try:
            return await endpoint(request)
        except ClientDisconnect:
            raise
        except Exception as error:
            return _answer_to(error, chosen)

    return answer


def _answer_to(error: Exception, language: str) -> Response:
    match error:
        case BadRequest(key=key, params=params):
            status = 413 if key == "long_body" else 422
            return _sentences(status, language, f"api.{key}", params)
        case HTTPException(status_code=status) if status < 500:
            return _sentences(status, language, "api.malformed", {})
        case NotInTrash():
            return _card(404, language, ErrorCard("trash_gone"))
        case ChatNotFound():
            return _card(404, language, ErrorCard("chat_gone"))
        case ChatReadOnly():
            return _card(409, language, ErrorCard("read_only"))
        case RejectedInput(card=card):
            return _card(404 if card.kind == "document_gone" else 422, language, card)
        case StorageError(card=card):
            status = _REFUSED.get(card.kind, 500)
            log.log(_level(status), "a request could not be done: %s", error)
            return _card(status, language, _without_paths(card))
        case _:
            log.error("a request failed", exc_info=error)
            return _sentences(500, language, "api.broken", {})


def _level(status: int) -> int:
    return logging.ERROR if status >= 500 else logging.WARNING


def _card(status: int, language: str, card: ErrorCard) -> Response:
    return error_response(status, card.message(language), card.hint(language))


def _sentences(status: int, language: str, key: str, params: dict[str, str]) -> Response:
    message = translate(language, f"{key}.message", **params)
    return error_response(status, message, translate(language, f"{key}.hint", **params))


def error_response(status: int, message: str, hint: str) -> Response:
    """The one shape of every error."""
    return JSONResponse({"error": {"message": message, "hint": hint}}, status)


def _without_paths(card: ErrorCard) -> ErrorCard:
    """A visitor need not know where the folders of this machine lie."""
    short = {
        key: PurePath(value).name if key == "path" else _hide(value)
        for key, value in card.params.items()
    }
    return ErrorCard(card.kind, short)


def _hide(text: str) -> str:
    return " ".join("…" if "/" in word or "\\" in word else word for word in text.split())
