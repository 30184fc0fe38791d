"""A store in an empty folder, and chats to put into it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import configuration

from core.conversation import Answer, Conversation, Message, Outcome
from storage.files import FileStore, FileStores

configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "divan-hypothesis")

MakeChat = Callable[..., Conversation]


@pytest.fixture
def live() -> set[str]:
    """Ids of answers that a running turn owns."""
    return set()


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    return tmp_path / "chats"


@pytest.fixture
def stores(chats: Path, tmp_path: Path, live: set[str]) -> Iterator[FileStores]:
    made = FileStores(chats, tmp_path / "data", live.__contains__)
    yield made
    made.close()


@pytest.fixture
def store(stores: FileStores) -> FileStore:
    return stores.of("")


@pytest.fixture
def make_chat() -> MakeChat:
    """A chat with one question and one answer for each pair of texts."""

    def make(
        chat_id: str = "chat-1",
        *texts: str,
        title: str = "Hava",
        updated: str = "2026-11-20T10:00:00+00:00",
        pinned: bool = False,
        outcome: Outcome = Outcome.COMPLETE,
    ) -> Conversation:
        messages: list[Message] = []
        for place, text in enumerate(texts or ("Merhaba", "Selam!")):
            parent = messages[-1].id if messages else None
            role: Literal["user", "assistant"] = "assistant" if place % 2 else "user"
            answer = Answer("qwen", "ollama", updated, outcome) if place % 2 else None
            messages.append(Message(f"m{place}", parent, role, text, updated, answer=answer))
        return Conversation(
            chat_id,
            title,
            "2026-11-01T08:00:00+00:00",
            updated,
            pinned=pinned,
            model="qwen",
            leaf=messages[-1].id,
            messages=tuple(messages),
        )

    return make
