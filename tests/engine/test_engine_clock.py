"""What counts as a model's time: from the moment its request leaves, and no earlier."""

from __future__ import annotations

from core.conversation import Answer, Message
from core.events import Sent, StreamEvent, TextDelta
from engine.live import LiveTurn


class Clock:
    """A clock the test turns forward, in seconds."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def begun(clock: Clock) -> LiveTurn:
    answer = Answer(model="m", provider="p", started="")
    turn = LiveTurn("", "chat", Message("a", None, "assistant", "", "", answer=answer), clock)
    turn.begin()
    return turn


def after(turn: LiveTurn, clock: Clock, seconds: float, event: StreamEvent) -> None:
    clock.at += seconds
    turn.apply(event)


def test_importing_what_speaks_to_the_model_is_not_its_time() -> None:
    clock = Clock()
    turn = begun(clock)
    after(turn, clock, 3.0, Sent())
    after(turn, clock, 0.5, TextDelta("Merhaba"))
    clock.at += 1.0
    assert (turn.first_token_s, turn.elapsed_s) == (0.5, 1.5)


def test_a_request_sent_once_more_goes_on_counting() -> None:
    clock = Clock()
    turn = begun(clock)
    after(turn, clock, 3.0, Sent())
    after(turn, clock, 2.0, Sent())
    after(turn, clock, 0.5, TextDelta("Merhaba"))
    assert turn.first_token_s == 2.5


def test_where_nothing_is_told_it_counts_from_the_beginning() -> None:
    clock = Clock()
    turn = begun(clock)
    after(turn, clock, 0.25, TextDelta("Merhaba"))
    assert turn.first_token_s == 0.25
