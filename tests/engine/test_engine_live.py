"""A running turn as pages see it."""

from __future__ import annotations

import pytest

from core.conversation import Answer, Message
from core.events import Status
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
