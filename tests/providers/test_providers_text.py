"""Pieces of text: tags and characters that are cut anywhere, waits, and what is removed."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from core.events import ReasoningDelta, TextDelta, TextWasReasoning
from providers.redaction import Redactor, shown_address
from providers.retry import asked_wait
from providers.surrogates import Joiner
from providers.thinktag import ThinkTag
from tests.providers.dialects import OpenAI
from tests.support.data import CASES

THOUGHT = "\n <think>\nLet me < see </ think.</think>\n\nFour < 5 <think>."


def _split(pieces: list[str]) -> tuple[str, str]:
    tag = ThinkTag()
    thought, answer = "", ""
    for event in [*(event for piece in pieces for event in tag.feed(piece)), *tag.end()]:
        match event:
            case TextDelta(text):
                answer += text
            case ReasoningDelta(text):
                thought += text
            case TextWasReasoning(text):
                assert answer == text
                thought, answer = thought + text, ""
    return thought, answer


@pytest.mark.parametrize("size", range(1, 12))
def test_a_think_tag_is_found_however_it_is_cut(size: int) -> None:
    pieces = [THOUGHT[start : start + size] for start in range(0, len(THOUGHT), size)]
    assert _split(pieces) == ("Let me < see </ think.", "Four < 5 <think>.")


@pytest.mark.parametrize("case", ["harmony", "square", "thinking", "thought"])
def test_thoughts_in_other_clothes_are_found_letter_by_letter(case: str) -> None:
    text = (CASES / f"thoughts-{case}.md").read_text(encoding="utf-8")
    thought, answer = _split(list(text))
    assert (thought.strip(), answer.strip()) == ("Önce düşüneyim.", "Yanıt budur.")


HARMONY = (
    "<|channel|>analysis<|message|>Bir.<|end|>"
    "<|start|>assistant<|channel|>analysis<|message|> İki < üç.<|end|>"
    "<|start|>assistant<|channel|>final<|message|>Yanıt <|message|> budur.<|return|>"
)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 200])
@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        (HARMONY, "Bir. İki < üç.", "Yanıt <|message|> budur."),
        (f"<|start|>assistant{HARMONY}", "Bir. İki < üç.", "Yanıt <|message|> budur."),
        ("<|channel|>final<|message|>Yanıt.", "", "Yanıt."),
        ("<|channel|>analysis<|message|>Bir.<|end|>Yanıt.", "Bir.", "Yanıt."),
        ("<|channel|>analysis<|message|>Yarım <|en", "Yarım <|en", ""),
        ("Önce <b> düşüneyim.\n</think>\n\nYanıt.", "Önce <b> düşüneyim.\n", "Yanıt."),
        ("Önce düşüneyim.</think>Yanıt. </think>", "Önce düşüneyim.", "Yanıt. </think>"),
        ("Etiket `</think>` imiş.\n</think>\nEvet.", "Etiket `</think>` imiş.\n", "Evet."),
        ("\n</think>\n\nYanıt.", "\n", "Yanıt."),
        ("Yalnız düşünce.</think>", "Yalnız düşünce.", ""),
    ],
)
def test_channels_and_thoughts_without_an_opening_tag(
    text: str, thought: str, answer: str, size: int
) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert _split(pieces) == (thought, answer)


@pytest.mark.parametrize(
    "text",
    [
        "Bunu `</think>` ile kapatın.",
        "```\ndüşünce</think>yanıt\n```\n",
        'Sonda "</think>" durur.',
        "Etiket </think> ile biter.",
        "Önce <think> gelir, sonra\n</think>\n",
        "a < b </thin",
        "Yalnızca <",
    ],
)
@pytest.mark.parametrize("size", [1, 3, 200])
def test_an_answer_that_talks_of_tags_stays_text(text: str, size: int) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert _split(pieces) == ("", text)


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
