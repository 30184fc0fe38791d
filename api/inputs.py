"""What requests bring, checked: the chat and the rows in the address, and a small JSON object
as the body."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from starlette.requests import Request

from api.errors import BadRequest
from core.errors import ChatNotFound

_CHAT_ID = re.compile(r"[0-9a-z][0-9a-z-]{0,79}")
SMALL_BYTES = 50_000
LARGE_BYTES = 2_000_000
_LONGEST_TEXT = 400
_LAST_ROW = 10_000_000


def chat_id_of(request: Request) -> str:
    """The chat the address names. Raises ChatNotFound for what no chat can be called."""
    chat_id = str(request.path_params["chat_id"])
    if not _CHAT_ID.fullmatch(chat_id):
        raise ChatNotFound(chat_id)
    return chat_id


def window_of(request: Request, most: int) -> tuple[int, int]:
    """The offset and limit of the address, at most so many rows. Raises BadRequest."""
    return _number(request, "offset", 0, 0, _LAST_ROW), _number(request, "limit", 50, 1, most)


async def object_of(
    request: Request, allowed: Collection[str], most: int = SMALL_BYTES
) -> dict[str, Any]:
    """The body, of at most so many bytes, as an object with some of the allowed keys. Raises
    BadRequest, also for a body that is not said to be JSON: a form on a page of ours could send
    such a one."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadRequest("not_json")
    try:
        asked = json.loads(await _short_body(request, most))
    except (ValueError, RecursionError):
        raise BadRequest("not_json") from None
    if not isinstance(asked, dict) or not asked or asked.keys() - set(allowed):
        raise BadRequest("parameter", name="JSON", allowed=", ".join(allowed))
    return asked


async def _short_body(request: Request, most: int) -> bytes:
    """The body. Raises BadRequest as soon as it is longer: reading JSON stops everybody else."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > most:
            raise BadRequest("long_body", limit=f"{most // 1000}")
    return bytes(held)


def text_in(asked: dict[str, Any], key: str) -> str:
    """A text of the body; it must be there, short, and writable in a file. Raises BadRequest."""
    text = asked.get(key)
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT or any(map(is_half, text)):
        raise BadRequest("parameter", name=key, allowed=f"text, ≤ {_LONGEST_TEXT}")
    return text


def flag_in(asked: dict[str, Any], key: str) -> bool:
    """A truth value of the body. Raises BadRequest."""
    flag = asked.get(key)
    if not isinstance(flag, bool):
        raise BadRequest("parameter", name=key, allowed="true, false")
    return flag


def is_half(character: str) -> bool:
    """Half of a surrogate pair: JSON can carry it, a file in UTF-8 cannot."""
    return "\ud800" <= character <= "\udfff"


def _number(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not low <= number <= high:
        raise BadRequest("parameter", name=name, allowed=f"{low} – {high}")
    return number
