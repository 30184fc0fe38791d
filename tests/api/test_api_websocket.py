"""`/ws` over a real socket: what a page gets, whatever it sends and however slowly it reads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from core.comparison import Comparison, Lane
from core.conversation import Outcome, Summary
from core.errors import StorageError
from core.events import ReasoningDelta, Status, TextDelta, ToolCall
from engine.live import LiveTurn
from tests.api.api_served import AYSE, MEHMET
from tests.api.live_server import END, LiveServer, live_server, small_socket


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[LiveServer]:
    async with live_server(tmp_path) as server:
        yield server


async def heard(turn: LiveTurn, length: int) -> None:
    async with asyncio.timeout(20):
        while len(turn.message.content) < length:
            await turn.signal.after(turn.seq)


async def test_frames_are_numbered_and_the_end_comes_once_it_is_on_disk(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id)
        first = await page.next("frame")
        assert (first["turn"], first["reset"]) == (turn.id, True)
        live.voices.say("Soru", ReasoningDelta("hm"), TextDelta("bir "))
        live.voices.say("Soru", ToolCall("c1", "saat", "{}"), TextDelta("iki"), END)
        frames, end = await page.frames()
        numbers = [frame["seq"] for frame in (first, *frames)]
        assert numbers == sorted(set(numbers))
        assert "".join(frame["text"] for frame in frames) == "bir iki"
        assert "".join(frame["reasoning"] for frame in frames) == "hm"
        calls = [frame["tools"] for frame in frames if frame["tools"]]
        assert calls == [[{"id": "c1", "name": "saat", "arguments": "{}"}]]
        assert end == {
            "type": "end",
            "turn": turn.id,
            "chat": turn.chat_id,
            "outcome": "complete",
        }
        chat = await live.services.stores.of("ayse").load(turn.chat_id)
        assert chat.path()[-1].content == "bir iki"


async def test_a_page_that_comes_back_gets_what_it_missed_and_no_more(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    live.voices.say("Soru", TextDelta("önce "))
    await heard(turn, 5)
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id, after=0)
        seen = await page.next("frame")
        assert (seen["reset"], seen["text"]) == (True, "önce ")
    live.voices.say("Soru", TextDelta("sonra"))
    await heard(turn, 10)
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id, after=seen["seq"])
        rest = await page.next("frame")
        assert (rest["reset"], rest["text"]) == (False, "sonra")


@pytest.mark.parametrize("after", [10**6, 10**400, -1])
async def test_a_number_never_given_out_gets_the_whole(live: LiveServer, after: int) -> None:
    turn = await live.ask(AYSE, "Soru")
    live.voices.say("Soru", TextDelta("bütün"))
    await heard(turn, 5)
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id, after=after)
        frame = await page.next("frame")
        assert (frame["reset"], frame["text"]) == (True, "bütün")


async def test_the_state_of_waiting_is_told_in_the_pages_language(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id)
        waiting = await page.until("frame", lambda frame: frame["status"])
        live.voices.say("Soru", Status("downloading", {"name": "küçük"}, 0.5))
        half = await page.until("frame", lambda f: f["status"] != waiting["status"])
        assert half["status"]["fraction"] == 0.5
        live.voices.say("Soru", TextDelta("x"))
        assert (await page.next("frame"))["status"] is None


async def test_stop_keeps_what_came(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    live.voices.say("Soru", TextDelta("yarım"))
    await heard(turn, 5)
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id)
        await page.ask("stop", turn.id)
        await page.ask("stop", turn.id)
        _, end = await page.frames()
        assert end["outcome"] == "stopped"
    chat = await live.services.stores.of("ayse").load(turn.chat_id)
    assert chat.path()[-1].content == "yarım"


async def test_a_turn_that_does_not_run_is_gone_however_often_it_is_asked_for(
    live: LiveServer,
) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page:
        for number in range(100):
            await page.ask("follow", f"gone-{number}")
            assert await page.next("gone") == {"type": "gone", "turn": f"gone-{number}"}
        await page.ask("follow", turn.id)
        assert (await page.next("frame"))["turn"] == turn.id


async def test_a_page_is_told_of_running_turns_chats_and_models(live: LiveServer) -> None:
    async with live.page(AYSE) as page:
        assert (await page.next("running"))["turns"] == []
        before = await page.next("chats")
        turn = await live.ask(AYSE, "Soru")
        running = await page.next("running")
        assert running["turns"] == [{"turn": turn.id, "chat": turn.chat_id}]
        assert (await page.next("chats"))["version"] > before["version"]
        live.voices.say("Soru", END)
        assert (await page.next("running"))["turns"] == []
        await live.services.readiness.settled()
        live.voices.ready = False
        live.services.readiness.refresh(force=True)
        await page.next("models")


async def test_several_turns_come_over_one_connection(live: LiveServer) -> None:
    turns = [await live.ask(AYSE, f"Soru {n}") for n in range(5)]
    async with live.page(AYSE) as page:
        for turn in turns:
            await page.ask("follow", turn.id)
        for number in range(5):
            live.voices.say(f"Soru {number}", TextDelta(f"yanıt {number}"), END)
        texts = dict.fromkeys((turn.id for turn in turns), "")
        open_turns = set(texts)
        while open_turns:
            message = await page.next("frame", "end")
            if message["type"] == "frame":
                texts[message["turn"]] += message["text"]
            else:
                open_turns.discard(message["turn"])
        assert list(texts.values()) == [f"yanıt {number}" for number in range(5)]


async def test_nobody_follows_stops_or_sees_what_another_is_being_answered(
    live: LiveServer,
) -> None:
    turn = await live.ask(AYSE, "Gizli soru")
    live.voices.say("Gizli soru", TextDelta("gizli yanıt"))
    await heard(turn, 5)
    async with live.page(MEHMET) as stranger, live.page(AYSE) as owner:
        assert (await stranger.next("running"))["turns"] == []
        await stranger.ask("follow", turn.id)
        assert await stranger.next("gone", "frame") == {"type": "gone", "turn": turn.id}
        await stranger.ask("stop", turn.id)
        await stranger.ask("follow", "marker")
        await stranger.next("gone")
        await owner.ask("follow", turn.id)
        assert (await owner.next("frame"))["text"] == "gizli yanıt"
        live.voices.say("Gizli soru", TextDelta(" sürüyor"), END)
        _, end = await owner.frames()
        assert end["outcome"] == "complete"


async def test_logging_out_ends_what_the_session_follows(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page, live.page(AYSE) as other:
        for each in (page, other):
            await each.ask("follow", turn.id)
            await each.next("frame")
        async with httpx.AsyncClient(base_url=live.url) as client:
            await client.post("/logout", headers={"Cookie": page.cookie})
        live.voices.say("Soru", TextDelta("sonra"))
        assert (await other.next("frame"))["text"] == "sonra"
        with pytest.raises(ConnectionClosed) as closed:
            await page.next("end")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


async def test_a_session_that_has_ended_stops_nothing(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page:
        async with httpx.AsyncClient(base_url=live.url) as client:
            await client.post("/logout", headers={"Cookie": page.cookie})
        await page.ask("stop", turn.id)
        with pytest.raises(ConnectionClosed) as closed:
            await page.next("end")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    live.voices.say("Soru", TextDelta("bütün"), END)
    await heard(turn, len("bütün"))
    while not turn.ended:
        await turn.signal.after(turn.seq)
    assert turn.answer.outcome is Outcome.COMPLETE


ODD = (
    "",
    "{",
    "null",
    "[]",
    '"follow"',
    "[" * 4000,
    '{"type": null}',
    '{"type": "follow"}',
    '{"type": ["follow"], "turn": "x"}',
    '{"type": "follow", "turn": {"a": 1}}',
    '{"type": "follow", "turn": "x", "after": 1e999}',
    '{"type": "follow", "turn": "x", "after": "5"}',
    '{"type": "follow", "turn": "x", "after": null}',
    '{"type": "follow", "turn": "' + "x" * 60_000 + '"}',
    '{"type": "dance", "turn": "x"}',
    '{"type": "stop", "turn": "\\ud800"}',
    b"\x00\xff",
    b'{"type": "follow", "turn": "x"}',
)


async def test_no_message_ends_the_connection_or_reaches_the_terminal(
    live: LiveServer, caplog: pytest.LogCaptureFixture
) -> None:
    turn = await live.ask(AYSE, "Soru")
    live.voices.say("Soru", TextDelta("burada"))
    await heard(turn, 6)
    async with live.page(AYSE) as page:
        for message in ODD:
            await page.socket.send(message)
        await page.ask("follow", turn.id)
        assert (await page.next("frame", "gone"))["text"] == "burada"
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_half_a_character_anywhere_does_not_end_the_connection(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id)
        await page.next("frame")
        broken = ToolCall("c", "ara\ud83d", '"\udc00"'), TextDelta("a\ud83d"), Status("x\ud83d")
        live.voices.say("Soru", *broken, TextDelta("tamam"), END)
        frames, end = await page.frames()
    assert end["outcome"] == "complete"
    assert "".join(frame["text"] for frame in frames) == "a?tamam"


async def test_thousands_of_follows_leave_one_follower(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    async with live.page(AYSE) as page:
        await page.ask("follow", turn.id)
        await page.next("frame")
        before = len(asyncio.all_tasks())
        for _ in range(2000):
            await page.ask("follow", turn.id)
            await page.ask("unfollow", turn.id)
        await page.ask("follow", turn.id)
        await page.ask("follow", "marker")
        await page.next("gone")
        assert len(asyncio.all_tasks()) <= before + 1
        live.voices.say("Soru", TextDelta("tamam"), END)
        frames, _ = await page.frames()
        assert sum(frame["text"].count("tamam") for frame in frames) == 1


async def test_a_page_that_leaves_leaves_nothing_behind(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    await turn.signal.after(0)
    before = len(asyncio.all_tasks())
    for _ in range(10):
        async with live.page(AYSE) as page:
            await page.ask("follow", turn.id)
            await page.next("frame")
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks()) > before:
            await asyncio.sleep(0.01)
    assert live.services.turns.get("ayse", turn.id) is turn


async def test_a_page_that_does_not_read_costs_no_memory_and_gets_it_all_later(
    live: LiveServer,
) -> None:
    turn = await live.ask(AYSE, "Soru")
    piece, count = "x" * 200_000, 100
    sock = small_socket(live.url)
    not_reading = live.page(AYSE, sock=sock, max_queue=1, compression=None)
    async with not_reading as slow, live.page(AYSE) as quick:
        for page in (slow, quick):
            await page.ask("follow", turn.id)
        most, quick_frames, got = 0, 0, 0
        for number in range(1, count + 1):
            live.voices.say("Soru", TextDelta(piece))
            while got < number * len(piece):
                got += len((await quick.next("frame"))["text"])
                quick_frames += 1
            most = max(most, live.buffered())
        assert most < 10 * len(piece)
        live.voices.say("Soru", END)
        frames, _ = await slow.frames()
        assert sum(len(frame["text"]) for frame in frames) == count * len(piece)
        assert len(frames) < quick_frames


async def test_a_list_that_cannot_be_read_does_not_end_the_following(
    live: LiveServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.websocket._LIST_PAUSE_S", 0.01)
    store, broken = live.services.stores.of("ayse"), asyncio.Event()
    version = store.version

    async def refuse() -> int:
        broken.set()
        raise StorageError("disk_refused", detail="gone", path="chats")

    monkeypatch.setattr(store, "version", refuse)
    async with live.page(AYSE) as page:
        await asyncio.wait_for(broken.wait(), 10)
        monkeypatch.setattr(store, "version", version)
        assert (await page.next("chats"))["version"] > 0
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_changed_summary_is_told_to_its_owner_alone(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    live.voices.say("Soru", TextDelta("cevap"), END)
    summary = Summary("s", turn.id, turn.id, 2, "Özet", "local", "2026-11-20T12:00:00.000Z")
    summaries = live.services.turns.summaries
    async with live.page(AYSE) as page, live.page(MEHMET) as other:
        await page.until("running", lambda message: not message["turns"])
        await other.next("running")
        store = live.services.stores.of("ayse")
        await store.update(turn.chat_id, lambda chat: replace(chat, summaries=(summary,)))
        await summaries.edit("ayse", turn.chat_id, "s", "Benim özetim")
        assert await page.next("summary") == {"type": "summary", "chat": turn.chat_id}
        await summaries.undo("ayse", turn.chat_id, "s", off=True)
        assert (await page.next("summary"))["chat"] == turn.chat_id
        await live.ask(MEHMET, "Benimki")
        assert (await other.next("summary", "running"))["type"] == "running"


async def test_a_moved_lane_is_told_to_its_owner_alone(live: LiveServer) -> None:
    turn = await live.ask(AYSE, "Soru")
    live.voices.say("Soru", TextDelta("cevap"), END)
    comparisons, store = live.services.comparisons, live.services.stores.of("ayse")
    lanes = (Lane("local", leaf=turn.id), Lane("keyed"))
    async with live.page(AYSE) as page, live.page(MEHMET) as other:
        await page.until("running", lambda message: not message["turns"])
        await other.next("running")
        await store.update(turn.chat_id, lambda chat: replace(chat, comparison=Comparison(lanes)))
        await comparisons.change_lane("ayse", turn.chat_id, "local", wide=True)
        rev = (await store.load(turn.chat_id)).rev
        told = {"type": "comparison", "chat": turn.chat_id, "rev": rev}
        assert await page.next("comparison") == told
        await live.ask(MEHMET, "Benimki")
        assert (await other.next("comparison", "running"))["type"] == "running"
