"""How a turn ends when things happen at the same moment: stop, shutdown, a disk that refuses."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.catalog import Catalog
from core.conversation import Answer, ChatSettings, Message, Outcome
from core.errors import ChatNotFound, RejectedInput, StorageError
from core.events import ReasoningDelta, TextDelta
from engine.live import LiveTurn
from engine.turns import Turns
from storage.files import FileStores
from tests.engine.engine_disk import Disk
from tests.engine.engine_script import END, Engine

NONE = ChatSettings()


@pytest.fixture
def disk(engine: Engine) -> Iterator[Disk]:
    """The engine's stores behind a disk that the test controls. It is released at the end, also
    after a failure: the engine's shutdown would wait for it."""
    disk = Disk(engine.stores)
    engine.turns._stores = disk
    yield disk
    disk.full = False
    disk.release()


async def ended(turn: LiveTurn) -> None:
    async with asyncio.timeout(10):
        while not turn.ended:
            await turn.signal.after(turn.seq)


async def shown(turn: LiveTurn, status: str) -> None:
    async with asyncio.timeout(10):
        while turn.status is None or turn.status.key != status:
            await turn.signal.after(turn.seq)


async def last(engine: Engine, turn: LiveTurn) -> tuple[str, Outcome]:
    """The text and outcome of the chat's last message, as its file has them."""
    message = (await engine.stores.of(turn.owner).load(turn.chat_id)).path()[-1]
    assert message.answer is not None
    return message.content, message.answer.outcome


