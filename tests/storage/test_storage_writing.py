"""Two processes on one folder: an answer that one of them writes is not cut off for the other."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation import Conversation, Outcome
from storage.codec import decode
from storage.files import FileStore, FileStores
from tests.storage.conftest import MakeChat

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from core.conversation import Outcome
from storage.files import FileStores

LIVE = {"m1"}

def ended(chat):
    answer = chat.message("m1")
    whole = replace(answer.answer, outcome=Outcome.COMPLETE)
    return chat.put(replace(answer, content="bütün", answer=whole))

async def write(folder, owner):
    store = FileStores(folder / "chats", folder / "data", LIVE.__contains__).of(owner)
    await store.update("chat-1", lambda chat: replace(chat, title="yazılıyor"))
    print("writing", flush=True)
    sys.stdin.readline()
    await store.update("chat-1", ended)
    LIVE.clear()
    print("written", flush=True)
    sys.stdin.readline()

asyncio.run(write(Path(sys.argv[1]), sys.argv[2]))
"""


@contextmanager
def another_process(folder: Path, owner: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that is writing the answer m1 of chat-1, until it is sent a line or killed."""
    command = [sys.executable, "-c", WRITER, str(folder), owner]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            yield process
        finally:
            process.kill()


def say(process: subprocess.Popen[str]) -> str:
    """Let it go on; what it says next."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline()


def outcome(chat: Conversation) -> Outcome:
    answer = chat.messages[1].answer
    assert answer is not None
    return answer.outcome


def on_disk(chats: Path) -> Outcome:
    return outcome(decode((chats / "chat-1.json").read_bytes(), "chat-1"))


@pytest.fixture
async def begun(
    live: set[str], store: FileStore, chats: Path, tmp_path: Path, make_chat: MakeChat
) -> Path:
    """The folder of a chat whose answer is open, as a process leaves it that was killed."""
    live.add("m1")
    await store.create(make_chat("chat-1", "Soru", "yarım", outcome=Outcome.STREAMING))
    live.clear()
    store.close()
    return tmp_path


async def test_an_answer_of_another_process_is_neither_called_nor_written_interrupted(
    begun: Path, chats: Path, store: FileStore
) -> None:
    with another_process(begun) as writer:
        assert outcome(await store.load("chat-1")) is Outcome.STREAMING
        renamed = await store.update("chat-1", lambda c: replace(c, title="Yeni ad"))
        assert outcome(renamed) is Outcome.STREAMING
        assert on_disk(chats) is Outcome.STREAMING
        assert say(writer) == "written\n"
        whole = await store.load("chat-1")
    assert (outcome(whole), whole.title) == (Outcome.COMPLETE, "Yeni ad")
    assert whole.messages[1].content == "bütün"
    assert list((chats / ".locks").glob("answer-*")) == []


async def test_the_answer_of_a_killed_process_is_interrupted_at_once(
    begun: Path, chats: Path, store: FileStore
) -> None:
    with another_process(begun) as writer:
        assert outcome(await store.load("chat-1")) is Outcome.STREAMING
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert outcome(await store.load("chat-1")) is Outcome.INTERRUPTED
    await store.update("chat-1", lambda c: replace(c, title="x"))
    assert on_disk(chats) is Outcome.INTERRUPTED
    assert list((chats / ".locks").glob("answer-*")) == []


async def test_the_answers_of_each_owner_are_known(
    stores: FileStores, live: set[str], tmp_path: Path, make_chat: MakeChat
) -> None:
    chat = make_chat("chat-1", "Soru", "yarım", outcome=Outcome.STREAMING)
    await stores.of("ayse").create(chat)
    await stores.of("bora").create(chat)
    with another_process(tmp_path, "ayse"):
        assert outcome(await stores.of("ayse").load("chat-1")) is Outcome.STREAMING
        assert outcome(await stores.of("bora").load("chat-1")) is Outcome.INTERRUPTED


async def test_many_readers_at_once_agree_that_a_killed_process_writes_no_more(
    begun: Path, store: FileStore
) -> None:
    with another_process(begun) as writer:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    many = await asyncio.gather(*(store.load("chat-1") for _ in range(40)))
    assert outcome(await store.load("chat-1")) is Outcome.INTERRUPTED
    assert Outcome.COMPLETE not in map(outcome, many)


async def test_an_answer_that_ends_while_it_is_read_was_not_cut_off(
    store: FileStore, live: set[str], make_chat: MakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.add("m1")
    chat = await store.create(make_chat("chat-1", "S", "yarım", outcome=Outcome.STREAMING))
    settled, answer = store._writing.settled, chat.messages[1]
    assert answer.answer is not None
    done = replace(answer, answer=replace(answer.answer, outcome=Outcome.COMPLETE))

    def meanwhile(found: Conversation) -> Conversation:
        monkeypatch.setattr(store._writing, "settled", settled)
        store._folder.update("chat-1", lambda c: c.put(done))
        live.clear()
        return settled(found)

    monkeypatch.setattr(store._writing, "settled", meanwhile)
    assert outcome(await store.load("chat-1")) is Outcome.COMPLETE


@pytest.mark.parametrize("message_id", ["../../escaped", "a/b", "Üç", "x" * 500, ""])
async def test_an_id_written_by_hand_names_no_file(
    store: FileStore, live: set[str], tmp_path: Path, make_chat: MakeChat, message_id: str
) -> None:
    live.add(message_id)
    chat = make_chat("chat-1", "S", "y", outcome=Outcome.STREAMING)
    odd = replace(chat.messages[1], id=message_id)
    await store.create(replace(chat, messages=(chat.messages[0], odd), leaf="m0"))
    live.clear()
    assert outcome(await store.load("chat-1")) is Outcome.INTERRUPTED
    assert [path.name for path in tmp_path.rglob("*escaped*")] == []
