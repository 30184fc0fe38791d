"""What is asked again before the first word, how often, and after which waits."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack

import pytest

from core.catalog import Limits, Model, ModelRow, ProviderRow, resolve
from core.errors import ErrorKind
from core.texts import translate
from providers.router import Router
from tests.providers.answers import answered, ask, failed, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer, serve

OPENAI = DIALECTS[0]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits before each retry, in seconds, which take no time."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("providers.router.pause", wait)
    return waited


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def resolved(url: str, limits: Limits, **keys: object) -> Model:
    """An entry of a cloud provider as `models.yaml` gives it."""
    row = ModelRow.model_validate({"id": "m", "provider": "p", "name": "some-model", **keys})
    return resolve(row, ProviderRow(format="openai_compatible", base_url=f"{url}/v1"), limits)


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 524])
async def test_a_server_that_failed_once_is_asked_again(
    router: Router, server: WireServer, dialect: Dialect, waits: list[float], status: int
) -> None:
    server.reply(dialect.error(status, "oops"), dialect.text("ok"))
    got = await answered(router, question(dialect.model(server.url, max_retries=2)))
    assert (got.text, waits) == ("ok", [1.0])


async def test_a_connection_dropped_before_the_first_byte_is_tried_again(
    router: Router, server: WireServer, dialect: Dialect, waits: list[float]
) -> None:
    server.reply(Reply(drop=True), dialect.stream([], end="cut"), dialect.text("ok"))
    got = await answered(router, question(dialect.model(server.url, max_retries=2)))
    assert (got.text, len(waits)) == ("ok", 2)
    assert {status.key for status in got.statuses} == {"hung_up"}


async def test_an_answer_without_a_single_byte_is_tried_again(
    router: Router, server: WireServer, dialect: Dialect, waits: list[float]
) -> None:
    server.reply(Reply(), dialect.text("ok"))
    got = await answered(router, question(dialect.model(server.url, max_retries=1)))
    assert got.text == "ok"


async def test_a_connection_that_is_dropped_each_time_says_that_nothing_came(
    router: Router, server: WireServer, dialect: Dialect, waits: list[float]
) -> None:
    server.reply(Reply(drop=True))
    error = await failed(router, question(dialect.model(server.url, max_retries=3)))
    assert error.kind is ErrorKind.HUNG_UP
    assert "kept" not in error.message + error.hint
    assert len(server.requests) == 4


async def test_an_address_that_refused_once_is_tried_again(
    router: Router, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    async with AsyncExitStack() as stack:

        async def wait(seconds: float) -> None:
            started = await stack.enter_async_context(serve(port))
            started.reply(dialect.text("ok"))

        monkeypatch.setattr("providers.router.pause", wait)
        model = dialect.model(f"http://127.0.0.1:{port}", max_retries=2)
        got = await answered(router, question(model))
    assert got.text == "ok"
    assert [status.key for status in got.statuses] == ["not_running"]


async def test_a_server_of_this_machine_that_does_not_run_is_reported_after_one_short_wait(
    router: Router, dialect: Dialect, waits: list[float]
) -> None:
    model = dialect.model(f"http://127.0.0.1:{free_port()}", max_retries=5, retry_delay=60)
    assert (await failed(router, question(model))).kind is ErrorKind.NOT_RUNNING
    assert waits == [0.5]


@pytest.mark.parametrize(
    ("delay", "longest", "expected"),
    [(1, 60, [1, 2, 4, 8, 16]), (20, 60, [20, 40, 60, 60, 60]), (0, 60, [0] * 5), (2, 0, [0] * 5)],
)
async def test_the_waits_double_from_retry_delay_up_to_the_longest_allowed(
    router: Router, server: WireServer, waits: list[float], delay: int, longest: int,
    expected: list[int],
) -> None:  # fmt: skip
    server.reply(OPENAI.error(503, "overloaded"))
    limits = Limits(retry_wait=longest)
    model = resolved(server.url, limits, max_retries=5, retry_delay=delay)
    assert (await failed(router, question(model))).kind is ErrorKind.OVERLOADED
    assert waits == expected


@pytest.mark.parametrize("first_byte", [30, 0.05])
async def test_timeout_is_the_wait_before_the_first_byte_whatever_the_general_limit(
    router: Router, server: WireServer, first_byte: float
) -> None:
    server.reply(OPENAI.stream([], mute=True))
    model = resolved(server.url, Limits(first_byte=first_byte), timeout=0.3, max_retries=0)
    error = await failed(router, question(model))
    assert (error.kind, error.card.params["wait"]) == (ErrorKind.SILENT, "0.3")


async def test_nothing_is_asked_again_after_silence(
    router: Router, server: WireServer, waits: list[float]
) -> None:
    server.reply(OPENAI.stream([], mute=True))
    model = OPENAI.model(server.url, first_byte=0.2, max_retries=2)
    assert (await failed(router, question(model))).kind is ErrorKind.SILENT
    assert (len(server.requests), waits) == (1, [])


@pytest.mark.parametrize("language", ["tr", "en"])
async def test_each_wait_has_a_line_that_names_its_reason(
    router: Router, server: WireServer, waits: list[float], language: str
) -> None:
    server.reply(
        OPENAI.error(429, "slow down"), OPENAI.error(503, "busy"), OPENAI.error(500, "oops"),
        Reply(drop=True), OPENAI.text("ok"),
    )  # fmt: skip
    got = await ask(router, question(OPENAI.model(server.url, max_retries=4)))
    lines = [translate(language, f"status.{s.key}", **s.params) for s in got.statuses]
    assert len(set(lines)) == 4
    assert not any(line.startswith("status.") or "{" in line for line in lines)
    counts = ["1/4", "2/4", "3/4", "4/4"]
    assert all(
        count.replace("/", " of ") in line or count in line
        for count, line in zip(counts, lines, strict=True)
    )
