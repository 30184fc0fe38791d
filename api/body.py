"""The size of a request, counted as it arrives."""

from __future__ import annotations

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from api.headers import read_headers


class BodyTooLarge(ClientDisconnect):
    """More came than may come. Frameworks treat it as a client that went away."""


class LimitedBody:
    """A `receive` that ends the request once more than `limit` bytes have come."""

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._count = 0
        self.exceeded = _announced(scope) > limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._count += len(message.get("body", b""))
        if self.exceeded or self._count > self._limit:
            self.exceeded = True
            raise BodyTooLarge
        return message


def _announced(scope: Scope) -> int:
    length = read_headers(scope).get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


async def whole_body(receive: Receive) -> bytes:
    """Everything of the body; raises ClientDisconnect where the client leaves before its end."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once more, then what really comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
