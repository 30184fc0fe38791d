"""Answers that end without a word: each says why, keeps its thoughts and its usage."""

from __future__ import annotations

import json

import pytest

from core.errors import ErrorKind
from core.events import Finish, FinishReason, Notice
from core.request import Options
from providers.router import Router
from tests.providers.answers import answered, ask, kinds, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer
from tests.support.data import CASES

OPENAI, HUGGINGFACE, _, GEMINI = DIALECTS
CHAT_COMPLETIONS = pytest.mark.parametrize(
    "dialect", [OPENAI, HUGGINGFACE], ids=lambda dialect: dialect.name
)


def _case(name: str) -> Reply:
    return Reply(parts=[(CASES / f"{name}.sse").read_bytes()])


@CHAT_COMPLETIONS
@pytest.mark.parametrize("name", ["only-thoughts-then-length", "only-an-open-think-tag"])
@pytest.mark.parametrize(
    ("limit", "kind"),
    [(400, ErrorKind.ONLY_THOUGHTS_LIMIT), (None, ErrorKind.ONLY_THOUGHTS_LENGTH)],
)
async def test_thoughts_that_took_all_tokens_are_told_with_the_limit_that_was_sent(
    router: Router,
    server: WireServer,
    dialect: Dialect,
    name: str,
    limit: int | None,
    kind: ErrorKind,
) -> None:
    server.reply(_case(name))
    options = Options(max_output_tokens=limit)
    got = await ask(router, question(dialect.model(server.url), options=options))
    assert got.reasoning.startswith("Uzun bir düşünce.")
    assert [usage.output_tokens for usage in got.usage] == [400]
    assert got.error is not None
    assert got.error.kind is kind
    assert (str(limit) in got.error.message) == (limit is not None)
    assert got.text == ""


async def test_thoughts_that_are_only_counted_are_thoughts_too(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream(dialect.ending("length")))
    options = Options(max_output_tokens=64)
    got = await ask(router, question(dialect.model(server.url), options=options))
    counted = any(usage.reasoning_tokens for usage in got.usage)
    assert got.error is not None
    assert got.error.kind is (ErrorKind.ONLY_THOUGHTS_LIMIT if counted else ErrorKind.EMPTY)


async def test_thoughts_that_end_without_an_answer_are_told(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.answer([dialect.thought("Hm.")]))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.reasoning == "Hm."
    assert got.error is not None
    assert got.error.kind is ErrorKind.ONLY_THOUGHTS


@CHAT_COMPLETIONS
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nothing-then-stop", ErrorKind.EMPTY),
        ("only-white-space", ErrorKind.EMPTY),
        ("only-a-picture", ErrorKind.ONLY_PICTURE),
    ],
)
async def test_an_answer_without_a_word_is_no_answer(
    router: Router, server: WireServer, dialect: Dialect, name: str, kind: ErrorKind
) -> None:
    server.reply(_case(name))
    got = await ask(router, question(dialect.model(server.url)))
    assert (got.text, got.notices) == ("", [])
    assert got.error is not None
    assert got.error.kind is kind


async def test_white_space_is_no_answer_in_any_format(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.whole(" \n\n"))
    got = await ask(router, question(dialect.model(server.url), stream=False))
    assert got.text == ""
    assert got.error is not None
    assert got.error.kind in (ErrorKind.EMPTY, ErrorKind.ONLY_THOUGHTS)


async def test_white_space_before_the_first_word_stays(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("\n", "  ", "x = 1", "\n"))
    assert (await answered(router, question(dialect.model(server.url)))).text == "\n  x = 1\n"


async def test_calls_alone_are_an_answer(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.answer([dialect.piece("\n\n"), *dialect.calls()]))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.text, len(got.calls)) == ("", 2)


async def test_a_picture_beside_text_is_told(router: Router, server: WireServer) -> None:
    picture = {"choices": [{"index": 0, "delta": {"images": [{"type": "image_url"}]}}]}
    server.reply(OPENAI.answer([picture, OPENAI.piece("Buyurun.")]))
    got = await answered(router, question(OPENAI.model(server.url)))
    assert (got.text, got.notices) == ("Buyurun.", [Notice("picture")])


