"""A canary key is found nowhere but in the request to its provider."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest

from core.keys import Keys
from core.request import ChatRequest, PromptMessage
from providers.router import Router
from tests.providers.answers import ask, question
from tests.providers.dialects import KEY, Dialect
from tests.providers.wire_server import Reply, WireServer

FORMS = {
    "plain": KEY,
    "in an address": f"https://host/v1?key={quote(KEY, safe='')}&x=1",
    "bearer": f"Bearer {KEY}",
    "basic": "Basic " + base64.b64encode(f"user:{KEY}".encode()).decode(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "json": json.dumps({"headers": {"authorization": KEY}}),
}
TRACES = (
    KEY,
    quote(KEY, safe=""),
    base64.b64encode(KEY.encode()).decode()[:20],
    base64.b64encode(f"user:{KEY}".encode()).decode()[:20],
    json.dumps(KEY)[1:-1],
)


def _leaks(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["400", "500", "stream", "garbage", "html"])
async def test_a_key_in_a_providers_answer_goes_nowhere(
    router: Router,
    server: WireServer,
    dialect: Dialect,
    caplog: pytest.LogCaptureFixture,
    form: str,
    place: str,
) -> None:
    words = f"cannot use {FORMS[form]} here"
    replies = {
        "400": dialect.error(400, words),
        "500": dialect.error(500, words),
        "stream": dialect.stream([dialect.piece("a"), dialect.error_chunk(words)]),
        "garbage": Reply(parts=[f"data: {{{words}\n\n".encode(), words.encode()]),
        "html": Reply(401, "text/html", {}, [f"<html>{words}</html>".encode()]),
    }
    server.reply(replies[place])
    caplog.set_level(logging.DEBUG)
    got = await ask(router, question(dialect.model(server.url)))
    error = got.error
    assert error is not None
    try:
        raise error
    except Exception:
        logging.getLogger("tests").exception("it failed")
    seen = [
        repr(got), repr(error), str(error), repr(error.args), repr(error.card),
        error.card.message("tr"), error.card.hint("tr"),
        "".join(traceback.format_exception(error)), caplog.text, repr(error.__cause__),
        repr(error.__context__),
    ]  # fmt: skip
    assert [leak for text in seen for leak in _leaks(text)] == []
    assert (error.__cause__, error.__context__) == (None, None)


async def test_a_refused_connection_tells_no_key(
    router: Router, dialect: Dialect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model = dialect.model(f"http://me:{quote(KEY, safe='')}@127.0.0.1:9")
    got = await ask(router, question(model))
    assert got.error is not None
    assert _leaks(str(got.error) + repr(got.error.card) + caplog.text) == []
    readiness = await router.check(model)
    assert _leaks(repr(readiness)) == []


async def test_a_good_answer_is_logged_without_the_key(
    router: Router, server: WireServer, dialect: Dialect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.reply(dialect.text("ok"))
    await ask(router, question(dialect.model(server.url)))
    assert _leaks(caplog.text) == []


async def test_a_secret_header_of_the_entry_is_removed_too(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    headers = {"X-Auth-Token": "header-secret-123456"}
    server.reply(dialect.error(400, "bad header header-secret-123456"))
    got = await ask(router, question(dialect.model(server.url, headers=headers)))
    assert got.error is not None
    assert "header-secret" not in repr(got.error.card) + str(got.error)


async def test_a_long_detail_is_one_short_line(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.error(400, "why\n" * 5000 + KEY))
    got = await ask(router, question(dialect.model(server.url)))
    assert got.error is not None
    detail = got.error.card.params["detail"]
    assert len(detail) <= 300
    assert "\n" not in detail


async def test_a_missing_key_is_told_before_anything_is_imported(
    tmp_path: Path, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.connector", lambda name: pytest.fail("was imported"))
    model = dialect.model("http://127.0.0.1:9", api_key_env="ABSENT_KEY")
    router = Router(Keys(tmp_path / ".env", {}))
    got = await ask(router, question(model))
    assert got.error is not None
    assert got.error.kind.value == "no_key"
    assert "ABSENT_KEY" in got.error.hint
    readiness = await router.check(model)
    assert (readiness.ready, readiness.reason) == (False, "no_key")
    assert readiness.params["key"] == "ABSENT_KEY"


def test_a_request_does_not_show_its_key(dialect: Dialect) -> None:
    model = dialect.model("http://127.0.0.1:9")
    request = ChatRequest(model, (PromptMessage("user", "hi"),), api_key=KEY)
    assert _leaks(repr(request)) == []
