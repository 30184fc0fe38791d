"""Pieces of text: tags and characters that are cut anywhere, waits, and what is removed."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from core.events import ReasoningDelta
from providers.redaction import Redactor, shown_address
from providers.retry import asked_wait
from providers.surrogates import Joiner
from providers.thinktag import ThinkTag
from tests.providers.dialects import OpenAI
from tests.support.data import CASES

THOUGHT = "\n <think>\nLet me < see </ think.</think>\n\nFour < 5 <think>."


def _split(pieces: list[str]) -> tuple[str, str]:
    tag = ThinkTag()
    events = [event for piece in pieces for event in tag.feed(piece)] + list(tag.end())
    thought = "".join(e.text for e in events if isinstance(e, ReasoningDelta))
    return thought, "".join(e.text for e in events if not isinstance(e, ReasoningDelta))


@pytest.mark.parametrize("size", range(1, 12))
def test_a_think_tag_is_found_however_it_is_cut(size: int) -> None:
    pieces = [THOUGHT[start : start + size] for start in range(0, len(THOUGHT), size)]
    assert _split(pieces) == ("Let me < see </ think.", "Four < 5 <think>.")


@pytest.mark.parametrize("case", ["harmony", "square", "thinking", "thought"])
def test_thoughts_in_other_clothes_are_found_letter_by_letter(case: str) -> None:
    text = (CASES / f"thoughts-{case}.md").read_text(encoding="utf-8")
    thought, answer = _split(list(text))
    assert (thought.strip(), answer.strip()) == ("Önce düşüneyim.", "Yanıt budur.")


@pytest.mark.parametrize(
    "text", ["<thin", "[THIN", "<|channel|>ana", "<b>x</b>", "  hello <think>no</think>", "", "\n"]
)
def test_text_without_a_leading_think_tag_is_untouched(text: str) -> None:
    assert _split(list(text)) == ("", text)


def test_a_thought_that_is_cut_off_is_not_lost() -> None:
    assert _split(["<think>half a thou</th"]) == ("half a thou</th", "")


def test_text_flows_at_once_after_the_first_letters() -> None:
    tag = ThinkTag()
    assert [event.text for event in tag.feed("Hi")] == ["Hi"]


def test_an_emoji_cut_in_half_is_joined() -> None:
    joiner = Joiner()
    assert [joiner.feed("a\ud83d"), joiner.feed("\ude00b"), joiner.end()] == ["a", "😀b", ""]


def test_a_half_that_stays_alone_is_replaced() -> None:
    joiner = Joiner()
    assert joiner.feed("a\ude00\ud83d") + joiner.feed("b\ud83d") + joiner.end() == "a��b�"


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"Retry-After": "48"}, "", 48),
        ({"retry-after": "1.5"}, "", 1.5),
        ({"Retry-After-Ms": "250", "Retry-After": "9"}, "", 0.25),
        ({"Retry-After": "soon"}, "", None),
        ({"Retry-After": "-3"}, "", None),
        ({"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}, "", 0),
        ({}, '{"error": {"details": [{"retryDelay": "34.4s"}]}}', 34.4),
        ({}, '{"retryDelay": ', None),
        ({}, "", None),
    ],
)
def test_the_wait_a_server_names(headers: dict[str, str], body: str, wait: float | None) -> None:
    assert asked_wait(headers, body) == wait


def test_a_wait_may_be_a_date() -> None:
    wait = asked_wait({"Retry-After": formatdate(time.time() + 50, usegmt=True)}, "")
    assert wait is not None
    assert 45 <= wait <= 50


def test_an_address_is_shown_without_its_secrets() -> None:
    assert shown_address("https://me:pass@host:8/v1/?key=1") == "https://host:8/v1"


def test_other_peoples_keys_in_an_address_are_removed() -> None:
    redactor = Redactor(OpenAI("openai").model("http://127.0.0.1:9"), None)
    cleaned = redactor.clean("GET https://host/v1?alt=sse&key=AIzaSomething&x=1 failed")
    assert cleaned == "GET https://host/v1?alt=sse&key=[key removed]&x=1 failed"
