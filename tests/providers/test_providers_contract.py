"""Every wire format gives the same events, errors and manners: one contract for all."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from email.utils import formatdate
from typing import Any

import pytest

from core.errors import ErrorKind
from core.events import Finish, FinishReason, Status, TextDelta, ToolCall
from core.request import ChatRequest, Image, Options, PromptMessage, ToolSpec
from providers.router import Router
from tests.providers.answers import Gathered, answered, ask, failed, first, kinds, question
from tests.providers.dialects import KEY, Dialect, Ollama
from tests.providers.wire_server import Reply, WireServer

SENTENCE = "Çay içtik; 茶 🍵 ve $E=mc^2$."
SOON = 1.0


async def test_text_comes_in_order_then_usage_then_finish(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("Çay ", "içtik; ", "茶 🍵 ", "ve $E=mc^2$."))
    got = await answered(router, question(dialect.model(server.url)))
    assert got.text == SENTENCE
    assert kinds(got.events) == ["Sent", "TextDelta", "Usage", "Finish"]
    assert [(u.input_tokens, u.output_tokens) for u in got.usage] == [(7, 5)]
    assert got.finish == [Finish(FinishReason.STOP, "real-model")]


async def test_text_is_passed_on_before_the_answer_is_complete(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.piece("half")], end="hang"))
    stream = router.stream(question(dialect.model(server.url)))
    assert await asyncio.wait_for(first(stream), 10) == TextDelta("half")
    await stream.aclose()


async def test_reasoning_is_kept_apart_from_the_answer(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    chunks = [dialect.thought("Let me "), dialect.thought("see."), dialect.piece("Four.")]
    server.reply(dialect.answer(chunks))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.reasoning, got.text) == ("Let me see.", "Four.")


async def test_a_think_tag_in_the_text_is_reasoning(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    pieces = ["<th", "ink>\nLet ", "me see.</thi", "nk>\n\nFour", " <think> stays."]
    server.reply(dialect.text(*pieces))
    got = await answered(router, question(dialect.model(server.url)))
    assert (got.reasoning, got.text) == ("Let me see.", "Four <think> stays.")


async def test_parallel_tool_calls_come_whole_and_end_as_tool_calls(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.answer(dialect.calls()))
    got = await answered(router, question(dialect.model(server.url), tools=(WEATHER,)))
    assert [call.name for call in got.calls] == ["weather", "clock"]
    assert [json.loads(call.arguments) for call in got.calls] == [{"city": "İzmir"}, {}]
    assert all(call.id for call in got.calls)
    assert got.calls[0].id != got.calls[1].id
    assert [finish.reason for finish in got.finish] == [FinishReason.TOOL_CALLS]


WEATHER = ToolSpec(
    "weather", "Tells the weather", {"type": "object", "properties": {"city": {"type": "string"}}}
)


async def test_the_request_carries_everything_in_the_providers_shape(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("ok"))
    image = Image("image/png", b"\x89PNG")
    call = ToolCall("call_1", "weather", '{"city": "Ankara"}')
    messages = (
        PromptMessage("user", "Look", images=(image,)),
        PromptMessage("assistant", "Hm", tool_calls=(call,)),
        PromptMessage("tool", "sunny", tool_call_id="call_1", name="weather"),
    )
    options = Options(temperature=0.5, top_p=0.9, max_output_tokens=64, seed=3, stop=("END",))
    request = ChatRequest(
        dialect.model(server.url), messages, system="Be brief.", options=options, tools=(WEATHER,)
    )
    await answered(router, request)
    assert dialect.seen(server.requests[0]) == {
        "model": "some-model",
        "system": "Be brief.",
        "turns": [("user", "Look", 1, 0), ("assistant", "Hm", 0, 1), ("tool", "sunny", 0, 0)],
        "tools": ["weather"],
        "sampling": [0.5, 0.9, 64, 3],
        "key": KEY,
    }


async def test_what_nobody_set_is_not_sent(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("ok"))
    await answered(router, question(dialect.model(server.url)))
    seen = dialect.seen(server.requests[0])
    assert seen["sampling"] == [None, None, None, None]
    assert (seen["system"], seen["tools"]) == ("", [])


async def test_images_are_left_out_for_a_model_that_cannot_see(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("ok"))
    message = PromptMessage("user", "Look", images=(Image("image/png", b"\x89PNG"),))
    await answered(router, ChatRequest(dialect.model(server.url, vision=False), (message,)))
    assert dialect.seen(server.requests[0])["turns"] == [("user", "Look", 0, 0)]


async def test_headers_of_the_entry_are_sent(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("ok"))
    await answered(router, question(dialect.model(server.url, headers={"X-Title": "Divan"})))
    assert server.requests[0].headers["x-title"] == "Divan"


async def test_an_answer_without_streaming_comes_in_one_piece(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.whole(SENTENCE))
    got = await answered(router, question(dialect.model(server.url), stream=False))
    assert [e.text for e in got.events if isinstance(e, TextDelta)] == [SENTENCE]
    assert kinds(got.events) == ["Sent", "TextDelta", "Usage", "Finish"]


async def test_a_model_that_cannot_stream_is_asked_without(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.whole("ok"))
    got = await answered(router, question(dialect.model(server.url, streaming=False)))
    assert got.text == "ok"


async def test_length_is_told_from_stop(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.piece("cut"), *dialect.ending("length")]))
    got = await answered(router, question(dialect.model(server.url)))
    assert [finish.reason for finish in got.finish] == [FinishReason.LENGTH]


async def test_a_blocked_answer_is_an_error_that_says_so(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    if isinstance(dialect, Ollama):
        pytest.skip("Ollama has no filter")
    server.reply(dialect.stream([dialect.piece("I "), *dialect.ending("content_filter")]))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.text == "I "
    assert got.error is not None
    assert got.error.kind is ErrorKind.BLOCKED


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "temperature must be at most 2", ErrorKind.BAD_REQUEST),
        (400, "API key not valid. Please pass a valid API key.", ErrorKind.BAD_KEY),
        (400, "This model's maximum context length is 4096 tokens", ErrorKind.TOO_LONG),
        (422, "`inputs` tokens + `max_new_tokens` must be <= 4097.", ErrorKind.TOO_LONG),
        (401, "who are you", ErrorKind.BAD_KEY),
        (402, "please pay", ErrorKind.NO_CREDIT),
        (403, "terms not accepted", ErrorKind.FORBIDDEN),
        (429, "slow down", ErrorKind.RATE_LIMITED),
        (429, "You exceeded your current quota, check billing", ErrorKind.NO_CREDIT),
        (500, "oops", ErrorKind.SERVER),
        (503, "The model is overloaded", ErrorKind.OVERLOADED),
        (301, "moved", ErrorKind.MALFORMED),
    ],
)
async def test_a_refusal_becomes_the_error_that_names_the_next_step(
    router: Router,
    server: WireServer,
    dialect: Dialect,
    status: int,
    message: str,
    kind: ErrorKind,
) -> None:
    server.reply(dialect.error(status, message))
    error = await failed(router, question(dialect.model(server.url)))
    assert error.kind is kind
    assert error.card.params["detail"] == message
    assert error.card.params["provider"] == "Tested"
    assert "…" not in error.message + error.hint
    assert len(server.requests) == 1


async def test_a_refusal_without_end_is_read_for_its_beginning(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(Reply(401, "text/plain", parts=[b"who are you " * 512], end="endless"))
    error = await asyncio.wait_for(failed(router, question(dialect.model(server.url))), 10)
    assert error.kind is ErrorKind.BAD_KEY
    await asyncio.wait_for(server.hung_up.wait(), SOON)


async def test_a_busy_provider_is_asked_again_after_the_wait_it_named(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    busy = dialect.error(429, "slow down", {"Retry-After": "0.2"})
    server.reply(busy, dialect.error(503, "overloaded", {"Retry-After": "0"}), dialect.text("ok"))
    began = time.monotonic()
    got = await answered(router, question(dialect.model(server.url, max_retries=5)))
    assert time.monotonic() - began >= 0.2
    assert got.text == "ok"
    assert [(s.key, s.params["attempt"], s.params["of"]) for s in got.statuses] == [
        ("rate_limited", "1", "5"),
        ("overloaded", "2", "5"),
    ]
    assert got.statuses[0].params["provider"] == "Tested"


async def test_what_another_try_cannot_mend_is_asked_once(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.error(401, "wrong key", {"Retry-After": "0"}))
    error = await failed(router, question(dialect.model(server.url, max_retries=2)))
    assert error.kind is ErrorKind.BAD_KEY
    assert len(server.requests) == 1


@pytest.mark.parametrize("most", [0, 1, 5])
async def test_it_is_asked_again_as_often_as_the_entry_says(
    router: Router, server: WireServer, dialect: Dialect, most: int
) -> None:
    server.reply(dialect.error(429, "slow down", {"Retry-After": "0"}))
    error = await failed(router, question(dialect.model(server.url, max_retries=most)))
    assert error.kind is ErrorKind.RATE_LIMITED
    assert len(server.requests) == 1 + most


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_a_wait_longer_than_allowed_fails_at_once_and_is_named(
    router: Router, server: WireServer, dialect: Dialect, form: str
) -> None:
    value = "90" if form == "seconds" else formatdate(time.time() + 90, usegmt=True)
    server.reply(dialect.error(429, "slow down", {"Retry-After": value}))
    error = await failed(router, question(dialect.model(server.url, max_retries=2)))
    assert len(server.requests) == 1
    assert 88 <= int(error.card.params["wait"]) <= 90
    assert error.card.params["wait"] in error.hint


async def test_the_wait_before_a_retry_can_be_stopped(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.error(429, "slow down", {"Retry-After": "50"}))
    waiting = asyncio.Event()

    async def consume() -> None:
        async for event in router.stream(question(dialect.model(server.url, max_retries=2))):
            if isinstance(event, Status):
                waiting.set()

    task = asyncio.create_task(consume())
    await asyncio.wait_for(waiting.wait(), 10)
    await _cancelled(task)
    assert len(server.requests) == 1


async def test_nothing_is_asked_again_after_the_first_token(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.piece("one"), dialect.error_chunk("overloaded")]))
    got = await ask(router, question(dialect.model(server.url, max_retries=2)))
    assert got.text == "one"
    assert got.error is not None
    assert len(server.requests) == 1


async def test_an_error_in_the_stream_keeps_the_providers_words(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.piece("a"), dialect.error_chunk("the GPU fell over")]))
    error = await failed(router, question(dialect.model(server.url)))
    assert error.kind in (ErrorKind.SERVER, ErrorKind.UNKNOWN)
    assert "the GPU fell over" in error.message


async def test_nobody_listening_says_where_and_what_to_start(
    router: Router, dialect: Dialect
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = await failed(router, question(dialect.model(url)))
    assert error.kind is ErrorKind.NOT_RUNNING
    assert url in error.message
    assert "…`" not in error.hint or not isinstance(dialect, Ollama)
    assert not isinstance(dialect, Ollama) or "ollama serve" in error.hint


@pytest.mark.parametrize(
    ("pieces", "kind"), [(["half an "], ErrorKind.CUT_OFF), ([], ErrorKind.HUNG_UP)]
)
async def test_a_cut_connection_says_whether_anything_came(
    router: Router, server: WireServer, dialect: Dialect, pieces: list[str], kind: ErrorKind
) -> None:
    server.reply(dialect.stream([dialect.piece(text) for text in pieces], end="cut"))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.text == "".join(pieces)
    assert got.error is not None
    assert got.error.kind is kind
    assert ("What came is kept" in got.error.hint) is bool(pieces)


async def test_an_answer_without_its_end_was_cut_off(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.unended([dialect.piece("half an ")]))
    got = await ask(router, question(dialect.model(server.url)))
    assert (got.text, got.finish) == ("half an ", [])
    assert got.error is not None
    assert got.error.kind is ErrorKind.CUT_OFF


@pytest.mark.parametrize(
    "body",
    [
        b"\n\n",
        b"<!DOCTYPE html>\n<html><body>{ Welcome }</body></html>",
        b"just text\nand more\n",
        b'data: {"choices": [{"delta": {"content": "a"\n\n',
        b'{"message": {"role": "assistant", "content": "a"\n',
        b"data: null\n\n",
        b"data: [1, 2]\n\n",
        b'data: {"choices": 7, "candidates": 7}\n\n',
        b'data: {"choices": [{"delta": 7}], "candidates": [{"content": 7}]}\n\n',
        b'{"message": 7}\n',
        b"[]\n",
        b"data: \xff\xfe\n\n",
        b"\xff\xfe\n",
        b"data: " + b"[" * 20000 + b"\n\n",
        b"[" * 20000 + b"\n",
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_what_is_no_answer_is_called_so(
    router: Router, server: WireServer, dialect: Dialect, body: bytes, stream: bool
) -> None:
    html = body.startswith(b"<")
    server.reply(Reply(content_type="text/html" if html else "text/event-stream", parts=[body]))
    error = await failed(router, question(dialect.model(server.url), stream=stream))
    assert error.kind in (ErrorKind.MALFORMED, ErrorKind.CUT_OFF)
    assert not html or error.kind is ErrorKind.MALFORMED


@pytest.mark.parametrize("mute", [True, False], ids=["not even headers", "headers only"])
async def test_silence_before_the_first_byte_ends_the_call(
    router: Router, server: WireServer, dialect: Dialect, mute: bool
) -> None:
    server.reply(dialect.stream([], mute=mute, end="hang"))
    error = await failed(router, question(dialect.model(server.url, first_byte=0.2)))
    assert error.kind is ErrorKind.SILENT
    assert error.card.params["wait"] == "0.2"
    await asyncio.wait_for(server.hung_up.wait(), SOON)


async def test_silence_in_the_middle_ends_the_call_and_keeps_what_came(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([dialect.piece("half")], end="hang"))
    got = await ask(router, question(dialect.model(server.url, between_chunks=0.2)))
    assert got.text == "half"
    assert got.error is not None
    assert got.error.kind is ErrorKind.SILENT
    await asyncio.wait_for(server.hung_up.wait(), SOON)


async def test_stop_during_silence_closes_the_connection(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.stream([], mute=True))
    task = asyncio.create_task(ask(router, question(dialect.model(server.url))))
    await asyncio.wait_for(server.served.wait(), 10)
    await _cancelled(task)
    await asyncio.wait_for(server.hung_up.wait(), SOON)
    assert task.cancelled()


@pytest.mark.parametrize("how", ["cancel", "aclose"])
async def test_stop_in_mid_answer_closes_the_connection(
    router: Router, server: WireServer, dialect: Dialect, how: str
) -> None:
    server.reply(dialect.stream([dialect.piece("half")], end="hang"))
    stream = router.stream(question(dialect.model(server.url)))
    assert await asyncio.wait_for(first(stream), 10) == TextDelta("half")
    if how == "aclose":
        await stream.aclose()
    else:
        task = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        await _cancelled(task)
    await asyncio.wait_for(server.hung_up.wait(), SOON)


async def test_the_end_without_hanging_up_is_an_end(
    router: Router, server: WireServer, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.silence.AFTER_FINISH", 0.2)
    chunks = [dialect.piece("all"), *dialect.ending()]
    server.reply(dialect.stream(chunks, end="hang"))
    got = await answered(router, question(dialect.model(server.url)))
    assert got.text == "all"
    assert len(got.finish) == 1


async def test_half_characters_are_joined_or_replaced(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    reply = dialect.text("<1>", "<2>", "<3>")
    halves = {b"<1>": b"a\\ud83d", b"<2>": b"\\ude00b", b"<3>": b"c\\ud83d"}
    for mark, half in halves.items():
        reply.parts = [part.replace(mark, half) for part in reply.parts]
    server.reply(reply)
    got = await answered(router, question(dialect.model(server.url), text="x\ud83d y"))
    assert got.text == "a😀bc\N{REPLACEMENT CHARACTER}"
    assert dialect.seen(server.requests[0])["turns"][0][1] == "x\N{REPLACEMENT CHARACTER} y"


async def test_two_answers_at_once_do_not_mix(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(*(dialect.text(*[f"{n} "] * 20) for n in range(8)), dialect.text("late"))
    request = question(dialect.model(server.url))
    got: list[Gathered] = await asyncio.gather(*(answered(router, request) for _ in range(8)))
    assert sorted(one.text for one in got) == [f"{n} " * 20 for n in range(8)]


async def test_check_says_ready_for_a_model_that_is_there(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.models("some-model", "other-model"))
    assert (await router.check(dialect.model(server.url))).ready
    assert server.requests[0].method == "GET"


async def test_check_says_which_key_was_refused(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.error(401, "who are you"))
    readiness = await router.check(dialect.model(server.url))
    assert (readiness.ready, readiness.reason) == (False, "bad_key")
    assert readiness.params["key"] == "TEST_KEY"


async def test_check_says_that_nothing_listens(router: Router, dialect: Dialect) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        readiness = await router.check(dialect.model(f"http://127.0.0.1:{free.getsockname()[1]}"))
    assert (readiness.ready, readiness.reason) == (False, "not_running")


async def test_the_models_on_offer_are_listed(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.models("some-model", "other-model"))
    offered = await router.list_models(dialect.model(server.url))
    assert [entry.name for entry in offered] == ["some-model", "other-model"]


async def _cancelled(task: asyncio.Future[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, SOON)