async def test_stop_before_the_turn_has_begun_ends_it_and_frees_the_chat(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    await engine.turns.stop("", turn.id)
    assert await last(engine, turn) == ("", Outcome.STOPPED)
    again = await engine.turns.send("", turn.chat_id, "Bir daha", "m", NONE)
    engine.script.say(TextDelta("evet"), END)
    await ended(again)
    assert await last(engine, again) == ("evet", Outcome.COMPLETE)


async def test_a_server_that_ends_at_once_keeps_the_answer_as_interrupted(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    await engine.turns.shut_down()
    assert await last(engine, turn) == ("", Outcome.INTERRUPTED)
    assert engine.turns.running("") == ()


async def test_stop_while_the_end_is_being_saved_does_not_lose_it(
    engine: Engine, disk: Disk
) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    disk.hold()
    engine.script.say(TextDelta("ganz"), END)
    await disk.knocked(1)
    stops = [asyncio.create_task(engine.turns.stop("", turn.id)) for _ in range(3)]
    going_down = asyncio.create_task(engine.turns.shut_down())
    await asyncio.sleep(0)
    disk.release()
    await asyncio.gather(*stops, going_down)
    assert await last(engine, turn) == ("ganz", Outcome.COMPLETE)


async def test_what_a_killed_program_leaves_knows_its_tokens_and_cost(
    engine: Engine, disk: Disk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("engine.checkpoint._SHORTEST_PAUSE_S", 0.01)
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(TextDelta("Yarım kalan yanıt."))
    async with asyncio.timeout(10):
        while not turn.message.content:
            await turn.signal.after(turn.seq)
    before = disk.asked
    for number in (1, 2):  # when the second is asked for, the first has been written
        engine.script.say(ReasoningDelta("Bir düşünce."))
        await disk.knocked(before + number)
    shutil.copytree(tmp_path / "chats", tmp_path / "left")
    after = FileStores(tmp_path / "left", tmp_path / "later")
    left = (await after.of("").load(turn.chat_id)).path()[-1]
    after.close()
    assert left.content == "Yarım kalan yanıt."
    assert left.answer is not None
    assert left.answer.outcome is Outcome.INTERRUPTED
    tokens = left.answer.usage.output_tokens or 0
    assert tokens > 0
    assert left.answer.usage_estimated
    assert left.answer.cost_usd is not None
    assert left.answer.cost_usd > tokens * 2 / 1_000_000
    assert left.answer.duration_s is not None


async def test_a_checkpoint_that_takes_long_does_not_overtake_the_end(
    engine: Engine, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.checkpoint._SHORTEST_PAUSE_S", 0.01)
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    disk.hold()
    engine.script.say(TextDelta("yarım"))
    await disk.knocked(1)
    engine.script.say(TextDelta(" ve tam"), END)
    async with asyncio.timeout(10):
        while turn.answer.outcome is Outcome.STREAMING:
            await asyncio.sleep(0.01)
    assert disk.asked == 1
    disk.release()
    await ended(turn)
    assert await last(engine, turn) == ("yarım ve tam", Outcome.COMPLETE)


async def test_on_a_full_disk_the_answer_waits_is_shown_as_unsaved_and_saved_later(
    engine: Engine, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run._SAVE_AGAIN_AFTER_S", ())
    monkeypatch.setattr("engine.run._THEN_EVERY_S", 0.01)
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    disk.full = True
    engine.script.say(TextDelta("kıymetli"), END)
    await shown(turn, "not_saved")
    assert turn.message.content == "kıymetli"
    await disk.knocked(5)
    assert engine.turns.get("", turn.id) is turn
    disk.full = False
    await ended(turn)
    assert await last(engine, turn) == ("kıymetli", Outcome.COMPLETE)


async def test_an_answer_outlives_a_folder_that_goes_away_and_comes_back(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run._SAVE_AGAIN_AFTER_S", ())
    monkeypatch.setattr("engine.run._THEN_EVERY_S", 0.01)
    monkeypatch.setattr("engine.checkpoint._SHORTEST_PAUSE_S", 0.01)
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    chats = tmp_path / "chats"
    chats.rename(tmp_path / "away")
    engine.script.say(TextDelta("kıymetli"), END)
    with pytest.raises(StorageError) as gone:
        await engine.turns.send("", None, "Bu arada", "m", NONE)
    assert gone.value.card.kind == "folder_gone"
    await shown(turn, "not_saved")
    assert not chats.exists()
    (tmp_path / "away").rename(chats)
    await ended(turn)
    assert await last(engine, turn) == ("kıymetli", Outcome.COMPLETE)


async def test_an_answer_waits_until_a_tree_damaged_by_hand_is_repaired(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run._SAVE_AGAIN_AFTER_S", ())
    monkeypatch.setattr("engine.run._THEN_EVERY_S", 0.01)
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    store = engine.stores.of("")
    file = next(tmp_path.glob("chats/*.json"))
    file.write_text(file.read_text(encoding="utf-8").replace('"parent": null', '"parent": "gone"'))
    engine.script.say(TextDelta("kıymetli"), END)
    await shown(turn, "not_saved")
    await store.repair(turn.chat_id)
    await ended(turn)
    assert await last(engine, turn) == ("kıymetli", Outcome.COMPLETE)


async def test_the_server_ends_in_spite_of_a_full_disk_after_one_more_try(
    engine: Engine, disk: Disk
) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    disk.full = True
    engine.script.say(TextDelta("kıymetli"), END)
    await shown(turn, "not_saved")
    disk.full = False
    async with asyncio.timeout(5):
        await engine.turns.shut_down()
    assert await last(engine, turn) == ("kıymetli", Outcome.COMPLETE)


async def test_stop_waits_only_a_moment_for_a_disk_that_refuses(
    engine: Engine, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.turns._LONGEST_STOP_S", 0.05)
    monkeypatch.setattr("engine.run._SAVE_AGAIN_AFTER_S", (0.2,))
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    disk.full = True
    engine.script.say(TextDelta("geç"), END)
    await shown(turn, "not_saved")
    async with asyncio.timeout(5):
        await engine.turns.stop_chat("", turn.chat_id)
    await engine.stores.of("").delete(turn.chat_id)
    disk.full = False
    await ended(turn)
    with pytest.raises(ChatNotFound):
        await engine.stores.of("").load(turn.chat_id)


async def test_a_chat_that_became_read_only_in_mid_answer_ends_quietly(
    engine: Engine, tmp_path: Path
) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    path = tmp_path / "chats" / f"{turn.chat_id}.json"
    path.write_text(path.read_text("utf-8").replace('"schema": 1', '"schema": 99'), "utf-8")
    engine.script.say(TextDelta("geç"), END)
    await ended(turn)
    assert engine.turns.running("") == ()


async def test_an_answer_whose_question_is_gone_cannot_be_retried(engine: Engine) -> None:
    turn = await engine.turns.send("", None, "Soru", "m", NONE)
    engine.script.say(END)
    await ended(turn)
    orphan = Message("kimsesiz", "yok", "assistant", "?", "2026-10-01", answer=Answer("m", "p", ""))
    await engine.stores.of("").update(turn.chat_id, lambda c: c.append(orphan))
    with pytest.raises(ChatNotFound):
        await engine.turns.retry("", turn.chat_id, "kimsesiz", "m", NONE)
    assert engine.turns.running("") == ()


async def test_a_message_of_exactly_the_limit_is_taken(engine: Engine) -> None:
    limit = engine.catalog.limits.message_characters
    turn = await engine.turns.send("", None, "ş" * limit, "m", NONE)
    engine.script.say(END)
    await ended(turn)
    chat = await engine.stores.of("").load(turn.chat_id)
    assert len(chat.path()[0].content) == limit
    assert 0 < len(chat.title) <= 61


@pytest.mark.parametrize("text", ["🎉🎉", "👩‍👩‍👧‍👦" * 40, "###", "`", "\n\n  ا ب  "])
async def test_any_first_message_gives_a_title(engine: Engine, text: str) -> None:
    turn = await engine.turns.send("", None, text, "m", NONE)
    engine.script.say(END)
    await ended(turn)
    chat = await engine.stores.of("").load(turn.chat_id)
    assert chat.title.strip()
    assert len(chat.title) <= 61
    assert [row.title for row in (await engine.stores.of("").list()).rows] == [chat.title]


async def test_a_clock_that_goes_back_loses_no_message(engine: Engine) -> None:
    first = await engine.turns.send("", None, "Bir", "m", NONE)
    engine.script.say(TextDelta("1"), END)
    await ended(first)
    store = engine.stores.of("")
    future = "2999-01-01T00:00:00.000Z"
    before = await store.update(first.chat_id, lambda c: replace(c, created=future, updated=future))
    second = await engine.turns.send("", first.chat_id, "İki", "m", NONE)
    engine.script.say(TextDelta("2"), END)
    await ended(second)
    after = await store.load(first.chat_id)
    assert [m.content for m in after.path()] == ["Bir", "1", "İki", "2"]
    assert after.rev > before.rev


async def test_without_any_model_a_question_is_refused_and_nothing_written(engine: Engine) -> None:
    turns = Turns(Catalog(), engine.stores, engine.script.stream)
    with pytest.raises(RejectedInput) as refused:
        await turns.send("", None, "Soru", "", NONE)
    assert refused.value.card.kind == "no_models"
    assert (await engine.stores.of("").list()).total == 0
