"""What servers count: each under its own names, believed where it can be true."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import ErrorKind, ProviderError
from core.events import (
    Finish,
    FinishReason,
    Notice,
    Status,
    StreamEvent,
    TextDelta,
    ToolCall,
    Usage,
    WebSource,
)
from core.request import ChatRequest
from providers.router import Router
from tests.providers.answers import Gathered, answered, ask, failed, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS
NAN, INFINITE = float("nan"), float("inf")


async def _counted(router: Router, server: WireServer, dialect: Dialect, usage: Any) -> Usage:
    first, *_ = dialect.ending()
    server.reply(dialect.stream([dialect.piece("ok"), first, {**first, "usage": usage}]))
    got = await answered(router, question(dialect.model(server.url)))
    return got.usage[0]


CACHED: list[dict[str, Any]] = [
    {"prompt_tokens_details": {"cached_tokens": 900}},
    {"prompt_cache_hit_tokens": 900, "prompt_cache_miss_tokens": 300},
    {"cached_tokens": 900},
]


@pytest.mark.parametrize("said", CACHED)
@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE], ids=lambda one: one.name)
async def test_cached_tokens_are_read_under_each_name(
    router: Router, server: WireServer, dialect: Dialect, said: dict[str, Any]
) -> None:
    usage = {"prompt_tokens": 1200, "completion_tokens": 5, "total_tokens": 1205, **said}
    counted = await _counted(router, server, dialect, usage)
    assert (counted.input_tokens, counted.cached_tokens) == (1200, 900)


async def test_gemini_tells_what_was_cached(router: Router, server: WireServer) -> None:
    end = GEMINI.ending()[0]
    usage = {"promptTokenCount": 1200, "cachedContentTokenCount": 900, "candidatesTokenCount": 5}
    server.reply(GEMINI.stream([GEMINI.piece("ok"), {**end, "usageMetadata": usage}]))
    got = await answered(router, question(GEMINI.model(server.url)))
    assert [(u.input_tokens, u.cached_tokens) for u in got.usage] == [(1200, 900)]


async def test_more_cached_than_sent_is_not_believed(router: Router, server: WireServer) -> None:
    usage = {"prompt_tokens": 12, "completion_tokens": 5, "cached_tokens": 900}
    counted = await _counted(router, server, OPENAI, usage)
    assert (counted.input_tokens, counted.cached_tokens) == (12, None)


async def test_hugging_face_keeps_reasoning_and_cost(router: Router, server: WireServer) -> None:
    usage = {
        "prompt_tokens": 7, "completion_tokens": 50, "total_tokens": 57, "cost": 0.002,
        "completion_tokens_details": {"reasoning_tokens": 40},
    }  # fmt: skip
    counted = await _counted(router, server, HUGGINGFACE, usage)
    assert (counted.reasoning_tokens, counted.cost) == (40, 0.002)


@pytest.mark.parametrize(
    ("total", "output", "reasoning"), [(1349, 342, 340), (1009, 2, None)], ids=["xai", "others"]
)
async def test_reasoning_counted_beside_the_completion_is_part_of_the_output(
    router: Router, server: WireServer, total: int, output: int, reasoning: int | None
) -> None:
    usage = {
        "prompt_tokens": 1007, "completion_tokens": 2, "total_tokens": total,
        "completion_tokens_details": {"reasoning_tokens": 340},
    }  # fmt: skip
    counted = await _counted(router, server, OPENAI, usage)
    assert (counted.output_tokens, counted.reasoning_tokens) == (output, reasoning)


# A connector that somebody wrote themselves


async def _passed(router: Router, monkeypatch: pytest.MonkeyPatch, *events: Any) -> Gathered:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        for event in events:
            yield event
        yield Finish(FinishReason.STOP)

    monkeypatch.setattr("providers.connector", lambda name: SimpleNamespace(stream=stream))
    return await answered(router, question(OPENAI.model("http://127.0.0.1:9")))


@pytest.mark.parametrize("odd", [True, -5, 10**30, NAN, INFINITE, "7", [], {}, 2**63, object()])
async def test_no_odd_number_passes(
    router: Router, monkeypatch: pytest.MonkeyPatch, odd: Any
) -> None:
    usage = Usage(odd, odd, odd, odd, odd, odd)
    got = await _passed(router, monkeypatch, TextDelta("ok"), usage, Status("loading", {}, odd))
    assert got.usage == [Usage()]
    assert [status.fraction for status in got.statuses] == [None]


async def test_texts_are_texts_of_a_length_that_can_be_shown(
    router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd: Any = 5
    call = ToolCall(odd, "n" * 9999, '{"a": "\ud800"}', {"signature": odd, "list": odd})
    got = await _passed(router, monkeypatch, call, TextDelta(odd), Notice("fallback", {"a": odd}))
    (passed,) = got.calls
    assert (passed.id, len(passed.name), passed.arguments) == ("", 200, '{"a": "\ufffd"}')
    assert passed.extra == {"signature": "5", "list": "5"}
    assert (got.text, got.notices) == ("", [Notice("fallback", {"a": "5"})])


async def test_a_models_name_is_short_text(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    for odd, kept in (({}, None), ("x" * 5000, "x" * 200), ("", None), ("a\ud800", "a\ufffd")):
        finish: Any = Finish("length", odd)  # type: ignore[arg-type]
        got = await _passed(router, monkeypatch, TextDelta("ok"), finish)
        assert got.finish == [Finish(FinishReason.LENGTH, kept)]


async def test_no_odd_source_passes(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    odd: Any = 5
    told = [
        WebSource("javascript:alert(1)", "x", 1),
        WebSource("https://user@ornek.example/", "x"),
        WebSource("https://ornek.example/ bosluk"),
        WebSource("https://ornek.example/" + "x" * 3000),
        WebSource(odd),
        WebSource("https://ornek.example/a", odd, odd * 1000),
    ]
    got = await _passed(router, monkeypatch, TextDelta("ok"), *told)
    kept = [event for event in got.events if isinstance(event, WebSource)]
    assert kept == [WebSource("https://ornek.example/a")]


@pytest.mark.parametrize("wait", [NAN, INFINITE, -1, "soon", True])
async def test_an_odd_wait_is_none(
    router: Router, monkeypatch: pytest.MonkeyPatch, wait: Any
) -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        raise ProviderError(ErrorKind.BAD_REQUEST, retry_after=wait, detail=wait)
        yield

    monkeypatch.setattr("providers.connector", lambda name: SimpleNamespace(stream=stream))
    error = await failed(router, question(OPENAI.model("http://127.0.0.1:9")))
    assert (error.kind, error.retry_after) == (ErrorKind.BAD_REQUEST, None)


# Numbers beside an answer


@pytest.mark.parametrize("code", ["²", "9" * 5000, True, 10**30, -400, 4.5, [400], None])
@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE, GEMINI], ids=lambda one: one.name)
async def test_an_odd_code_in_an_error_is_no_status(
    router: Router, server: WireServer, dialect: Dialect, code: Any
) -> None:
    server.reply(dialect.stream([{"error": {"message": "kaput", "code": code}}]))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.error is not None
    assert "kaput" in got.error.message


async def test_half_a_character_in_an_error_can_be_shown(
    router: Router, server: WireServer
) -> None:
    server.reply(OPENAI.error(400, "yarım \ud83d"))
    error = await failed(router, question(OPENAI.model(server.url)))
    assert "yarım \ufffd" in error.card.message("tr")


@pytest.mark.parametrize("value", ["Mon, 01 Jan " + "9" * 20 + " 00:00:00 GMT", "nan", "1e999"])
async def test_an_odd_retry_after_is_passed_over(
    router: Router, server: WireServer, value: str
) -> None:
    server.reply(OPENAI.error(400, "no", {"Retry-After": value}))
    error = await failed(router, question(OPENAI.model(server.url)))
    assert (error.kind, error.retry_after) == (ErrorKind.BAD_REQUEST, None)


@pytest.mark.parametrize("length", ["true", "-5", "NaN", "1" + "0" * 30, '"8k"', "[]", "0"])
@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE, GEMINI], ids=lambda one: one.name)
async def test_a_listed_window_is_a_number_that_can_be(
    router: Router, server: WireServer, dialect: Dialect, length: str
) -> None:
    parts = [part.replace(b"4096", length.encode()) for part in dialect.models("a").parts]
    if dialect is HUGGINGFACE:
        offer = f'{{"providers": [{{"context_length": {length}}}], "id": "a"}}'
        parts = [f'{{"data": [{offer}]}}'.encode()]
    server.reply(Reply(200, "application/json", {}, parts))
    (offered,) = await router.list_models(dialect.model(server.url))
    assert not offered.context_window
