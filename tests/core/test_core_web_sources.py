"""Sources of the web: which addresses may become links, and how they add up."""

from __future__ import annotations

import pytest

from core.conversation import Answer, Message
from core.events import Notice, WebSource
from core.fold import fold
from core.web_sources import MOST, added, checked, listed

A, B = "https://a.example/", "https://b.example/"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "//a.example/", "a.example",
        "https://", "https:///x", "https://a.example/ x", 'https://a.example/"x', "https://a<b>",
        "https://a.example\\@b", "https://me@b.example/", "https://a.example/\n", "https://[::1",
        "https://a.example:99999/", "https://a.example/\ud800", "https://a/" + "x" * 2000, 5, None,
    ],
)  # fmt: skip
def test_an_address_that_is_no_plain_one_of_the_web_is_no_source(url: object) -> None:
    assert checked(url, "x", 1) is None


def test_a_title_and_a_number_are_taken_where_they_are_ones() -> None:
    url = "https://tr.wikipedia.org/wiki/Boğaziçi_Köprüsü"
    assert checked(url, " Boğaziçi\n Köprüsü ", 1) == WebSource(url, "Boğaziçi Köprüsü", 1)
    for odd in (True, 0, -1, 1000, "1", float("nan"), [1]):
        assert checked(url, odd, odd) == WebSource(url, odd if odd == "1" else "")
    assert len(checked(url, "x" * 5000).title) == 300  # type: ignore[union-attr]


def test_what_comes_later_completes_a_source() -> None:
    known = added((), WebSource(A, "Bir"))
    known = added(known, WebSource(B, "", 2))
    assert added(known, WebSource(A, "", 1)) == (WebSource(A, "Bir", 1), WebSource(B, "", 2))


def test_a_number_that_two_claim_names_neither() -> None:
    known = added((WebSource(A, "", 1),), WebSource(B, "", 1))
    assert known == (WebSource(A), WebSource(B))


def test_there_are_not_endlessly_many() -> None:
    message = Message("a", None, "assistant", "", "", answer=Answer("m", "p", ""))
    for number in range(MOST + 50):
        message = fold(message, WebSource(f"{A}{number}"))
    assert message.answer is not None
    assert len(message.answer.web_sources) == MOST


def test_numbered_ones_are_listed_first_and_unsafe_ones_never() -> None:
    known = (WebSource(A), WebSource("javascript:alert(1)", "", 2), WebSource(B, "", 1))
    assert listed(known) == (WebSource(B, "", 1), WebSource(A))


def test_a_notice_is_told_once() -> None:
    message = Message("a", None, "assistant", "", "", answer=Answer("m", "p", ""))
    for _ in range(3):
        message = fold(message, Notice("not_shown"))
    assert message.answer is not None
    assert message.answer.notices == (Notice("not_shown"),)
