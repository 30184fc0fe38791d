"""What only one provider does, or what does not depend on the wire format."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import ErrorKind
from core.events import Finish, FinishReason, Notice, Status, StreamEvent, TextDelta, ToolCall
from core.keys import Keys
from core.request import ChatRequest, Options, PromptMessage, ToolSpec
from providers.router import Router
from tests.providers.answers import answered, ask, failed, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer

ROOT = Path(__file__).resolve().parents[2]
CHECK_ALL = """
import asyncio, sys
from pathlib import Path
from core.catalog_file import load_catalog
from core.keys import Keys
from providers import FORMATS
from providers.router import Router

names = ("GEMINI_API_KEY", "HF_TOKEN", "OPENROUTER_API_KEY", "TOGETHER_API_KEY")
router = Router(Keys(Path(".none"), dict.fromkeys(names, "hf_12345678")))
for model in load_catalog(Path("models.yaml"), FORMATS).catalog.models:
    if model.format != "embedded":
        nowhere = model.model_copy(update={"base_url": "http://127.0.0.1:9"})
        assert not asyncio.run(router.check(nowhere)).ready
heavy = {"google.genai", "huggingface_hub", "ollama", "openai", "torch", "transformers"}
print(sorted(heavy & set(sys.modules)))
"""
OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS


async def _body(
    router: Router, server: WireServer, dialect: Dialect, level: str | None, **changes: Any
) -> Any:
    server.reply(dialect.text("ok"))
    request = question(dialect.model(server.url, **changes), options=Options(reasoning=level))
    await answered(router, request)
    return server.requests[0].body


# Ollama


async def test_a_model_that_was_not_pulled_names_the_command(
    router: Router, server: WireServer
) -> None:
    server.reply(OLLAMA.error(404, "model 'qwen3.5:4b' not found"))
    error = await failed(router, question(OLLAMA.model(server.url, name="qwen3.5:4b")))
    assert error.kind is ErrorKind.NOT_PULLED
    assert "`ollama pull qwen3.5:4b`" in error.hint


@pytest.mark.parametrize("name", ["qwen3", "qwen3:latest"])
async def test_check_knows_what_has_been_pulled(
    router: Router, server: WireServer, name: str
) -> None:
    server.reply(OLLAMA.models("qwen3:latest", "llama3:8b"))
    assert (await router.check(OLLAMA.model(server.url, name=name))).ready
    readiness = await router.check(OLLAMA.model(server.url, name="llama3"))
    assert (readiness.reason, readiness.params["command"]) == ("not_pulled", "ollama pull llama3")


@pytest.mark.parametrize(
    ("name", "level", "think"),
    [
        ("qwen3", None, None),
        ("qwen3", "off", False),
        ("qwen3", "low", True),
        ("gpt-oss:20b", "low", "low"),
    ],
)
async def test_ollama_thinks_as_asked(
    router: Router, server: WireServer, name: str, level: str | None, think: object
) -> None:
    body = await _body(router, server, OLLAMA, level, name=name)
    assert body.get("think") == think


async def test_ollamas_own_key_is_not_sent_to_a_server_of_another_entry(
    router: Router, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "not-for-this-server")
    server.reply(OLLAMA.text("ok"))
    await answered(router, question(OLLAMA.model(server.url, api_key_env=None)))
    assert "authorization" not in server.requests[0].headers


async def test_ollama_tells_loading_the_model_apart(router: Router, server: WireServer) -> None:
    ending = {**OLLAMA.ending()[0], "load_duration": 2_500_000_000}
    server.reply(OLLAMA.stream([OLLAMA.piece("ok"), ending]))
    got = await answered(router, question(OLLAMA.model(server.url)))
    assert [usage.load_s for usage in got.usage] == [2.5]


async def test_a_schema_the_library_would_cut_is_told_in_words(
    router: Router, server: WireServer
) -> None:
    server.reply(OLLAMA.text("ok"))
    point = {"type": "object", "properties": {"x": {"type": "number", "minimum": 7}}}
    schema = {"type": "object", "properties": {"point": point}}
    tool = ToolSpec("move", "Moves", schema)
    await answered(router, question(OLLAMA.model(server.url), tools=(tool,)))
    assert '"minimum": 7' in server.requests[0].body["tools"][0]["function"]["description"]


# Hugging Face


@pytest.mark.parametrize(
    "refusal",
    [
        HUGGINGFACE.error(404, "no such model"),
        HUGGINGFACE.error(400, "The requested model 'a/b' is not supported by any provider"),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_a_fallback_answers_with_a_notice(
    router: Router, server: WireServer, refusal: Reply, stream: bool
) -> None:
    server.reply(refusal, HUGGINGFACE.text("ok") if stream else HUGGINGFACE.whole("ok"))
    model = HUGGINGFACE.model(server.url, name="a/b", fallbacks=("c/d",))
    got = await answered(router, question(model, stream=stream))
    assert got.notices == [Notice("fallback", {"wanted": "a/b", "used": "c/d"})]
    assert got.text == "ok"
    assert [request.body["model"] for request in server.requests] == ["a/b", "c/d"]


async def test_no_fallback_is_tried_for_another_failure(router: Router, server: WireServer) -> None:
    server.reply(HUGGINGFACE.error(401, "who are you"))
    model = HUGGINGFACE.model(server.url, fallbacks=("c/d",))
    assert (await failed(router, question(model))).kind is ErrorKind.BAD_KEY
    assert len(server.requests) == 1


async def test_when_no_fallback_is_served_either_it_says_so(
    router: Router, server: WireServer
) -> None:
    server.reply(HUGGINGFACE.error(404, "no such model"))
    model = HUGGINGFACE.model(server.url, fallbacks=("c/d", "e/f"))
    assert (await failed(router, question(model))).kind is ErrorKind.NO_MODEL
    assert len(server.requests) == 3


async def test_the_notice_is_told_once_over_retries(router: Router, server: WireServer) -> None:
    gone = HUGGINGFACE.error(404, "no such model")
    busy = HUGGINGFACE.stream([{"error": {"message": "busy", "code": 503}}])
    server.reply(gone, busy, gone, HUGGINGFACE.text("ok"))
    model = HUGGINGFACE.model(server.url, name="a/b", fallbacks=("c/d",), max_retries=1)
    got = await answered(router, question(model))
    assert len(got.notices) == 1


@pytest.mark.parametrize(("key", "reason"), [("sk-wrong-kind-of-key", "bad_key"), ("", "no_key")])
async def test_a_key_that_is_not_hugging_faces_is_told_without_asking(
    tmp_path: Path, key: str, reason: str
) -> None:
    router = Router(Keys(tmp_path / ".env", {"TEST_KEY": key}))
    model = HUGGINGFACE.model("http://unused", base_url=None)
    assert (await failed(router, question(model))).kind.value == reason
    assert (await router.check(model)).reason == reason


# OpenAI-compatible


@pytest.mark.parametrize(
    ("provider", "level", "sent"),
    [
        ("openrouter", "low", {"reasoning": {"effort": "low"}}),
        ("openrouter", "off", {"reasoning": {"enabled": False}}),
        ("my-server", "high", {"reasoning_effort": "high"}),
        ("openrouter", None, {}),
    ],
)
async def test_reasoning_is_asked_for_in_the_servers_way(
    router: Router, server: WireServer, provider: str, level: str | None, sent: Any
) -> None:
    body = await _body(router, server, OPENAI, level, provider=provider)
    assert {key: body[key] for key in body if key.startswith("reasoning")} == sent


@pytest.mark.parametrize("index", [0, None], ids=["all are number 0", "no numbers"])
async def test_calls_that_a_server_numbers_badly_are_kept_apart(
    router: Router, server: WireServer, index: int | None
) -> None:
    def call(call_id: str | None, name: str | None, arguments: str) -> Any:
        piece = {"id": call_id, "function": {"name": name, "arguments": arguments}}
        numbered = {**piece, "index": index} if index is not None else piece
        return {"choices": [{"index": 0, "delta": {"tool_calls": [numbered]}}]}

    chunks = [call("a", "one", "{"), call(None, None, "}"), call("b", "two", "{}")]
    chunks += [call(None, "three", "{}")] if index is None else []
    server.reply(OPENAI.answer(chunks))
    got = await answered(router, question(OPENAI.model(server.url)))
    assert [(c.id, c.name, c.arguments) for c in got.calls[:2]] == [
        ("a", "one", "{}"),
        ("b", "two", "{}"),
    ]
    assert [c.name for c in got.calls[2:]] == (["three"] if index is None else [])


@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE], ids=lambda dialect: dialect.name)
async def test_reasoning_content_is_reasoning_too(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    thought = {"choices": [{"index": 0, "delta": {"reasoning_content": "hm"}}]}
    server.reply(dialect.answer([thought, dialect.piece("ok")]))
    assert (await answered(router, question(dialect.model(server.url)))).reasoning == "hm"


async def test_comments_in_a_stream_are_signs_of_life(router: Router, server: WireServer) -> None:
    reply = OPENAI.text("at last")
    reply.keep_alive_comments = 12
    server.reply(reply)
    model = OPENAI.model(server.url, first_byte=0.3, between_chunks=0.3)
    assert (await answered(router, question(model))).text == "at last"


async def test_a_server_that_lists_no_models_counts_as_ready(
    router: Router, server: WireServer
) -> None:
    server.reply(Reply(404, "text/plain", {}, [b"not here"]))
    assert (await router.check(OPENAI.model(server.url))).ready


@pytest.mark.parametrize(("kind", "ready"), [("cloud", False), ("custom", True)])
async def test_a_name_that_is_not_listed_matters_in_the_cloud_only(
    router: Router, server: WireServer, kind: str, ready: bool
) -> None:
    server.reply(OPENAI.models("other"))
    readiness = await router.check(OPENAI.model(server.url, kind=kind))
    assert readiness.ready is ready
    assert ready or (readiness.reason, readiness.params["model"]) == ("no_model", "some-model")


@pytest.mark.parametrize("body", [b"404 page not found", b'{"detail": "Not Found"}', b"<html>no"])
async def test_an_address_without_the_format_is_not_a_missing_model(
    router: Router, server: WireServer, body: bytes
) -> None:
    server.reply(Reply(404, "text/plain", {}, [body]))
    error = await failed(router, question(OPENAI.model(server.url)))
    assert error.kind is ErrorKind.MALFORMED
    assert "base_url" in error.hint


# Gemini


@pytest.mark.parametrize(
    ("name", "level", "config"),
    [
        ("gemini-3.8-flash", None, {"include_thoughts": True}),
        ("gemini-3.8-flash", "off", {"include_thoughts": False, "thinking_level": "MINIMAL"}),
        ("gemini-3.1-pro-preview", "off", {"include_thoughts": False, "thinking_level": "LOW"}),
        ("gemini-3.8-flash", "high", {"include_thoughts": True, "thinking_level": "HIGH"}),
        ("gemini-2.5-flash", "low", {"include_thoughts": True, "thinking_budget": 1024}),
    ],
)
async def test_gemini_thinks_as_asked(
    router: Router, server: WireServer, name: str, level: str | None, config: Any
) -> None:
    body = await _body(router, server, GEMINI, level, name=name)
    assert body["generationConfig"]["thinkingConfig"] == config


async def test_answers_to_parallel_calls_go_back_together(
    router: Router, server: WireServer
) -> None:
    server.reply(GEMINI.answer(GEMINI.calls()), GEMINI.text("ok"))
    request = question(GEMINI.model(server.url, name="gemini-3.8-flash"))
    calls = tuple((await answered(router, request)).calls)
    answers = [PromptMessage("tool", "x", tool_call_id=call.id, name=call.name) for call in calls]
    asked = (*request.messages, PromptMessage("assistant", "", tool_calls=calls), *answers)
    await answered(router, ChatRequest(request.model, asked))
    made, given = server.requests[1].body["contents"][1:]
    assert [part["functionCall"]["name"] for part in made["parts"]] == ["weather", "clock"]
    assert [part["functionResponse"]["name"] for part in given["parts"]] == ["weather", "clock"]
    signatures = [
        part.get("thoughtSignature") or part.get("thought_signature") for part in made["parts"]
    ]
    assert signatures == ["c2lnbmVk", None]


async def test_another_models_call_is_signed_as_google_asks(
    router: Router, server: WireServer
) -> None:
    server.reply(GEMINI.text("ok"))
    call = ToolCall("call_1", "weather", "{}")
    messages = (PromptMessage("user", "?"), PromptMessage("assistant", "", tool_calls=(call,)))
    model = GEMINI.model(server.url, name="gemini-3.8-flash")
    await answered(router, ChatRequest(model, messages))
    part = server.requests[0].body["contents"][1]["parts"][0]
    assert part.get("thoughtSignature") or part.get("thought_signature")


async def test_a_failed_function_call_says_so(router: Router, server: WireServer) -> None:
    end = GEMINI.ending()[0]
    end["candidates"][0]["finishReason"] = "MALFORMED_FUNCTION_CALL"
    server.reply(GEMINI.stream([end]))
    error = await failed(router, question(GEMINI.model(server.url)))
    assert "MALFORMED_FUNCTION_CALL" in error.message


# The router itself


class _Module(SimpleNamespace):
    """A provider's file, for what no wire can show."""


