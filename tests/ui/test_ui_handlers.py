"""What a page is shown when things happen while it is being answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

from core.catalog import Catalog
from core.conversation import ChatSettings, Conversation
from core.events import TextDelta
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_script import END, Script, a_model
from ui.handlers import Handlers
from ui.view import Place, Visitor

_TOO_SOON_S = 0.3
"""In which a view would be drawn that does not wait."""


class LateStore:
    """A store whose first look takes so long that the running answer ends meanwhile."""

    def __init__(self, store: Any, meanwhile: Any) -> None:
        self._store = store
        self._meanwhile = meanwhile

    async def load(self, chat_id: str) -> Conversation:
        found: Conversation = await self._store.load(chat_id)
        if self._meanwhile:
            waiting, self._meanwhile = self._meanwhile, None
            await waiting()
        return found


class SlowStore:
    """A store that goes on only when `goes_on` is set, though a chat is in its file already."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.written: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.goes_on = asyncio.Event()

    async def create(self, chat: Conversation) -> Conversation:
        saved: Conversation = await self._store.create(chat)
        self.written.set_result(saved.id)
        await self.goes_on.wait()
        return saved

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def handlers_of(catalog: Catalog, store: Any, turns: Turns) -> Handlers:
    services: Any = SimpleNamespace(
        loaded=SimpleNamespace(catalog=catalog),
        look=AsyncMock(),
        stores=SimpleNamespace(of=lambda _: store),
        turns=turns,
    )
    return Handlers(services)


async def test_an_answer_that_ends_while_its_chat_is_read_is_shown_as_ended(tmp_path: Path) -> None:
    catalog, script = Catalog(models=(a_model(),)), Script()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    turns = Turns(catalog, stores, script.stream)
    turn = await turns.send("", None, "Soru", "m", ChatSettings())

    async def end() -> None:
        script.say(TextDelta("yanıt"), END)
        async with asyncio.timeout(10):
            while not turn.ended:
                await turn.signal.after(turn.seq)

    handlers = handlers_of(catalog, LateStore(stores.of(""), end), turns)

    view = await handlers.open(Visitor("", "tr"), Place(turn.chat_id, 8, painted=True))

    assert view.turn is None
    assert "yanıt" in str(view.messages[-1])
    await turns.shut_down()
    stores.close()


async def test_an_answer_that_is_on_disk_and_does_not_run_yet_is_followed(tmp_path: Path) -> None:
    catalog, script = Catalog(models=(a_model(),)), Script()
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: turns.is_live(m))
    slow = SlowStore(stores.of(""))
    turns = Turns(catalog, SimpleNamespace(of=lambda _: slow), script.stream)
    handlers = handlers_of(catalog, slow, turns)
    asking = asyncio.create_task(turns.send("", None, "Soru", "m", ChatSettings()))
    chat = await slow.written

    opening = asyncio.create_task(handlers.open(Visitor("", "tr"), Place(chat, 8, painted=True)))
    await asyncio.wait([opening], timeout=_TOO_SOON_S)
    slow.goes_on.set()
    view = await opening

    assert view.turn == (await asking).id
    assert "başka bir Divan" not in str(view.messages)
    await turns.shut_down()
    stores.close()


async def test_an_answer_that_another_process_writes_is_shown_as_far_as_it_is_saved(
    tmp_path: Path,
) -> None:
    catalog, script = Catalog(models=(a_model(),)), Script()
    theirs = FileStores(tmp_path / "chats", tmp_path / "data", lambda m: writing.is_live(m))
    writing = Turns(catalog, theirs, script.stream)
    turn = await writing.send("", None, "Soru", "m", ChatSettings())
    so_far = replace(turn.message, content="buraya kadar")
    await theirs.of("").update(turn.chat_id, lambda chat: chat.put(so_far))
    ours = FileStores(tmp_path / "chats", tmp_path / "data")
    handlers = handlers_of(catalog, ours.of(""), Turns(catalog, ours, script.stream))

    view = await handlers.open(Visitor("", "tr"), Place(turn.chat_id, 8, painted=True))

    assert view.turn is None
    assert "buraya kadar" in str(view.messages[-1])
    assert "başka bir Divan yazıyor" in str(view.messages[-1])
    await writing.shut_down()
    theirs.close()
    ours.close()
