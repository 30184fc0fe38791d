"""An answer that reaches its size: what came is on disk, and Continue goes on with it."""

from __future__ import annotations

from pathlib import Path

from core.catalog import Catalog, Limits, Model, ModelRow, ProviderRow, resolve
from core.conversation import Outcome
from core.keys import Keys
from engine.turns import Turns
from providers.router import Router
from storage.files import FileStores
from tests.engine.engine_panel import NONE, ended
from tests.providers.dialects import sse
from tests.providers.flood_server import Flood, flooding


async def test_what_came_is_kept_and_can_be_continued(tmp_path: Path) -> None:
    flood = Flood(b"", _saying("a"))
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    async with flooding(flood):
        limits = Limits(answer_megabytes=0.0625)
        catalog = Catalog(models=(_model(flood.url, limits),), limits=limits)
        turns = Turns(catalog, stores, Router(Keys(tmp_path / ".env", {})).stream)
        turn = await turns.send("", None, "Yaz", "m", NONE)
        await ended(turn)
        first = (await stores.of("").load(turn.chat_id)).path()[-1]
        assert first.answer is not None
        assert first.answer.error is not None
        assert (first.answer.outcome, first.answer.error.kind) == (Outcome.FAILED, "too_large")
        assert first.content == "a" * 64 * 1024
        flood.again = _saying("b")
        more = await turns.continue_answer("", turn.chat_id, first.id, "m", NONE)
        await ended(more)
        whole = (await stores.of("").load(turn.chat_id)).path()[-1]
        assert whole.content == first.content + "b" * 64 * 1024
        await turns.shut_down()
    stores.close()


def _saying(letter: str) -> bytes:
    piece = {"choices": [{"index": 0, "delta": {"content": letter * 1024}}]}
    return b"".join(sse(piece, done=False))


def _model(url: str, limits: Limits) -> Model:
    provider = ProviderRow(format="openai_compatible", base_url=url)
    return resolve(ModelRow(id="m", provider="p", name="n"), provider, limits)
