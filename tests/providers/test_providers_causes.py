"""What is at fault: the address, the key, the model's name, or the computer it runs on."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import Any

import pytest

from core.errors import ErrorKind
from core.events import StreamEvent, TextDelta
from core.request import ChatRequest
from providers.router import Router
from tests.providers.answers import answered, failed, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS


def refusal(status: int, body: Any) -> Reply:
    text = body if isinstance(body, str) else json.dumps(body)
    return Reply(status, "application/json", {}, [text.encode()])


def error_object(message: str, **keys: Any) -> dict[str, Any]:
    return {"error": {"message": message, **keys}}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, "404 page not found\n"),
        (404, error_object("Invalid URL (POST /chat/completions)", type="invalid_request_error")),
        (404, error_object("File Not Found", code=404, type="not_found_error")),
        (404, error_object("Unknown request URL: POST /v1beta/models/some-model:generate")),
        (404, {"detail": "Not Found"}),
        (404, {"message": "no Route matched with those values"}),
        (404, {"error": "Sayfa bulunamadı", "path": "/v1/models/some-model"}),
        (404, ""),
        (405, {"detail": "Method Not Allowed"}),
        (501, "<html>Unsupported method</html>"),
    ],
)
async def test_an_address_where_this_format_is_not_spoken_is_named(
    router: Router, server: WireServer, dialect: Dialect, status: int, body: Any
) -> None:
    server.reply(refusal(status, body))
    error = await failed(router, question(dialect.model(server.url)))
    assert error.kind is ErrorKind.MALFORMED
    assert "`base_url`" in error.hint
    assert server.url in error.message


@pytest.mark.parametrize(
    "body",
    [
        error_object("The model `x` does not exist", code="model_not_found"),
        error_object("No endpoints found for some-model", code=404),
        error_object("some-model bulunamadı"),
        error_object("The API deployment for this resource does not exist.", code="404"),
        {"error": "model 'some-model' not found"},
    ],
)
async def test_a_404_that_names_the_model_is_about_its_name(
    router: Router, server: WireServer, dialect: Dialect, body: Any
) -> None:
    server.reply(refusal(404, body))
    error = await failed(router, question(dialect.model(server.url)))
    assert error.kind in (ErrorKind.NO_MODEL, ErrorKind.NOT_PULLED)
    assert (error.kind is ErrorKind.NOT_PULLED) is (dialect is OLLAMA)


async def test_check_names_the_wrong_kind_of_server(router: Router, server: WireServer) -> None:
    server.reply(refusal(404, error_object("File Not Found", code=404)))
    readiness = await router.check(OLLAMA.model(server.url))
    assert (readiness.ready, readiness.reason) == (False, "malformed")
    assert readiness.params["url"] == server.url


@pytest.mark.parametrize(
    ("body", "ready"),
    [
        (error_object("Not found", code=404), True),
        (error_object("models/some-model is not found for API version v1beta", code=404), False),
    ],
)
async def test_a_gateway_that_cannot_look_up_a_gemini_model_counts_as_ready(
    router: Router, server: WireServer, body: Any, ready: bool
) -> None:
    server.reply(refusal(404, body))
    readiness = await router.check(GEMINI.model(server.url))
    assert readiness.ready is ready
    assert ready or readiness.reason == "no_model"


@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE, OLLAMA], ids=lambda one: one.name)
async def test_a_server_that_wants_a_key_where_none_is_configured(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.error(401, "who are you"))
    model = dialect.model(server.url, api_key_env=None)
    error = await failed(router, question(model))
    assert error.kind is ErrorKind.KEY_WANTED
    assert "`api_key_env`" in error.hint
    assert "authorization" not in server.requests[0].headers
    assert (await router.check(model)).reason == "key_wanted"


@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE, OLLAMA], ids=lambda one: one.name)
async def test_an_authorization_of_the_entrys_own_is_sent_as_it_stands(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("ok"))
    headers = {"authorization": "Basic YTpi"}
    model = dialect.model(server.url, api_key_env=None, headers=headers)
    assert (await answered(router, question(model))).text == "ok"
    assert server.requests[0].headers["authorization"] == "Basic YTpi"


MEMORY = [
    "model requires more system memory (9.7 GiB) than is available (5.1 GiB)",
    "llama runner process has terminated: cudaMalloc failed: out of memory",
    "CUDA out of memory. Tried to allocate 2.00 GiB.",
    "Failed to load model",
    "std::bad_alloc",
]


@pytest.mark.parametrize("kind", ["local", "custom"])
@pytest.mark.parametrize("words", MEMORY)
async def test_too_little_memory_is_the_computers_and_not_asked_again(
    router: Router, server: WireServer, dialect: Dialect, words: str, kind: str
) -> None:
    server.reply(dialect.error(500, words))
    error = await failed(router, question(dialect.model(server.url, kind=kind, max_retries=2)))
    assert error.kind is ErrorKind.NO_MEMORY
    assert words[:40] in error.message
    assert len(server.requests) == 1


async def test_too_little_memory_in_the_stream_is_the_computers(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.error_chunk("CUDA error: out of memory")]))
    error = await failed(router, question(dialect.model(server.url, kind="custom")))
    assert error.kind is ErrorKind.NO_MEMORY


async def test_a_missing_driver_is_named(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    words = "CUDA error: no CUDA-capable device is detected"
    server.reply(dialect.error(500, words))
    error = await failed(router, question(dialect.model(server.url, kind="local")))
    assert error.kind is ErrorKind.NO_GPU


async def test_the_memory_of_a_cloud_is_an_error_of_its_own(
    router: Router, server: WireServer
) -> None:
    server.reply(OPENAI.error(500, "CUDA out of memory"))
    error = await failed(router, question(OPENAI.model(server.url, kind="cloud")))
    assert error.kind is ErrorKind.SERVER


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"
        ),
    ],
    ids=["python", "torch"],
)
async def test_memory_that_runs_out_inside_the_program_is_named(
    router: Router, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        raise error
        yield TextDelta("never")

    monkeypatch.setattr("providers.connector", lambda name: SimpleNamespace(stream=stream))
    model = OPENAI.model("http://unused", kind="local", format="embedded")
    assert (await failed(router, question(model))).kind is ErrorKind.NO_MEMORY


@pytest.mark.parametrize(
    "body",
    [
        error_object("The total length of all messages is too long"),
        error_object("Bad request", type="too_many_prompt_tokens"),
    ],
)
async def test_a_conversation_that_is_too_long_is_known_in_perplexitys_words(
    router: Router, server: WireServer, body: Any
) -> None:
    server.reply(refusal(400, body))
    error = await failed(router, question(OPENAI.model(server.url)))
    assert error.kind is ErrorKind.TOO_LONG
