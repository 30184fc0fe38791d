"""Headers and keys that are no ASCII: sent where HTTP can carry them, else explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ErrorKind
from core.keys import Keys
from providers.router import Router
from tests.providers.answers import answered, ask, question
from tests.providers.dialects import KEY, Dialect
from tests.providers.wire_server import WireServer

TITLE = "Türkçe Sohbet Şirketi"
HEADERS = {"X-OpenRouter-Title": TITLE, "X-Plain": "plain"}


async def test_a_header_with_turkish_letters_arrives_as_utf_8(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    server.reply(dialect.text("Merhaba"))
    await answered(router, question(dialect.model(server.url, headers=HEADERS)))
    server.reply(dialect.models("real-model"))
    await router.check(dialect.model(server.url, headers=HEADERS))
    assert len(server.requests) == 2
    for request in server.requests:
        sent = request.headers["x-openrouter-title"]
        assert sent.encode("latin-1").decode("utf-8") == TITLE
        assert request.headers["x-plain"] == "plain"


@pytest.mark.parametrize("key", [f"“{KEY}”", f"{KEY}\n{KEY}", f"{KEY}ğ", f"{KEY}\x00"])
async def test_a_key_that_no_request_can_carry_is_named_and_nothing_is_sent(
    tmp_path: Path, server: WireServer, dialect: Dialect, key: str
) -> None:
    server.reply(dialect.text("Merhaba"))
    router = Router(Keys(tmp_path / ".env", {"TEST_KEY": key}))
    model = dialect.model(server.url)
    got = await ask(router, question(model))
    state = await router.check(model)
    assert got.error is not None
    assert (got.error.kind, state.reason) == (ErrorKind.KEY_CHARACTERS, "key_characters")
    assert "TEST_KEY contains characters that no API key has" in got.error.message
    assert "TEST_KEY" in got.error.hint
    assert state.params["key"] == "TEST_KEY"
    assert KEY not in f"{got.error.card} {state}"
    assert server.requests == []
