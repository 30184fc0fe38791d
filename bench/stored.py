"""Stored chats of a wished length, the same text for every program measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from core.comparison import Comparison, Lane
from core.conversation import Answer, Conversation, Message, Outcome
from storage import codec

CHARACTERS = 1000
LAST_STORED = "the last stored words"
_SENTENCE = "Stored words stay in the chat and are read again when it is opened another day. "
_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stored_messages(count: int) -> Sequence[tuple[str, str]]:
    """`count` messages of 1,000 characters as (role, text), questions and answers in turn."""
    text = (_SENTENCE * 20)[:CHARACTERS]
    made = [("assistant" if n % 2 else "user", f"{n}: {text}") for n in range(count)]
    if made:
        made[-1] = (made[-1][0], f"{made[-1][1]} {LAST_STORED}")
    return made


def write_chat(folder: Path, chat_id: str, count: int, model: str) -> None:
    """A chat file as Divan would have written it."""
    messages: list[Message] = []
    for number, (role, text) in enumerate(stored_messages(count)):
        parent = messages[-1].id if messages else None
        moment = (_NOW + timedelta(seconds=number)).isoformat()
        name = f"m{number}"
        if role == "user":
            messages.append(Message(name, parent, "user", text, moment))
        else:
            answer = Answer(model, "bench", moment, Outcome.COMPLETE)
            messages.append(Message(name, parent, "assistant", text, moment, answer=answer))
    leaf = messages[-1].id if messages else None
    moment = _NOW.isoformat()
    made = Conversation(
        chat_id, "A stored chat", moment, moment, model=model, leaf=leaf, messages=tuple(messages)
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{chat_id}.json").write_bytes(codec.encode(made))


def write_comparison(folder: Path, chat_id: str, count: int, models: Sequence[str]) -> None:
    """A comparison of `count` messages in all, each model in a context of its own."""
    messages: list[Message] = []
    lanes = []
    turns = count // len(models)
    for place, model in enumerate(models):
        leaf: str | None = None
        for number, (role, text) in enumerate(stored_messages(turns)):
            moment = (_NOW + timedelta(seconds=number)).isoformat()
            name = f"{model}-{number}"
            answer = Answer(model, "bench", moment, Outcome.COMPLETE) if role != "user" else None
            kind: Literal["user", "assistant"] = "assistant" if answer else "user"
            messages.append(Message(name, leaf, kind, text, moment, answer=answer))
            leaf = name
        lanes.append(Lane(model, "comparison" if place else "primary", leaf))
    moment = _NOW.isoformat()
    made = Conversation(
        chat_id, "A stored comparison", moment, moment, model=models[0], leaf=lanes[0].leaf,
        comparison=Comparison(tuple(lanes)), messages=tuple(messages),
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{chat_id}.json").write_bytes(codec.encode(made))
