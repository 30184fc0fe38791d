"""Servers that refuse a parameter by name are asked in the form that they take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from core.errors import ErrorKind
from core.events import Notice
from core.request import ChatRequest, Options, PromptMessage
from providers.router import Router
from tests.providers.answers import answered, failed, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer
from tests.support.data import CASES

OPENAI, HUGGINGFACE, *_ = DIALECTS
REFUSALS = json.loads((CASES / "refusals.json").read_text(encoding="utf-8"))
ALL = Options(temperature=0.7, top_p=0.9, max_output_tokens=500, seed=3, stop=("END",))


@pytest.fixture(params=[OPENAI, HUGGINGFACE], ids=lambda dialect: dialect.name)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """The two formats that share chat completions."""
    found: Dialect = request.param
    return found


def refusal(body: Any, status: int = 400) -> Reply:
    said = body if isinstance(body, str) else json.dumps(body)
    return Reply(status, "application/json", {}, [said.encode()])


def case(number: int) -> Reply:
    return refusal(REFUSALS[number]["body"], REFUSALS[number]["status"])


def error(message: str, **fields: Any) -> Reply:
    return refusal({"error": {"message": message, **fields}})


def asked(server: WireServer, number: int) -> Mapping[str, Any]:
    body: Mapping[str, Any] = server.requests[number].body
    return body


@pytest.mark.parametrize("stream", [True, False])
async def test_a_limit_is_sent_under_the_name_the_server_names_and_keeps_it(
    router: Router, server: WireServer, dialect: Dialect, stream: bool
) -> None:
    good = dialect.text("ok") if stream else dialect.whole("ok")
    server.reply(case(0), good)
    request = question(
        dialect.model(server.url), options=Options(max_output_tokens=500), stream=stream
    )
    got = await answered(router, request)
    assert (got.text, got.notices) == ("ok", [])
    assert asked(server, 0)["max_tokens"] == 500
    assert "max_tokens" not in asked(server, 1)
    assert asked(server, 1)["max_completion_tokens"] == 500
    await answered(router, request)
    assert asked(server, 2)["max_completion_tokens"] == 500
    assert len(server.requests) == 3


async def test_what_was_learned_is_known_of_this_model_at_this_address_alone(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    options = Options(max_output_tokens=500)
    server.reply(case(0), dialect.text("ok"))
    await answered(router, question(dialect.model(server.url), options=options))
    await answered(router, question(dialect.model(server.url, name="other"), options=options))
    assert asked(server, 2)["max_tokens"] == 500


async def test_a_setting_that_is_refused_is_left_out_with_a_notice_each_time(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(case(1), dialect.text("ok"))
    request = question(dialect.model(server.url), options=ALL)
    for number in (1, 2):
        got = await answered(router, request)
        assert got.notices == [Notice("unused.temperature")]
        assert "temperature" not in asked(server, number)
        assert asked(server, number)["top_p"] == 0.9
    other = question(dialect.model(server.url), options=Options(top_p=0.9))
    assert (await answered(router, other)).notices == []


async def test_stream_options_are_left_out_without_a_word(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(case(2), dialect.text("ok"))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.text, got.notices) == ("ok", [])
    assert "stream_options" not in asked(server, 1)


@pytest.mark.parametrize(
    "reply",
    [
        case(3),
        refusal({"error": {"message": "System role not supported", "code": 500}}, 500),
        error("Developer instruction is not enabled for models/gemma-3-27b-it"),
        error("Conversation roles must alternate user/assistant/user/assistant/..."),
        error(
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            param="messages[0].role",
            code="unsupported_value",
        ),
    ],
)
async def test_a_system_prompt_that_is_refused_goes_to_the_head_of_the_first_question(
    router: Router, server: WireServer, dialect: Dialect, reply: Reply
) -> None:
    server.reply(reply, dialect.text("ok"))
    turns = [("user", "Bir"), ("assistant", "İki"), ("user", "Üç")]
    messages = tuple(PromptMessage(role, text) for role, text in turns)  # type: ignore[arg-type]
    request = ChatRequest(dialect.model(server.url), messages, system="Kısa yaz.")
    got = await answered(router, request)
    assert got.notices == [Notice("system_in_question")]
    sent = [(m["role"], m["content"]) for m in asked(server, 1)["messages"]]
    assert sent == [("user", "Kısa yaz.\n\nBir"), *turns[1:]]
    plain = await answered(router, question(dialect.model(server.url)))
    assert plain.notices == []


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        (error("Unrecognized request argument supplied: seed"), "seed"),
        (error("Argument not supported on this model: stop"), "stop"),
        (error("`temperature` is deprecated for this model."), "temperature"),
        (error("litellm.UnsupportedParamsError: does not support parameters: ['top_p']"), "top_p"),
        (refusal({"detail": "Unknown field 'seed'"}, 422), "seed"),
        (
            error(
                "Provider returned error",
                code=400,
                metadata={"raw": json.dumps(REFUSALS[1]["body"])},
            ),
            "temperature",
        ),
        (
            error("nope", param="max_tokens", code="unsupported_parameter"),
            "max_tokens",
        ),
    ],
)
async def test_the_name_is_found_in_the_words_too(
    router: Router, server: WireServer, dialect: Dialect, reply: Reply, name: str
) -> None:
    server.reply(reply, dialect.text("ok"))
    got = await answered(router, question(dialect.model(server.url), options=ALL))
    assert set(asked(server, 0)) - set(asked(server, 1)) == {name}
    assert got.notices == [Notice(f"unused.{name}")]


@pytest.mark.parametrize(
    "reply",
    [
        error("'temperature' must be at most 2", param="temperature", code="invalid_value"),
        error("max_tokens is too large: 500. This model supports at most 16.", param="max_tokens"),
        error("Unsupported parameter: 'presence_penalty'"),
        error("'messages' is not supported", param="messages", code="unsupported_value"),
        refusal("Unsupported", 400),
    ],
)
async def test_a_refusal_of_something_else_is_told_at_once(
    router: Router, server: WireServer, dialect: Dialect, reply: Reply
) -> None:
    server.reply(reply)
    request = question(dialect.model(server.url), options=ALL)
    assert (await failed(router, request)).kind is ErrorKind.BAD_REQUEST
    assert len(server.requests) == 1


async def test_each_parameter_is_left_out_once_and_then_the_refusal_stands(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    names = ("seed", "stop", "top_p", "temperature", "max_tokens", "stream_options")
    server.reply(*(error(f"Unsupported parameter: '{name}'") for name in names), case(1))
    request = question(dialect.model(server.url), options=ALL)
    assert (await failed(router, request)).kind is ErrorKind.BAD_REQUEST
    assert len(server.requests) == len(names) + 1
    await failed(router, request)
    assert asked(server, len(names) + 1)["seed"] == 3


async def test_a_limit_that_was_not_sent_is_not_named(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    cut = dialect.stream([dialect.piece("cut"), *dialect.ending("length")])
    server.reply(error("Unsupported parameter: 'max_tokens'"), cut)
    got = await answered(router, question(dialect.model(server.url), options=ALL))
    assert [finish.limit for finish in got.finish] == [None]


async def test_openai_itself_is_asked_in_its_present_form(router: Router) -> None:
    from providers.openai_compatible import _body

    model = OPENAI.model("", base_url="https://api.openai.com/v1")
    body = _body(question(model, options=Options(max_output_tokens=500)))
    assert body["max_completion_tokens"] == 500
