"""The window: what is sent, what is left out and cut, and how full the gauge is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.conversation import Answer, ChatSettings, Message, Outcome, Summary
from core.events import Notice, Usage
from engine.calibration import Calibration
from engine.context import gauge, in_effect
from engine.metrics import estimate_tokens
from engine.prompt import Prompt, build_prompt
from tests.engine.engine_script import a_model

PLAIN = ChatSettings()


def chat(*texts: str, usage: Usage | None = None, model: str = "m") -> list[Message]:
    """Questions and answers in turn, ids 0, 1, 2 ...; the newest answer has the usage."""
    made = []
    for n, text in enumerate(texts):
        parent = str(n - 1) if n else None
        if n % 2 == 0:
            made.append(Message(str(n), parent, "user", text, ""))
            continue
        counted = usage if usage and n >= len(texts) - 2 else Usage()
        answer = Answer(model, "p", f"2026-11-20T12:{n:02}", Outcome.COMPLETE, usage=counted)
        made.append(Message(str(n), parent, "assistant", text, "", answer=answer))
    return made


def a_summary(last: str, text: str = "Özet metni", **more: object) -> Summary:
    made = Summary("s" + last, "0", last, int(last) + 1, text, "m", "2026-11-20T13:00")
    return replace(made, **more)  # type: ignore[arg-type]


def sent(prompt: Prompt) -> list[str]:
    return [message.text for message in prompt.request.messages]


def keys(prompt: Prompt) -> list[str]:
    return [notice.key for notice in prompt.notices]


def test_a_question_longer_than_the_window_is_sent_without_its_middle_and_says_so() -> None:
    question = "başlangıç " + "orta " * 5000 + " son"
    prompt = build_prompt(a_model(context_window=1000), chat(question), PLAIN)
    (text,) = sent(prompt)
    assert text.startswith("başlangıç")
    assert text.endswith("son")
    assert "[…]" in text
    assert estimate_tokens(text) <= 1000 - 250
    assert prompt.notices == (Notice("cut", {"count": "1"}),)


def test_a_system_prompt_never_takes_more_than_half_the_window() -> None:
    settings = ChatSettings(system="kural " * 5000)
    prompt = build_prompt(a_model(context_window=1000), chat("kısa soru"), settings)
    assert estimate_tokens(prompt.request.system) <= 500
    assert sent(prompt) == ["kısa soru"]
    assert keys(prompt) == ["system_cut"]


def test_an_answer_too_long_to_send_again_is_sent_without_its_middle_if_nothing_else_fits() -> None:
    path = chat("ilk soru", "cevap " * 3000, "devam et")
    prompt = build_prompt(a_model(context_window=1000), path, PLAIN)
    assert [message.role for message in prompt.request.messages] == ["user", "assistant", "user"]
    assert sent(prompt)[1].count("cevap") > 50
    assert prompt.tokens <= 750
    assert (prompt.left_out, keys(prompt)) == (0, ["cut"])


def test_no_longer_answer_is_asked_for_than_there_is_room_for() -> None:
    model = a_model(context_window=1000, max_output_tokens=1000)
    asked = build_prompt(model, chat("x" * 2400), PLAIN).request.options.max_output_tokens
    assert asked is not None
    assert 600 + asked <= 1000


def test_the_providers_own_count_replaces_the_estimate() -> None:
    path = chat("soru " * 100, "cevap " * 100, "sonraki", usage=Usage(333, 200))
    prompt = build_prompt(a_model(), path, PLAIN)
    assert prompt.tokens == pytest.approx(333 + 200 + estimate_tokens("sonraki"), abs=10)
    measured = gauge(a_model(), path[:2], PLAIN, (), Calibration())
    assert measured.used == pytest.approx(533, abs=6)
    assert measured.counted


@pytest.mark.parametrize(
    ("usage", "changes"),
    [
        (Usage(11, 22), {}),
        (Usage(333, 200), {"usage_estimated": True}),
        (Usage(333, 200), {"notices": (Notice("left_out", {"count": "4"}),)}),
        (Usage(333, 200), {"continues": "other"}),
        (Usage(333, 200), {"model": "another"}),
    ],
    ids=["absurd", "estimated", "shortened", "continued", "another model"],
)
def test_a_count_of_something_else_is_not_taken_for_this_prompt(
    usage: Usage, changes: dict[str, object]
) -> None:
    path = chat("soru " * 200, "cevap " * 200, "sonraki", usage=usage)
    answer = replace(path[1].answer, **changes)  # type: ignore[type-var]
    path[1] = replace(path[1], answer=answer)
    expected = sum(estimate_tokens(message.content) + 4 for message in path)
    assert not gauge(a_model(), path, PLAIN, (), Calibration()).counted
    assert build_prompt(a_model(), path, PLAIN).tokens == pytest.approx(expected, abs=120)


def test_a_count_made_with_another_system_prompt_is_not_taken_for_this_one() -> None:
    path = chat("soru " * 200, "cevap " * 200, usage=Usage(2300, 300))
    now = gauge(a_model(), path, PLAIN, (), Calibration())
    assert not now.counted
    assert now.history == pytest.approx(254 + 304, abs=6)
    then = gauge(a_model(), path, ChatSettings(system="kural " * 1360), (), Calibration())
    assert then.counted
    assert then.used == pytest.approx(2300 + 300, abs=8)


def test_the_summary_is_sent_in_place_of_what_it_stands_for() -> None:
    path = chat("bir", "iki", "üç", "dört", "beş")
    prompt = build_prompt(a_model(), path, ChatSettings(system="Kısa yaz."), [a_summary("1")])
    assert sent(prompt) == ["üç", "dört", "beş"]
    assert prompt.request.system.startswith("Kısa yaz.\n\n")
    assert prompt.request.system.endswith("Özet metni")
    assert (prompt.left_out, prompt.gauge.summarised) == (0, 2)
    assert prompt.gauge.summary > 0


def test_the_summary_that_reaches_furthest_counts_and_an_undone_one_does_not() -> None:
    path = chat("bir", "iki", "üç", "dört", "beş")
    early, late = a_summary("1"), a_summary("3")
    assert in_effect(path, [late, early]) == late
    assert in_effect(path, [early, replace(late, off=True)]) == early
    assert in_effect(path, [replace(early, off=True)]) is None


def test_a_branch_without_the_summarys_last_message_does_not_get_it() -> None:
    path = chat("bir", "iki", "üç", "dört", "beş")
    assert in_effect(path[:1], [a_summary("1")]) is None
    prompt = build_prompt(a_model(), path[:1], PLAIN, [a_summary("1")])
    assert prompt.request.system == ""
    assert sent(prompt) == ["bir"]


def test_the_gauge_says_how_full_it_is_and_what_is_left_out() -> None:
    model = a_model(context_window=1000)
    empty = gauge(model, [], PLAIN, (), Calibration())
    assert (empty.window, empty.used, empty.left_out, empty.fraction) == (1000, 0, 0, 0.0)
    half = gauge(model, chat("x" * 600, "y" * 600), PLAIN, (), Calibration())
    assert half.used == pytest.approx(308)
    assert half.fraction == pytest.approx(308 / 722, abs=0.02)
    full = gauge(model, chat(*["x" * 600] * 20), PLAIN, (), Calibration())
    assert full.fraction == 1
    assert full.used + full.reserved <= 1000
    assert full.left_out == 20 - round(full.history / 154)


def test_a_model_whose_window_nobody_knows_gets_everything_and_has_no_fraction() -> None:
    path = chat(*["x" * 4000] * 21)
    prompt = build_prompt(a_model(), path, PLAIN)
    assert len(prompt.request.messages) == 21
    assert (prompt.gauge.window, prompt.gauge.fraction) == (None, None)


def test_a_dense_tokenizer_is_learned_and_less_is_sent() -> None:
    calibration = Calibration()
    model, path = a_model(context_window=2000), chat(*["x" * 400] * 41)
    before: Sequence[str] = sent(build_prompt(model, path, PLAIN, (), calibration))
    calibration.learn("m", 1000, 2000)
    after = sent(build_prompt(model, path, PLAIN, (), calibration))
    assert len(after) == pytest.approx(len(before) / 2, abs=2)
