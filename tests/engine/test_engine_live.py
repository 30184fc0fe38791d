"""A running turn as pages see it."""

from __future__ import annotations

import pytest

from core.conversation import Answer, Message, Outcome
from core.events import ReasoningDelta, Status, TextDelta, TextWasReasoning
from engine.live import LiveTurn


@pytest.mark.parametrize("masked", [True, False])
def test_a_masked_turn_tells_no_status_that_names_the_model(masked: bool) -> None:
    answer = Answer(model="a", provider="p", started="2026-11-20T10:00:00Z")
    message = Message("m", "q", "assistant", "", "2026-11-20T10:00:00Z", answer=answer)
    turn = LiveTurn("", "c", message, masked=masked)
    turn.apply(Status("searching"))
    assert turn.since(0).status == Status("searching")
    named = Status("waiting", {"model": "Model A"})
    turn.apply(named)
    assert turn.since(0).status == (None if masked else named)


def a_turn(content: str = "") -> LiveTurn:
    answer = Answer(model="a", provider="p", started="2026-11-20T10:00:00Z")
    message = Message("m", "q", "assistant", content, "2026-11-20T10:00:00Z", answer=answer)
    return LiveTurn("", "c", message)


def test_text_that_turns_out_to_be_reasoning_is_taken_back_from_every_view() -> None:
    turn = a_turn()
    turn.apply(TextDelta("Önce "))
    early = turn.since(0)
    turn.apply(TextDelta("düşüneyim."))
    turn.apply(TextWasReasoning("Önce düşüneyim."))
    later = turn.since(early.seq)
    assert (later.reset, later.text, later.reasoning) == (True, "", "Önce düşüneyim.")
    turn.apply(TextDelta("Yanıt."))
    last = turn.since(later.seq)
    assert (last.reset, last.text, last.reasoning) == (False, "Yanıt.", "")
    behind = turn.since(early.seq)
    assert (behind.reset, behind.text, behind.reasoning) == (True, "Yanıt.", "Önce düşüneyim.")
    assert (turn.message.content, turn.message.reasoning) == ("Yanıt.", "Önce düşüneyim.")


def test_a_continued_answer_keeps_what_there_was_when_its_new_text_was_reasoning() -> None:
    before = "Bir varmış bir yokmuş, evvel zaman içinde"
    turn = a_turn(before)
    thought = "evvel zaman içinde ne vardı?"
    turn.apply(ReasoningDelta("Hm. "))
    turn.apply(TextDelta(thought[:18]))
    turn.apply(TextDelta(thought[18:]))
    turn.apply(TextWasReasoning(thought))
    turn.apply(TextDelta("evvel zaman içinde, kalbur"))
    assert turn.message.content == f"{before}, kalbur"
    assert turn.message.reasoning == f"Hm. {thought}"


def test_an_answer_that_is_not_saved_yet_is_open_for_the_views() -> None:
    turn = a_turn()
    turn.apply(TextDelta("Yanıt."))
    turn.finish(Outcome.COMPLETE, None)
    assert turn.growing.is_open
    assert turn.growing.content == "Yanıt."
    turn.end()
    assert turn.growing == turn.message
