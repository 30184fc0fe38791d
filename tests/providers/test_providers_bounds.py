"""Answers without an end: each ends at the limits of the catalog, and what came is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import count
from types import SimpleNamespace

import pytest

import providers
from core.catalog import Limits, Model, ModelRow, ProviderRow, resolve
from core.errors import ErrorKind
from core.events import (
    Finish,
    FinishReason,
    Notice,
    ReasoningDelta,
    Sent,
    Status,
    StreamEvent,
    TextDelta,
    ToolCall,
)
from core.request import ChatRequest
from providers.router import Router
from tests.providers.answers import Gathered, ask, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.flood_server import ROOM, Flood, flooding
from tests.providers.wire_server import Reply, WireServer

OPENAI, OLLAMA = DIALECTS[0], DIALECTS[2]
SOON = 0.03
"""Minutes that an answer may take here."""


async def drip(router: Router, dialect: Dialect, flood: Flood) -> Gathered:
    """What came of an answer that goes on for ever, a little at a time."""
    flood.pause = 0.02
    async with flooding(Flood()) as nothing:
        warm = dialect.model(nothing.url, first_byte=60)
        await ask(router, question(warm))  # which imports the SDK
    async with flooding(flood):
        model = dialect.model(flood.url, answer_minutes=SOON, between_chunks=5)
        async with asyncio.timeout(60):
            got = await ask(router, question(model))
            await flood.hung_up.wait()
    return got


def sent(dialect: Dialect, chunk: object) -> bytes:
    """A chunk as the server writes it."""
    return b"".join(dialect.stream([chunk], end="hang").parts)


def call_piece(dialect: Dialect) -> object:
    function = {"name": "f", "arguments": "a"}
    return {
        "choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": function}]}}]
    }


SLOW: dict[str, Callable[[Dialect], object]] = {
    "a letter at a time": lambda dialect: dialect.piece("a"),
    "empty pieces": lambda dialect: dialect.piece(""),
    "reasoning": lambda dialect: dialect.thought("h"),
}


@pytest.mark.parametrize("what", SLOW)
async def test_an_answer_that_goes_on_ends_after_its_minutes(
    router: Router, dialect: Dialect, what: str
) -> None:
    begun = sent(dialect, dialect.piece("begun"))
    got = await drip(router, dialect, Flood(begun, sent(dialect, SLOW[what](dialect))))
    assert got.text.startswith("begun")
    assert got.error is not None
    assert got.error.kind is ErrorKind.TIMED_OUT
    assert got.error.card.params["limit"] == "0.03"
    assert "answer_minutes" in got.error.hint


@pytest.mark.parametrize(
    "again",
    [b": ping\n\n", sent(OPENAI, call_piece(OPENAI))],
    ids=["signs of life", "pieces of a tool call"],
)
async def test_what_makes_no_event_ends_after_the_minutes_too(router: Router, again: bytes) -> None:
    got = await drip(router, OPENAI, Flood(sent(OPENAI, OPENAI.piece("begun")), again))
    assert got.text == "begun"
    assert got.error is not None
    assert got.error.kind is ErrorKind.TIMED_OUT


async def test_signs_of_life_after_the_end_do_not_hold_the_answer_open(
    router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.silence.AFTER_FINISH", 0.3)
    whole = b"".join(OPENAI.stream([OPENAI.piece("all"), *OPENAI.ending()], end="hang").parts)
    flood = Flood(whole, b": ping\n\n", pause=0.02)
    async with flooding(flood), asyncio.timeout(60):
        got = await ask(router, question(OPENAI.model(flood.url)))
        await flood.hung_up.wait()
    assert (got.error, got.text, len(got.finish), len(got.usage)) == (None, "all", 1, 1)


@pytest.mark.parametrize("thought", [False, True], ids=["text", "reasoning"])
async def test_an_answer_ends_at_its_size_and_is_kept_so_far(
    router: Router, dialect: Dialect, thought: bool
) -> None:
    piece = dialect.thought("ş" * 5000) if thought else dialect.piece("ş" * 5000)
    flood = Flood(b"", sent(dialect, piece))
    async with flooding(flood), asyncio.timeout(60):
        model = dialect.model(flood.url, answer_megabytes=0.5)
        got = await ask(router, question(model))
        await flood.hung_up.wait()
    assert len((got.reasoning if thought else got.text).encode()) == 512 * 1024
    assert got.error is not None
    assert got.error.kind is ErrorKind.TOO_LARGE
    assert got.error.card.params["limit"] == "0.5"
    assert "answer_megabytes" in got.error.hint
    assert flood.accepted < (1 << 20) + ROOM


async def test_an_answer_in_one_piece_is_kept_up_to_its_size(
    router: Router, server: WireServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.providers.wire_server.PIECE", 1 << 20)
    server.reply(dialect.whole("a" * 700_000))
    model = dialect.model(server.url, answer_megabytes=0.5)
    got = await ask(router, question(model, stream=False))
    assert got.text == "a" * 512 * 1024
    assert got.error is not None
    assert got.error.kind is ErrorKind.TOO_LARGE


async def test_a_tool_call_beyond_the_size_is_left_out(
    router: Router, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.providers.wire_server.PIECE", 1 << 20)
    call = {"function": {"name": "f", "arguments": {"x": "a" * 600_000}}}
    message = {"role": "assistant", "content": "so", "tool_calls": [call]}
    server.reply(Reply(parts=[sent(OLLAMA, {"message": message})]))
    got = await ask(router, question(OLLAMA.model(server.url, answer_megabytes=0.5)))
    assert (got.text, got.calls) == ("so", [])
    assert got.error is not None
    assert got.error.kind is ErrorKind.TOO_LARGE


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (lambda n: TextDelta(""), ErrorKind.TOO_MUCH_DATA),
        (lambda n: Status("thinking", fraction=0.5), ErrorKind.TOO_MUCH_DATA),
        (lambda n: Sent(), ErrorKind.TOO_MUCH_DATA),
        (lambda n: Notice("unknown", {"detail": str(n)}), ErrorKind.TOO_MUCH_DATA),
        (lambda n: ToolCall(str(n), "f", "{}"), ErrorKind.TOO_MUCH_DATA),
        (lambda n: ReasoningDelta("a" * 1000), ErrorKind.TOO_LARGE),
    ],
    ids=["empty text", "status", "sent", "notice", "tool call", "reasoning"],
)
async def test_events_that_never_wait_and_never_end_are_ended(
    router: Router,
    monkeypatch: pytest.MonkeyPatch,
    event: Callable[[int], StreamEvent],
    kind: ErrorKind,
) -> None:
    monkeypatch.setattr("providers.bounds._MOST_EVENTS", 5000)
    played(monkeypatch, map(event, count()))
    got = await ask(router, question(local()))
    assert got.error is not None
    assert got.error.kind is kind


async def test_a_stream_that_never_waits_ends_after_its_minutes(
    router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(monkeypatch, (TextDelta("a") for _ in count()))
    got = await ask(router, question(local(answer_minutes=0.001)))
    assert got.error is not None
    assert got.error.kind is ErrorKind.TIMED_OUT
    assert set(got.text) == {"a"}


async def test_the_minutes_hold_for_all_tries_and_the_pauses_between_them(
    router: Router, server: WireServer
) -> None:
    server.reply(OPENAI.error(429, "busy", {"Retry-After": "0.8"}))
    model = OPENAI.model(server.url, max_retries=5, answer_minutes=0.01)
    async with asyncio.timeout(60):
        got = await ask(router, question(model))
    assert got.error is not None
    assert len(server.requests) < 3


def test_the_limits_of_the_file_reach_each_model() -> None:
    row = ModelRow(id="m", provider="ollama", name="n")
    model = resolve(row, ProviderRow(), Limits(answer_minutes=7, answer_megabytes=1.5))
    assert (model.answer_minutes, model.answer_bytes) == (7, 3 << 19)


def local(**changes: object) -> Model:
    """A model of a connector that is played."""
    return OLLAMA.model("http://unused", answer_megabytes=0.5, **changes)


def played(monkeypatch: pytest.MonkeyPatch, events: Iterator[StreamEvent]) -> None:
    """Put events that are all there into the place of every connector's."""

    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        for event in events:
            yield event
        yield Finish(FinishReason.STOP)

    connector = SimpleNamespace(stream=stream)
    monkeypatch.setattr(providers, "connector", lambda wire_format: connector)
