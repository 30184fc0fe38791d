"""Who is asking: decided once by the guard, read everywhere through `caller`."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

_OWNER = "divan.owner"
_PUBLIC = object()


class NotIdentified(PermissionError):
    """The request did not come through the guard, or belongs to nobody."""


def caller(source: Any) -> str:
    """The owner a request works for: a user's name, or "" for the one person without logins.

    `source` is an ASGI scope, a Starlette request or WebSocket, or a `gradio.Request`. Nothing a
    client can send is looked at: the guard writes the owner into the scope, which Gradio carries
    along with queued events. Raises NotIdentified rather than guess.
    """
    connection = getattr(source, "__dict__", {}).get("request", source)
    owner = connection.get(_OWNER) if isinstance(connection, Mapping) else None
    if not isinstance(owner, str):
        raise NotIdentified("the request carries no owner")
    return owner


def caller_or_none(source: Any) -> str | None:
    """As `caller`, but None for a visitor who has not logged in."""
    try:
        return caller(source)
    except NotIdentified:
        return None


def caller_or_nobody(source: Any) -> str:
    """As `caller`, but "" too for a visitor who has not logged in."""
    return caller_or_none(source) or ""


def identify(scope: MutableMapping[str, Any], owner: str | None) -> None:
    """Write the owner into the scope; None marks a visitor who has not logged in."""
    scope[_OWNER] = _PUBLIC if owner is None else owner
