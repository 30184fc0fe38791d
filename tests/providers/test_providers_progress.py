"""What had come when an answer went wrong, or came otherwise than it was asked for."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import ErrorKind
from core.events import TextDelta
from providers.router import Router
from tests.providers.answers import answered, ask, first, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS


@pytest.mark.parametrize("junk", [b"data: {{{\n\n", b"{{{\n", b"data: \xff\xfe\n\n"])
async def test_rubbish_after_good_text_cuts_the_answer_off(
    router: Router, server: WireServer, dialect: Dialect, junk: bytes
) -> None:
    reply = dialect.stream([dialect.piece("good text")])
    reply.parts = [*[part for part in reply.parts if b"DONE" not in part], junk]
    server.reply(reply)
    got = await ask(router, question(dialect.model(server.url)))
    assert got.text == "good text"
    assert got.error is not None
    assert got.error.kind in (ErrorKind.GARBLED, ErrorKind.CUT_OFF)
    assert "base_url" not in got.error.hint
    assert "kept" in got.error.hint


@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE, OLLAMA], ids=lambda one: one.name)
async def test_a_server_that_answers_in_one_piece_all_the_same_is_read(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.whole("all at once"))
    got = await answered(router, question(dialect.model(server.url)))
    assert got.text == "all at once"
    assert [(usage.input_tokens, usage.output_tokens) for usage in got.usage] == [(7, 5)]


@pytest.mark.parametrize("dialect", [OPENAI, HUGGINGFACE], ids=lambda one: one.name)
async def test_a_stream_under_the_content_type_of_a_document_is_read_as_it_comes(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    reply = dialect.stream([dialect.piece("half")], end="hang")
    reply.content_type = "application/json"
    server.reply(reply)
    stream = router.stream(question(dialect.model(server.url)))
    assert await asyncio.wait_for(first(stream), 10) == TextDelta("half")
    await stream.aclose()


@pytest.mark.parametrize("body", [b"{}", b"[]", b"[1]", b"{", b" "])
async def test_a_document_that_is_no_answer_is_called_so(
    router: Router, server: WireServer, dialect: Dialect, body: bytes
) -> None:
    server.reply(Reply(content_type="application/json", parts=[body]))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.error is not None
    assert got.error.kind in (ErrorKind.MALFORMED, ErrorKind.HUNG_UP)


async def test_a_fallback_that_answers_in_one_piece_is_named(
    router: Router, server: WireServer
) -> None:
    server.reply(HUGGINGFACE.error(404, "no such model"), HUGGINGFACE.whole("ok"))
    model = HUGGINGFACE.model(server.url, name="a/b", fallbacks=("c/d",))
    got = await answered(router, question(model))
    assert (got.text, [notice.params["used"] for notice in got.notices]) == ("ok", ["c/d"])
