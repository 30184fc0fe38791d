"""What is sent: history that fits and takes turns, and options the model takes."""

from __future__ import annotations

from dataclasses import replace

from core.conversation import Answer, ChatSettings, Message
from core.events import ToolCall
from engine.prompt import build_prompt
from tests.engine.engine_script import a_model


def path(*texts: str) -> list[Message]:
    answer = Answer("m", "p", "")
    return [
        Message(
            str(n),
            str(n - 1) if n else None,
            "assistant" if n % 2 else "user",
            text,
            "",
            answer=answer if n % 2 else None,
        )
        for n, text in enumerate(texts)
    ]


def texts_of(messages: object) -> list[str]:
    return [m.text for m in messages]  # type: ignore[attr-defined]


def test_an_empty_answer_is_left_out_and_its_neighbours_are_joined() -> None:
    prompt = build_prompt(a_model(), path("bir", "", "iki"), ChatSettings())
    assert [(m.role, m.text) for m in prompt.request.messages] == [("user", "bir\n\niki")]


def test_an_answer_of_calls_alone_keeps_its_place_between_the_questions() -> None:
    asked, called, again = path("Hava nasıl?", "", "Ya yarın?")
    call = ToolCall("c1", "weather", '{"city": "İzmir"}')
    said = replace(called, tool_calls=(call, ToolCall("c2", "clock", "")))
    prompt = build_prompt(a_model(), [asked, said, again], ChatSettings())
    assert [m.role for m in prompt.request.messages] == ["user", "assistant", "user"]
    assert texts_of(prompt.request.messages) == [
        "Hava nasıl?",
        'Called weather with {"city": "İzmir"}; there is no result yet.\n'
        "Called clock with {}; there is no result yet.",
        "Ya yarın?",
    ]
    assert prompt.tokens > build_prompt(a_model(), [asked, again], ChatSettings()).tokens


def test_the_oldest_messages_are_left_out_where_the_window_is_small() -> None:
    long = "x" * 200
    prompt = build_prompt(
        a_model(context_window=200), path(long, long, long, long, "son soru"), ChatSettings()
    )
    sent = texts_of(prompt.request.messages)
    assert sent[-1] == "son soru"
    assert prompt.request.messages[0].role == "user"
    assert prompt.left_out == 5 - len(sent)
    assert prompt.left_out > 0


def test_the_last_question_is_sent_even_if_it_alone_is_too_long() -> None:
    prompt = build_prompt(a_model(context_window=100), path("x" * 5000), ChatSettings())
    assert len(prompt.request.messages) == 1


def test_settings_win_over_the_models_defaults_and_unknown_ones_are_not_sent() -> None:
    model = a_model(temperature=0.2, top_p=0.5, parameters=("temperature", "max_output_tokens"))
    options = build_prompt(
        model, path("s"), ChatSettings(temperature=0.0, top_p=0.9, max_output_tokens=7, seed=1)
    ).request.options
    assert options.temperature == 0.0
    assert options.max_output_tokens == 7
    assert options.top_p is None
    assert options.seed is None
    assert build_prompt(model, path("s"), ChatSettings()).request.options.temperature == 0.2
