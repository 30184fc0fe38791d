"""`python app.py check`: what a person reads about their keys and models, and the exit code."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import pytest

from core.catalog import Catalog, Limits, Model, ModelRow, ProviderRow, resolve
from core.errors import ErrorKind, ProviderError
from core.events import (
    Finish,
    FinishReason,
    StreamEvent,
    TextDelta,
    TextWasReasoning,
    ToolCall,
    Usage,
)
from core.request import ChatRequest, OfferedModel, Readiness
from engine.check_command import run_check

FINISH = Finish(FinishReason.STOP)
USAGE = Usage(10, 5)


def entry(model_id: str, **keys: Any) -> Model:
    row = ModelRow(id=model_id, provider="gemini", name=model_id, **keys)
    return resolve(row, ProviderRow(), Limits())


class ScriptedRouter:
    """Answers by model id: with events, with an error, or with what a function makes of the
    request. Models it has no answer for lack a key; those in `unsure` seem not to be ready for
    another reason."""

    def __init__(
        self,
        answers: dict[str, Any],
        unsure: dict[str, Readiness] | None = None,
        offered: Sequence[str] = (),
    ) -> None:
        self.answers = answers
        self.unsure = unsure or {}
        self.offered = offered
        self.asked: list[ChatRequest] = []
        self.running = 0
        self.most_running = 0

    async def check(self, model: Model) -> Readiness:
        if model.id in self.unsure:
            return self.unsure[model.id]
        if model.id in self.answers:
            return Readiness(True)
        return Readiness(False, "no_key", {"key": "SOME_KEY"})

    async def list_models(self, model: Model) -> Sequence[OfferedModel]:
        if not self.offered:
            raise ProviderError(ErrorKind.UNREACHABLE)
        return [OfferedModel(name) for name in self.offered]

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        self.asked.append(request)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(0)
            answer = self.answers[request.model.id]
            if isinstance(answer, ProviderError):
                raise answer
            for event in answer(request) if callable(answer) else answer:
                yield event
            if not answer:
                await asyncio.Event().wait()
        finally:
            self.running -= 1


def good(request: ChatRequest) -> Sequence[StreamEvent]:
    if request.tools:
        return [ToolCall("1", "get_weather", '{"city": "Ankara"}'), USAGE, FINISH]
    return [TextDelta("hello"), USAGE, FINISH]


async def check(
    router: ScriptedRouter, models: Sequence[Model], *names: str, language: str = "en"
) -> tuple[int, list[str]]:
    """The exit code and the lines printed."""
    out = io.StringIO()
    code = await run_check(Catalog(models=tuple(models)), router, names, language, out)
    return code, out.getvalue().splitlines()


def row(lines: Sequence[str], model: str) -> str:
    return next(line for line in lines if line.startswith(model + " "))


async def test_a_model_that_answers_is_ok_with_its_tokens_and_cost() -> None:
    router = ScriptedRouter({"good": good})
    code, lines = await check(
        router, [entry("good", tools=True, price={"input": 1000, "output": 100})]
    )
    assert code == 0
    assert row(lines, "good").split()[-3:] == ["30/15", "$0.032", "ok"]
    assert lines[-1] == "1 of 1 answered as they should; 0 not ready."


async def test_asks_a_word_whole_a_sentence_streamed_and_a_tool_where_claimed() -> None:
    router = ScriptedRouter({"plain": good, "tools": good})
    await check(router, [entry("plain", kind="local"), entry("tools", tools=True, kind="local")])
    asked = [(r.model.id, r.stream, bool(r.tools)) for r in router.asked]
    assert asked == [
        ("plain", False, False),
        ("plain", True, False),
        ("tools", False, False),
        ("tools", True, False),
        ("tools", False, True),
    ]


async def test_without_a_price_the_cost_stays_unknown() -> None:
    _, lines = await check(ScriptedRouter({"good": good}), [entry("good")])
    assert row(lines, "good").split()[-3:] == ["20/10", "-", "ok"]


async def test_thoughts_that_came_as_text_are_no_answer() -> None:
    events = [TextDelta("Hm."), TextWasReasoning("Hm."), FINISH]
    code, lines = await check(ScriptedRouter({"thinks": events}), [entry("thinks")])
    assert code == 1
    assert "holds no text" in "\n".join(lines)


def no_call(request: ChatRequest) -> Sequence[StreamEvent]:
    return [TextDelta("It is sunny."), FINISH]


def bad_call(request: ChatRequest) -> Sequence[StreamEvent]:
    if not request.tools:
        return good(request)
    return [ToolCall("1", "get_weather", "Ankara"), FINISH]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([FINISH], "without streaming: The answer holds no text."),
        (no_call, "tool call: It made no tool call."),
        (bad_call, "tool call: The arguments of its tool call are not a JSON object."),
        (
            ProviderError(ErrorKind.BAD_KEY, provider="Google", key="GEMINI_API_KEY"),
            "without streaming: Google refused the API key. Check GEMINI_API_KEY in .env",
        ),
    ],
    ids=["empty", "no call", "bad call", "error"],
)
async def test_what_fails_is_named_with_its_next_step(
    answer: list[StreamEvent] | Callable[..., Any] | ProviderError, said: str
) -> None:
    code, lines = await check(ScriptedRouter({"bad": answer}), [entry("bad", tools=True)])
    assert code == 1
    assert said in row(lines, "bad")


async def test_models_that_are_not_ready_are_listed_and_cost_nothing() -> None:
    router = ScriptedRouter({"good": good})
    code, lines = await check(router, [entry("good"), entry("no-key")])
    assert code == 0
    assert "not ready: No key: set SOME_KEY in .env" in row(lines, "no-key")
    assert {request.model.id for request in router.asked} == {"good"}


async def test_asking_for_a_model_that_is_not_ready_fails() -> None:
    code, lines = await check(ScriptedRouter({"good": good}), [entry("no-key")], "no-key")
    assert code == 1
    assert lines[-1] == "No model is ready; the last column says what each one needs."


NOT_OFFERED = Readiness(False, "no_model", {"provider": "Google", "model": "named"})


async def test_a_named_model_is_asked_although_it_seems_not_to_be_ready() -> None:
    router = ScriptedRouter({"named": good}, {"named": NOT_OFFERED})
    code, lines = await check(router, [entry("named")], "named")
    assert code == 0
    assert row(lines, "named").endswith("ok")


async def test_without_names_what_seems_not_to_be_ready_is_not_asked() -> None:
    router = ScriptedRouter({"named": good, "good": good}, {"named": NOT_OFFERED})
    await check(router, [entry("named"), entry("good")])
    assert {request.model.id for request in router.asked} == {"good"}


@pytest.mark.parametrize("named", [True, False])
async def test_where_a_name_is_unknown_the_names_on_offer_are_shown(named: bool) -> None:
    offered = [f"other-{n}" for n in range(30)] + ["gemini-flash-4"]
    unknown = ProviderError(ErrorKind.NO_MODEL, provider="Google", model="gemini-flash-3")
    state = Readiness(False, "no_model", {"provider": "Google", "model": "gemini-flash-3"})
    router = ScriptedRouter({"gemini-flash-3": unknown}, {"gemini-flash-3": state}, offered)
    model = entry("gemini-flash-3", label="Flash")
    _, lines = await check(router, [model], *(["gemini-flash-3"] if named else []))
    line = next(line for line in lines if line.startswith("gemini-flash-3: "))
    assert line.startswith("gemini-flash-3: gemini offers gemini-flash-4, other-0, other-1")
    assert line.endswith(" and 11 more")


async def test_names_that_cannot_be_listed_are_no_further_failure() -> None:
    unknown = ProviderError(ErrorKind.NO_MODEL, provider="Google", model="x")
    code, lines = await check(ScriptedRouter({"x": unknown}), [entry("x")], "x")
    assert code == 1
    assert "offers" not in " ".join(lines)


async def test_a_question_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.check_command._LEAST_LIMIT_S", 0.01)
    router = ScriptedRouter({"endless": [], "good": good})
    models = [entry("endless", first_byte=0.05), entry("good")]
    code, lines = await asyncio.wait_for(check(router, models), 30)
    assert code == 1
    assert "had not ended after 0.05 s" in row(lines, "endless")
    assert row(lines, "good").endswith("ok")


async def test_only_the_named_models_are_asked() -> None:
    router = ScriptedRouter({"one": good, "two": good})
    code, lines = await check(router, [entry("one"), entry("two")], "two")
    assert code == 0
    assert {request.model.id for request in router.asked} == {"two"}
    assert not any(line.startswith("one") for line in lines)


async def test_an_unknown_name_is_told_with_close_ones_and_nothing_is_asked() -> None:
    router = ScriptedRouter({"gemini-flash": good})
    code, lines = await check(router, [entry("gemini-flash"), entry("qwen")], "gemni-flash")
    assert code == 1
    assert lines == ["There is no model gemni-flash in models.yaml. Did you mean gemini-flash?"]
    assert router.asked == []


async def test_cloud_models_are_asked_together_and_local_ones_in_turn() -> None:
    names = ["a", "b", "c"]
    cloud = ScriptedRouter(dict.fromkeys(names, good))
    await check(cloud, [entry(name) for name in names])
    local = ScriptedRouter(dict.fromkeys(names, good))
    await check(local, [entry(name, kind="local") for name in names])
    assert (cloud.most_running, local.most_running) == (3, 1)


@pytest.mark.parametrize("language", ["tr", "en"])
async def test_columns_stand_under_their_heads(language: str) -> None:
    router = ScriptedRouter({"short": good, "a-very-long-model-name": [FINISH]})
    models = [entry("short"), entry("a-very-long-model-name"), entry("no-key")]
    _, lines = await check(router, models, language=language)
    rule = next(line for line in lines if line.startswith("---"))
    result = rule.rindex(" ") + 1
    table = lines[lines.index(rule) - 1 : lines.index(rule) + 4]
    assert all(line[result - 1] == " " and line[result] != " " for line in table)