def _provider(monkeypatch: pytest.MonkeyPatch, stream: Any) -> None:
    monkeypatch.setattr("providers.connector", lambda name: _Module(stream=stream))


async def test_a_status_is_a_sign_of_life(router: Router, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        for step in range(6):
            await asyncio.sleep(0.1)
            yield Status("loading", {}, step / 6)
        yield TextDelta("ok")
        yield Finish(FinishReason.STOP)

    _provider(monkeypatch, stream)
    model = OPENAI.model("http://unused", first_byte=0.3, between_chunks=0.3)
    assert (await answered(router, question(model))).text == "ok"


async def test_a_missing_package_names_the_command(
    router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        import a_package_that_is_not_there  # type: ignore[import-not-found]

        yield TextDelta(str(a_package_that_is_not_there))

    _provider(monkeypatch, stream)
    error = await failed(router, question(OPENAI.model("http://unused")))
    assert error.kind is ErrorKind.NO_PACKAGE
    assert "pip install a_package_that_is_not_there" in error.hint


async def test_a_mistake_of_our_own_is_not_called_an_answer(
    router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta(str(1 / 0))

    _provider(monkeypatch, stream)
    got = await ask(router, question(OPENAI.model("http://unused")))
    assert got.error is not None
    assert got.error.kind is ErrorKind.UNKNOWN
    assert "ZeroDivisionError" in got.error.message


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://api.example.com/v1?key=secret-in-address", ErrorKind.UNREACHABLE),
        ("http://localhost:1/v1", ErrorKind.NOT_RUNNING),
    ],
)
async def test_a_host_that_cannot_be_reached_is_told_from_a_server_not_started(
    router: Router, monkeypatch: pytest.MonkeyPatch, url: str, kind: ErrorKind
) -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        import httpx2

        raise httpx2.ConnectError("Name or service not known")
        yield TextDelta("never")

    _provider(monkeypatch, stream)
    error = await failed(router, question(OPENAI.model("http://unused", base_url=url)))
    assert error.kind is kind
    assert url.partition("?")[0] in error.message
    assert "secret-in-address" not in str(error)


async def test_the_card_reads_in_turkish(router: Router, server: WireServer) -> None:
    server.reply(OPENAI.error(429, "slow down", {"Retry-After": "90"}))
    error = await failed(router, question(OPENAI.model(server.url)))
    assert "90" in error.card.hint("tr")
    assert "…" not in error.card.message("tr") + error.card.hint("tr")


def test_neither_the_router_nor_a_check_imports_an_sdk() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECK_ALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


async def test_a_provider_that_turns_busy_after_the_first_token_is_not_asked_again(
    router: Router, server: WireServer
) -> None:
    busy = {"error": {"message": "overloaded", "code": 503}}
    server.reply(OPENAI.stream([OPENAI.piece("one"), busy]), OPENAI.text("one and all"))
    got = await ask(router, question(OPENAI.model(server.url, max_retries=2)))
    assert got.text == "one"
    assert got.error is not None
    assert got.error.kind is ErrorKind.OVERLOADED
    assert len(server.requests) == 1
