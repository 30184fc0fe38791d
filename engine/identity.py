"""New ids and the present time: the two things the pure values leave to others."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_chat_id() -> str:
    """An id of [0-9a-z-] that sorts by day, unique enough for chats merged from many machines."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{_random(6)}"


def new_message_id() -> str:
    """An id for a message; the id of an answer is also the id of the turn that writes it."""
    return _random(12)


def now() -> str:
    """The present time as ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
