"""Trees to test with: written as `m1<- m2<m1 ...`, or drawn at random."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from hypothesis import strategies as some

from core.comparison import Comparison, Lane
from core.conversation import Answer, Branch, Conversation, Message, Outcome, Summary

WHEN = "2026-11-20T10:00:00Z"


def message(message_id: str, parent: str | None = None, **changes: object) -> Message:
    """A question for ids that begin with q, else an answer."""
    role: Literal["user", "assistant"] = "user" if message_id.startswith("q") else "assistant"
    answer = None if role == "user" else Answer("qwen", "ollama", WHEN, Outcome.COMPLETE)
    made = Message(message_id, parent, role, f"text of {message_id}", WHEN, answer=answer)
    return replace(made, **changes)  # type: ignore[arg-type]


def tree(text: str, leaf: str | None = None, *branches: tuple[str, str]) -> Conversation:
    """A chat from words `child<parent`, roots alone; `branches` are (name, leaf)."""
    words = [word.partition("<") for word in text.split()]
    messages = tuple(message(name, parent or None) for name, _, parent in words)
    named = tuple(Branch(name, end, f"{WHEN}{n}") for n, (name, end) in enumerate(branches))
    last = leaf or messages[-1].id
    chat = Conversation("c", "t", WHEN, WHEN, leaf=last, messages=messages, branches=named)
    return chat.choose(last)


def ids(messages: tuple[Message, ...]) -> list[str]:
    return [m.id for m in messages]


@some.composite
def trees(draw: some.DrawFn) -> Conversation:
    """A sound chat: messages in any shape, branches, lanes and summaries on some of them."""
    count = draw(some.integers(1, 12))
    messages: list[Message] = []
    for number in range(count):
        parents = [None, *(m.id for m in messages)]
        messages.append(message(f"{'qa'[number % 2]}{number}", draw(some.sampled_from(parents))))
    name = some.sampled_from([m.id for m in messages])
    branches = tuple(
        Branch(f"Dal {n}", draw(name), f"{WHEN}{n}") for n in range(draw(some.integers(0, 3)))
    )
    summaries = tuple(
        Summary(f"s{n}", messages[0].id, draw(name), 1, "kısaca", "qwen", f"{WHEN}{n}")
        for n in range(draw(some.integers(0, 2)))
    )
    leaves = draw(some.lists(some.none() | name, max_size=3))
    lanes = tuple(Lane(f"model-{n}", leaf=leaf) for n, leaf in enumerate(leaves))
    chat = Conversation(
        "c", "t", WHEN, WHEN, branches=branches, summaries=summaries,
        comparison=Comparison(lanes) if lanes else None, messages=tuple(messages),
    )  # fmt: skip
    return chat.choose(draw(name))
