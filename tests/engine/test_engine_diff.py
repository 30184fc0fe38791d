"""What two answers differ in, and which rounds of two paths stand beside each other."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation import Answer, Conversation, Message
from engine.diff import pairs, word_diff

WHEN = "2026-11-20T10:00:00.000Z"
TEXTS = st.text(st.sampled_from("ab .\n"), max_size=60)


def asked(message_id: str, parent: str | None, text: str) -> Message:
    return Message(message_id, parent, "user", text, WHEN)


def answered(message_id: str, parent: str, text: str) -> Message:
    return Message(message_id, parent, "assistant", text, WHEN, answer=Answer("m", "p", WHEN))


@pytest.fixture
def chat() -> Conversation:
    """One question with two answers; the talk went on after each, one round after the second."""
    messages = (
        asked("q1", None, "bir"),
        answered("a1", "q1", "kırmızı elma"),
        answered("b1", "q1", "yeşil elma"),
        asked("q2", "a1", "iki"),
        answered("a2", "q2", "armut"),
        asked("q3", "a2", "üç"),
        asked("q2b", "b1", "iki"),
        answered("b2", "q2b", "ayva"),
    )
    return Conversation("c", "t", WHEN, WHEN, leaf="q3", messages=messages)


@given(TEXTS, TEXTS)
def test_nothing_is_lost_or_made_up(a: str, b: str) -> None:
    pieces = word_diff(a, b)
    assert "".join(text for kind, text in pieces if kind != "in") == a
    assert "".join(text for kind, text in pieces if kind != "out") == b
    assert all(text for _, text in pieces)


def test_only_the_changed_words_are_marked() -> None:
    a = "Ankara'da hava bugün güneşli.\nSon satır."
    b = "Ankara'da hava yarın yağmurlu.\nSon satır.\nBir daha."
    assert word_diff(a, b) == (
        ("same", "Ankara'da hava "),
        ("out", "bugün güneşli"),
        ("in", "yarın yağmurlu"),
        ("same", ".\nSon satır."),
        ("in", "\nBir daha."),
    )


def test_a_line_broken_elsewhere_changes_no_word() -> None:
    pieces = word_diff("bir iki\nüç dört", "bir\niki üç dört")
    assert [text for kind, text in pieces if kind != "same" and text.strip()] == []


def test_two_answers_of_12_000_tokens_take_a_fraction_of_a_second() -> None:
    """The worst kind: one paragraph each, of few words that come again and again."""
    draw = Random(1)
    a, b = (" ".join(f"w{draw.randrange(150)}" for _ in range(9000)) for _ in "ab")
    began = time.process_time()
    assert len(word_diff(a, b)) > 1
    assert time.process_time() - began < 2


def test_equal_texts_are_one_piece_and_empty_ones_none() -> None:
    assert word_diff("a\nb", "a\nb") == (("same", "a\nb"),)
    assert word_diff("", "") == ()


def test_two_answers_of_one_question_make_one_pair(chat: Conversation) -> None:
    (pair,) = pairs(chat, "a1", "b1")
    assert (pair.question_a, pair.question_b) == (chat.message("q1"), chat.message("q1"))
    assert pair.pieces == (("out", "kırmızı"), ("in", "yeşil"), ("same", " elma"))


def test_two_paths_are_paired_round_by_round_from_their_fork(chat: Conversation) -> None:
    found = [
        (p.question_a and p.question_a.id, p.a and p.a.id, p.question_b and p.question_b.id,
         p.b and p.b.id)
        for p in pairs(chat, "q3", "b2")
    ]  # fmt: skip
    assert found == [
        ("q1", "a1", "q1", "b1"),
        ("q2", "a2", "q2b", "b2"),
        ("q3", None, None, None),
    ]


def test_a_path_and_its_own_beginning_differ_in_what_came_after(chat: Conversation) -> None:
    (pair,) = pairs(chat, "a1", "a2")
    assert (pair.a, pair.b and pair.b.id, pair.pieces) == (None, "a2", (("in", "armut"),))
    assert pairs(chat, "a2", "a2") == ()


def test_a_message_the_chat_does_not_have_is_an_error(chat: Conversation) -> None:
    with pytest.raises(KeyError, match="gone"):
        pairs(chat, "a1", "gone")
