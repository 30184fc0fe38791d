"""Servers that send more than an answer can have: the connection is closed before it is kept."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib

import pytest

from core.errors import ErrorKind, ProviderError
from providers.measure import LINE
from providers.router import Router
from tests.providers.answers import Gathered, answered, ask, failed, question
from tests.providers.dialects import DIALECTS, Dialect, sse
from tests.providers.flood_server import ROOM, Flood, flooding
from tests.providers.wire_server import Reply, WireServer

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS
OF_EVENTS = pytest.mark.parametrize(
    "dialect", [OPENAI, HUGGINGFACE, GEMINI], ids=lambda dialect: dialect.name
)


async def flooded(
    router: Router, dialect: Dialect, flood: Flood, *, stream: bool = True, megabytes: float = 4
) -> Gathered:
    """What came of an answer that has no end, after the server has seen the client hang up."""
    async with flooding(flood):
        model = dialect.model(flood.url, answer_megabytes=megabytes)
        async with asyncio.timeout(60):
            got = await ask(router, question(model, stream=stream))
            await flood.hung_up.wait()
    assert got.error is not None
    assert got.error.kind is ErrorKind.TOO_MUCH_DATA
    assert got.error.card.params["provider"] == "Tested"
    return got


async def test_a_line_without_an_end_is_read_to_its_longest_only(
    router: Router, dialect: Dialect
) -> None:
    begun = b"".join(dialect.stream([dialect.piece("half")], end="hang").parts)
    start = b'{"x": "' if dialect is OLLAMA else b'data: {"x": "'
    flood = Flood(begun + start, b"a" * 65536)
    assert (await flooded(router, dialect, flood)).text == "half"
    assert flood.accepted < LINE + ROOM


async def test_an_answer_in_one_piece_is_read_to_its_longest_only(
    router: Router, dialect: Dialect
) -> None:
    flood = Flood(b'{"x": "', b"a" * 65536, content_type="application/json")
    await flooded(router, dialect, flood, stream=False, megabytes=1)
    assert flood.accepted < 2 * LINE + ROOM


@OF_EVENTS
@pytest.mark.parametrize(
    "line",
    [b": ping\n\n", b"data: x\n", b"data: x\r", b"\r\n", b"id: 1\n"],
    ids=["comments", "data", "data ended by CR", "empty lines", "ids"],
)
async def test_lines_that_make_no_event_are_not_read_for_ever(
    router: Router, dialect: Dialect, line: bytes
) -> None:
    flood = Flood(b"", line * 8192)
    async with flooding(flood):
        model = dialect.model(flood.url, answer_megabytes=0.25)
        async with asyncio.timeout(60):
            error = await failed(router, question(model))
            await flood.hung_up.wait()
    # Some SDKs take a line of this kind for an answer that is none.
    assert error.kind in (ErrorKind.TOO_MUCH_DATA, ErrorKind.MALFORMED)
    assert flood.accepted < 4 * LINE + ROOM


async def test_an_event_without_an_end_is_not_kept(router: Router) -> None:
    flood = Flood(b"", b"data: " + b"x" * 65536 + b"\n")
    await flooded(router, OPENAI, flood, megabytes=64)
    assert flood.accepted < 5 * LINE + ROOM


async def test_what_unpacks_without_an_end_is_counted_unpacked(
    router: Router, dialect: Dialect
) -> None:
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(b"data: ") + packer.flush(zlib.Z_SYNC_FLUSH)
    more = packer.compress(b"a" * LINE) + packer.flush(zlib.Z_FULL_FLUSH)
    flood = Flood(start, more, headers={"Content-Encoding": "gzip"})
    await flooded(router, dialect, flood)
    assert flood.accepted < ROOM


async def test_a_few_bytes_are_not_unpacked_to_millions_at_once(
    router: Router, server: WireServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.providers.wire_server.PIECE", 1 << 20)
    bomb = gzip.compress(b"data: " + b"a" * (64 << 20))
    assert len(bomb) < 1 << 17
    server.reply(Reply(headers={"Content-Encoding": "gzip"}, parts=[bomb]))
    model = dialect.model(server.url)
    await ask(router, question(model))  # which imports the SDK
    tracemalloc.start()
    try:
        error = await failed(router, question(model))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.kind is ErrorKind.TOO_MUCH_DATA
    assert peak < 16 << 20


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
async def test_what_cannot_be_unpacked_in_bounds_is_neither_asked_for_nor_read(
    router: Router, server: WireServer, dialect: Dialect, coding: str
) -> None:
    server.reply(Reply(headers={"Content-Encoding": coding}, parts=[b"\x8f\xff\xff\x3f" * 9]))
    error = await failed(router, question(dialect.model(server.url)))
    assert error.kind is ErrorKind.MALFORMED
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_packed_answer_is_read(
    router: Router, server: WireServer, dialect: Dialect, stream: bool
) -> None:
    plain = dialect.text("İyi ", "günler") if stream else dialect.whole("İyi günler")
    packed = gzip.compress(b"".join(plain.parts))
    headers = {"Content-Encoding": "gzip"}
    server.reply(Reply(content_type=plain.content_type, headers=headers, parts=[packed]))
    model = dialect.model(server.url)
    assert (await answered(router, question(model, stream=stream))).text == "İyi günler"


@pytest.mark.parametrize("stream", [True, False])
async def test_what_an_answer_may_have_is_read_whole(
    router: Router,
    server: WireServer,
    dialect: Dialect,
    monkeypatch: pytest.MonkeyPatch,
    stream: bool,
) -> None:
    monkeypatch.setattr("tests.providers.wire_server.PIECE", 1 << 20)
    piece = "x" * 1_000_000
    server.reply(dialect.text(piece, piece, piece) if stream else dialect.whole(3 * piece))
    got = await answered(router, question(dialect.model(server.url), stream=stream))
    assert got.text == 3 * piece


async def test_a_list_of_models_without_an_end_is_read_to_its_longest_only(
    router: Router, dialect: Dialect
) -> None:
    flood = Flood(b'{"data": "', b"a" * 65536, content_type="application/json")
    async with flooding(flood):
        model = dialect.model(flood.url)
        with pytest.raises(ProviderError) as refused:
            await router.list_models(model)
        readiness = await router.check(model)
    assert refused.value.kind is ErrorKind.TOO_MUCH_DATA
    assert not readiness.ready
    assert readiness.params["detail"].startswith("more than")
    assert flood.accepted < 2 * (16 * LINE + ROOM)


@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("same", [True, False], ids=["one call", "a call each"])
async def test_tool_calls_without_an_end_are_not_kept(
    router: Router, dialect: Dialect, same: bool
) -> None:
    function = {"name": "f", "arguments": "a" * 4096}
    calls = [{"index": 0 if same else n, "function": function} for n in range(50)]
    chunk = {"choices": [{"index": 0, "delta": {"tool_calls": calls}}]}
    flood = Flood(b"", b"".join(sse(chunk, done=False)))
    await flooded(router, dialect, flood, megabytes=4)
    assert flood.accepted < 5 * LINE + ROOM


async def test_a_tool_calls_list_is_not_filled_with_gaps(
    router: Router, server: WireServer
) -> None:
    pieces = [{"jsonPath": f"$.a{n}[9999]", "stringValue": "x"} for n in range(3)]
    call = {"name": "f", "willContinue": True, "partialArgs": pieces}
    chunk = {"candidates": [{"index": 0, "content": {"parts": [{"functionCall": call}]}}]}
    server.reply(Reply(parts=[b"data: " + json.dumps(chunk).encode() + b"\n\n"]))
    error = await failed(router, question(GEMINI.model(server.url)))
    assert error.kind is ErrorKind.TOO_MUCH_DATA
