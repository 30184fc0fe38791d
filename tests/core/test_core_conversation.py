"""The tree of messages, and how stream events become a message."""

from __future__ import annotations

import pytest

from core.conversation import Answer, Conversation, Message
from core.events import (
    Finish,
    FinishReason,
    Notice,
    ReasoningDelta,
    Status,
    TextDelta,
    ToolCall,
    Usage,
)
from core.fold import fold


def message(message_id: str, parent: str | None, role: str = "user") -> Message:
    answer = Answer("m", "p", "2026-01-01T00:00:00Z") if role == "assistant" else None
    return Message(message_id, parent, role, message_id, "2026-01-01T00:00:00Z", answer=answer)  # type: ignore[arg-type]


@pytest.fixture
def chat() -> Conversation:
    empty = Conversation("c", "t", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    return empty.append(message("q", None)).append(message("a", "q", "assistant"))


def ids(messages: tuple[Message, ...]) -> list[str]:
    return [m.id for m in messages]


def test_a_second_answer_is_a_sibling_and_becomes_the_chosen_path(chat: Conversation) -> None:
    both = chat.fork("q").append(message("b", "q", "assistant"))
    assert ids(both.siblings("a")) == ["a", "b"]
    assert ids(both.path()) == ["q", "b"]
    assert ids(both.path("a")) == ["q", "a"]


def test_turning_to_a_message_goes_on_to_the_newest_of_what_followed(chat: Conversation) -> None:
    grown = chat.append(message("q2", "a")).append(message("a2", "q2", "assistant"))
    both = grown.fork("q").append(message("b", "q", "assistant"))
    assert ids(both.path()) == ["q", "b"]
    assert ids(both.turn_to("a").path()) == ["q", "a", "q2", "a2"]
    assert both.turn_to("b").leaf == "b"
    with pytest.raises(KeyError):
        both.turn_to("nobody")


def test_turning_to_a_message_in_a_circle_ends() -> None:
    circle = Conversation("c", "t", "", "", messages=(message("x", "y"), message("y", "x")))
    assert circle.turn_to("x").leaf == "y"


def test_forking_before_the_first_message_opens_a_second_root(chat: Conversation) -> None:
    forked = chat.fork(None)
    assert forked.path() == ()
    assert ids(forked.append(message("q2", None)).siblings("q")) == ["q", "q2"]


def test_forking_at_an_unknown_message_changes_nothing_and_says_so(chat: Conversation) -> None:
    with pytest.raises(KeyError):
        chat.fork("nobody")


def test_a_circle_of_parents_ends_the_path_instead_of_hanging() -> None:
    circle = Conversation(
        "c", "t", "", "", leaf="x", messages=(message("x", "y"), message("y", "x"))
    )
    assert ids(circle.path()) == ["y", "x"]


def test_a_missing_parent_shows_what_is_left() -> None:
    torn = Conversation("c", "t", "", "", leaf="x", messages=(message("x", "gone"),))
    assert ids(torn.path()) == ["x"]


def test_events_fold_into_one_message() -> None:
    answer = message("a", "q", "assistant")
    events = [
        Status("loading"),
        ReasoningDelta("hm"),
        TextDelta("Mer"),
        TextDelta("haba"),
        ToolCall("1", "clock", "{}"),
        Notice("fallback", {"used": "b"}),
        Usage(3, 5),
        Finish(FinishReason.STOP, "real-name"),
    ]
    for event in events:
        answer = fold(answer, event)  # type: ignore[arg-type]
    assert answer.content == "aMerhaba"
    assert answer.reasoning == "hm"
    assert answer.tool_calls == (ToolCall("1", "clock", "{}"),)
    assert answer.answer is not None
    assert answer.answer.usage == Usage(3, 5)
    assert answer.answer.returned_model == "real-name"
    assert answer.answer.finish_reason == "stop"
    assert answer.answer.notices == (Notice("fallback", {"used": "b"}),)


def test_only_an_answer_can_be_folded_into() -> None:
    with pytest.raises(ValueError, match="assistant"):
        fold(message("q", None), Usage(1, 1))
