"""HTTP clients for the SDKs: no redirects, no retries, refusals read in one place.

The SDKs get our client, so that its closing closes the connection in all of them, and so that
every byte that arrives is counted and known as a sign of life (comments in a stream make no event).
"""

from __future__ import annotations

import asyncio
import importlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from core.catalog import Model
from core.request import ChatRequest
from providers.failures import HttpRefusal
from providers.measure import Measure, measure_of

if TYPE_CHECKING:
    import httpx2

_CONNECT = 10.0
_LONGEST_REFUSAL = 64 * 1024
_CODINGS = ("gzip", "deflate")
_SLICE = 1024


async def load(connector: object) -> None:
    """Import the SDK that a connector names, and read the certificates for the HTTP library it
    speaks through.

    In a thread: some take seconds, and other answers go on meanwhile.
    """
    if sdk := getattr(connector, "SDK", None):
        await asyncio.to_thread(_load, *sdk)


def _load(package: str, http: str) -> None:
    importlib.import_module(package)
    trust(http)


def seconds(request: ChatRequest) -> float:
    """How long one read or write may take: as long as the longest silence the router allows."""
    return longest_wait(request.model)


def longest_wait(model: Model) -> float:
    """The longest silence any of the entry's limits allows, in seconds."""
    return max(model.first_byte, model.between_chunks, model.timeout or 0)


def _unread(part: bytes) -> None:
    """Most formats have nothing in their bytes that their SDK does not tell."""


def client(request: ChatRequest, read: Callable[[bytes], None] = _unread) -> httpx2.AsyncClient:
    """A client for the SDKs that speak through httpx2; the caller closes it. `read` gets the
    unpacked bytes of answers, too."""
    import httpx2

    return httpx2.AsyncClient(**options(request, httpx2, read))


def options(
    request: ChatRequest,
    library: Any,
    read: Callable[[bytes], None] = _unread,
    *,
    events: bool = True,
) -> dict[str, Any]:
    """Arguments for an AsyncClient of `library` (httpx or httpx2); `read` as for `client`, `events`
    where a streamed answer comes as server-sent events."""
    model, measure = request.model, partial(measure_of, request, events=events)
    watching = hooks(library, measure, request.heard, read)
    return {
        "verify": trust(library.__name__),
        "timeout": library.Timeout(seconds(request), connect=min(_CONNECT, seconds(request))),
        "follow_redirects": False,
        "event_hooks": {**watching, "request": [*watching["request"], _sender(model.headers)]},
    }


def plain_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that an SDK takes: those of ASCII. `options` sends the others, as UTF-8."""
    return {name: value for name, value in headers.items() if value.isascii()}


def _sender(headers: Mapping[str, str]) -> Callable[[Any], Awaitable[None]]:
    async def send(request: Any) -> None:
        for name, value in headers.items():
            if not value.isascii():
                request.headers[name] = value  # the client writes what is set here as UTF-8

    return send


async def whole_json(response: Any) -> Any:
    """The document of a server that answers in one piece although a stream was asked for.

    None where it streams, even under the content type of a document; the stream can then be read
    from its beginning. Raises ValueError for a document that is no JSON.
    """
    if not response.headers.get("content-type", "").startswith("application/json"):
        return None
    parts = response.aiter_bytes()
    begun = b""
    while not begun.strip() and (part := await anext(parts, b"")):
        begun += part
    if begun.lstrip().startswith((b"{", b"[")):
        return json.loads(begun + b"".join([part async for part in parts]))
    response.aiter_bytes = lambda: _joined(begun, parts)
    return None


async def _joined(begun: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begun
    async for part in parts:
        yield part


@cache
def trust(library: str) -> ssl.SSLContext:
    """The certificates to trust. Reading them takes longer than a request: once is enough."""
    context: ssl.SSLContext = importlib.import_module(library).create_ssl_context()
    return context


def _silently() -> None:
    """No sign of life."""


def hooks(
    library: Any,
    measure: Callable[[], Measure],
    heard: Callable[[], None] = _silently,
    read: Callable[[bytes], None] = _unread,
) -> dict[str, list[Callable[[Any], Awaitable[None]]]]:
    """What a client does with each response: a refusal is raised, and of any other no more is read
    than a new `measure` allows."""

    async def listen(response: Any) -> None:
        _require_known_coding(response, library, heard)
        counted = measure()
        refused = response.status_code >= 300
        response.aiter_raw = _heard(response, _silently if refused else heard, counted)
        response.aiter_bytes = _counted(response, counted, _unread if refused else read)
        if refused:
            body = await _beginning(response)
            raise HttpRefusal(response.status_code, response.headers, body)

    return {"request": [_ask_for_known_coding], "response": [listen]}


async def _ask_for_known_coding(request: Any) -> None:
    request.headers["Accept-Encoding"] = ", ".join(_CODINGS)


def _coding(response: Any) -> str:
    coding = str(response.headers.get("Content-Encoding", "")).strip().lower()
    return "" if coding == "identity" else coding


def _require_known_coding(response: Any, library: Any, heard: Callable[[], None]) -> None:
    """Others, and one in another, unpack a few bytes to millions at once."""
    coding = _coding(response)
    if coding and coding not in _CODINGS:
        heard()
        raise library.DecodingError(f"Content-Encoding: {coding}", request=response.request)


async def _beginning(response: Any) -> str:
    parts = bytearray()
    async for part in response.aiter_bytes():
        parts += part
        if len(parts) > _LONGEST_REFUSAL:
            break
    await response.aclose()
    return parts[:_LONGEST_REFUSAL].decode("utf-8", "replace")


def _heard(
    response: Any, heard: Callable[[], None], measure: Measure
) -> Callable[..., AsyncIterator[bytes]]:
    """The bytes as they arrive. What is packed comes in slices: httpx unpacks all it gets at once,
    to a thousand times its size at most."""
    raw, is_packed = response.aiter_raw, bool(_coding(response))

    async def listened(chunk_size: int | None = None) -> AsyncIterator[bytes]:
        async for part in raw(chunk_size):
            heard()
            measure.packed(part)
            step = _SLICE if is_packed else len(part) or 1
            for start in range(0, len(part), step):
                yield part[start : start + step]

    return listened


def _counted(
    response: Any, measure: Measure, read: Callable[[bytes], None]
) -> Callable[..., AsyncIterator[bytes]]:
    unpacked = response.aiter_bytes

    async def counted(chunk_size: int | None = None) -> AsyncIterator[bytes]:
        async for part in unpacked(chunk_size):
            measure.unpacked(part)
            read(part)
            yield part

    return counted
