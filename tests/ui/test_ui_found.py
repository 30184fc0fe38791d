"""Which messages of a chat hold what it was found with, and how many of them a page has to show."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.conversation import Conversation, Message
from ui.found import Found, find

LENGTH, SHOWN = 500, 16


def chat(hits: Mapping[int, str], beside: str = "") -> Conversation:
    """A path of 500 messages with these texts at these places, and perhaps one message beside."""
    path = [
        Message(f"m{n}", f"m{n - 1}" if n else None, "user", hits.get(n, "söz"), "")
        for n in range(LENGTH)
    ]
    other = [Message("other", "m0", "user", beside, "")] if beside else []
    return Conversation("c", "", "", "", leaf=path[-1].id, messages=(*path, *other))


def found(
    query: str,
    hits: Mapping[int, str],
    beside: str = "",
    shown: int = SHOWN,
    further: bool = False,
) -> Found:
    one = chat(hits, beside)
    result = find(one, one.path(), query, shown, further)
    assert result
    return result


@pytest.mark.parametrize(
    ("places", "already", "further", "shown", "row", "before"),
    [
        ([499], 16, False, 16, 15, 0),
        ([484], 16, False, 17, 1, 0),
        ([483, 490], 16, False, 18, 1, 0),
        ([320, 490], 16, False, 181, 1, 0),
        ([100, 490], 16, False, 16, 6, 1),
        ([100, 200], 16, False, 301, 1, 1),
        ([100, 490], 420, False, 420, 20, 0),
        ([0], 16, False, 500, 0, 0),
        ([20, 300, 310, 490], 16, True, 201, 1, 1),
        ([20, 90, 490], 100, True, 411, 1, 1),
        ([20, 490], 16, True, 481, 1, 0),
        ([490], 16, True, 16, 6, 0),
    ],
)
def test_a_page_shows_as_much_as_it_takes_to_a_hit_and_the_message_before_it(
    places: list[int], already: int, further: bool, shown: int, row: int, before: int
) -> None:
    result = found("KARPAT", dict.fromkeys(places, "Karpatlar"), "", already, further)
    assert (result.shown, result.row, result.before) == (shown, row, before)


def test_messages_with_all_words_come_before_those_with_some() -> None:
    some = {480: "elma", 485: "armut"}
    apart = found("elma armut", some)
    assert LENGTH - apart.shown + (apart.row or 0) == 480
    assert found("elma armut", {**some, 490: "elma ve armut"}).row == 490 - (LENGTH - SHOWN)
    assert found("elma armut", some, beside="armut ve elma").elsewhere == ("other",)
    assert found("elma armut", {490: "elma armut"}, beside="elma").elsewhere == ()


def test_hits_beside_the_path_and_none_at_all_leave_the_end_of_the_chat() -> None:
    beside = found("karpat", {}, beside="Karpat")
    assert (beside.row, beside.elsewhere, beside.shown) == (None, ("other",), SHOWN)
    nowhere = found("karpat", {})
    assert (nowhere.row, nowhere.elsewhere, nowhere.shown) == (None, (), SHOWN)


def test_a_query_without_a_word_finds_nothing() -> None:
    one = chat({})
    assert find(one, one.path(), " … ", SHOWN) is None
