"""HTTP clients for the SDKs: no redirects, no retries, refusals read in one place.

The SDKs get our client, so that its closing closes the connection in all of them, and so that
every byte that arrives is known as a sign of life (comments in a stream make no event).
"""

from __future__ import annotations

import asyncio
import importlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from core.request import ChatRequest
from providers.failures import HttpRefusal

if TYPE_CHECKING:
    import httpx2

_CONNECT = 10.0
_LONGEST_REFUSAL = 64 * 1024
DEFAULT_TIMEOUT = 600.0


async def load(package: str, http: str = "httpx2") -> None:
    """Import an SDK, and read the certificates for the HTTP library it speaks through.

    In a thread: some take seconds, and other answers go on meanwhile.
    """
    await asyncio.to_thread(_load, package, http)


def _load(package: str, http: str) -> None:
    importlib.import_module(package)
    trust(http)


def seconds(request: ChatRequest) -> float:
    """How long one read or write may take; the router's limits on silence are usually shorter."""
    return request.model.timeout or DEFAULT_TIMEOUT


def client(request: ChatRequest) -> httpx2.AsyncClient:
    """A client for the SDKs that speak through httpx2; the caller closes it."""
    import httpx2

    return httpx2.AsyncClient(**options(request, httpx2))


def options(request: ChatRequest, library: Any) -> dict[str, Any]:
    """Arguments for an AsyncClient of `library` (httpx or httpx2)."""
    return {
        "verify": trust(library.__name__),
        "timeout": library.Timeout(seconds(request), connect=min(_CONNECT, seconds(request))),
        "follow_redirects": False,
        "event_hooks": {"response": [_listener(request.heard)]},
    }


@cache
def trust(library: str) -> ssl.SSLContext:
    """The certificates to trust. Reading them takes longer than a request: once is enough."""
    context: ssl.SSLContext = importlib.import_module(library).create_ssl_context()
    return context


def _listener(heard: Callable[[], None]) -> Callable[[Any], Awaitable[None]]:
    async def listen(response: Any) -> None:
        if response.status_code >= 300:
            body = await _beginning(response)
            raise HttpRefusal(response.status_code, response.headers, body)
        response.aiter_raw = _heard(response.aiter_raw, heard)

    return listen


async def _beginning(response: Any) -> str:
    parts = bytearray()
    async for part in response.aiter_bytes():
        parts += part
        if len(parts) > _LONGEST_REFUSAL:
            break
    await response.aclose()
    return parts[:_LONGEST_REFUSAL].decode("utf-8", "replace")


def _heard(
    raw: Callable[..., AsyncIterator[bytes]], heard: Callable[[], None]
) -> Callable[..., AsyncIterator[bytes]]:
    async def listened(chunk_size: int | None = None) -> AsyncIterator[bytes]:
        async for part in raw(chunk_size):
            heard()
            yield part

    return listened