async def test_geminis_picture_alone_is_told(router: Router, server: WireServer) -> None:
    end = GEMINI.ending()[0]
    picture = {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}}
    end["candidates"][0]["content"]["parts"] = [picture]
    server.reply(GEMINI.stream([end]))
    got = await ask(router, question(GEMINI.model(server.url)))
    assert got.error is not None
    assert got.error.kind is ErrorKind.ONLY_PICTURE


@CHAT_COMPLETIONS
@pytest.mark.parametrize("stream", [True, False])
async def test_a_models_refusal_is_shown_as_its_answer(
    router: Router, server: WireServer, dialect: Dialect, stream: bool
) -> None:
    said = {"content": None, "refusal": "Bunu yapamam."}
    part = "delta" if stream else "message"
    choice = {"index": 0, part: said, "finish_reason": "stop"}
    body = {"id": "x", "created": 1, "model": "m", "choices": [choice]}
    server.reply(dialect.stream([body]) if stream else _json(body))
    got = await answered(router, question(dialect.model(server.url), stream=stream))
    assert got.text == "Bunu yapamam."


def _json(body: object) -> Reply:

    return Reply(content_type="application/json", parts=[json.dumps(body).encode()])


async def test_the_limit_that_was_sent_is_kept_with_an_answer_that_reached_it(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.piece("cut"), *dialect.ending("length")]))
    options = Options(max_output_tokens=64)
    got = await answered(router, question(dialect.model(server.url), options=options))
    assert got.finish == [Finish(FinishReason.LENGTH, "real-model", 64)]


async def test_an_answer_that_ended_by_itself_keeps_no_limit(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("all"))
    options = Options(max_output_tokens=64)
    got = await answered(router, question(dialect.model(server.url), options=options))
    assert got.finish == [Finish(FinishReason.STOP, "real-model")]


@CHAT_COMPLETIONS
async def test_done_is_an_end_without_a_finish_reason(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    chunks = [dialect.piece("Merhaba."), *dialect.calls()[:-1], dialect.ending()[-1]]
    server.reply(dialect.stream(chunks))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.text, len(got.calls)) == ("Merhaba.", 2)
    assert [usage.output_tokens for usage in got.usage] == [5]
    assert [finish.reason for finish in got.finish] == [FinishReason.TOOL_CALLS]


@CHAT_COMPLETIONS
async def test_a_whole_answer_needs_no_finish_reason(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Merhaba."}}
    server.reply(_json({"id": "x", "created": 1, "model": "m", "choices": [choice]}))
    got = await answered(router, question(dialect.model(server.url), stream=False))
    assert (got.text, got.finish) == ("Merhaba.", [Finish(FinishReason.STOP, "m")])


@CHAT_COMPLETIONS
@pytest.mark.parametrize("ending", [b"\n\n", b"\r\n\r\n", b""])
async def test_an_error_line_in_a_stream_keeps_the_servers_words(
    router: Router, server: WireServer, dialect: Dialect, ending: bytes
) -> None:
    said = {"code": 500, "message": "the GPU fell over", "type": "server_error"}
    begun = dialect.unended([dialect.piece("Mer")])
    line = b"error: " + json.dumps(said).encode() + ending
    server.reply(Reply(parts=[*begun.parts, line]))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.text == "Mer"
    assert got.error is not None
    assert got.error.kind is ErrorKind.SERVER
    assert "the GPU fell over" in got.error.message


async def test_text_before_a_closing_tag_alone_turns_out_to_be_reasoning(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("\nÖnce ", "düşüneyim.\n</th", "ink>\n", "\nYanıt budur."))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.reasoning.strip(), got.text) == ("Önce düşüneyim.", "Yanıt budur.")
    assert kinds(got.events) == [
        "Sent", "TextDelta", "TextWasReasoning", "TextDelta", "Usage", "Finish",
    ]  # fmt: skip


async def test_a_closing_tag_beside_thoughts_of_their_own_is_text(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.answer([dialect.thought("Hm."), dialect.piece("a</think>b")]))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.reasoning, got.text) == ("Hm.", "a</think>b")


async def test_thoughts_without_an_opening_tag_and_nothing_behind_them_are_no_answer(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("Önce düşüneyim.</think>", "\n"))
    got = await ask(router, question(dialect.model(server.url)))
    assert (got.reasoning, got.text) == ("Önce düşüneyim.", "")
    assert got.error is not None
    assert got.error.kind is ErrorKind.ONLY_THOUGHTS
