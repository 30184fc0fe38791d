"""`python app.py check [MODEL...]`: which of a person's keys and models really work.

Every ready model (or every named one, ready or not) is asked for a word without streaming, a
sentence with streaming and, where it claims tools, a tool call. Cloud models are asked at the same
time, those of this machine one after another, because they share its processor.
"""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TextIO

from core.catalog import Catalog, Model
from core.conversation import ChatSettings
from core.errors import ProviderError
from core.events import ReasoningDelta, TextDelta, TextWasReasoning, ToolCall, Usage
from core.request import ChatRequest, PromptMessage, Readiness, ToolSpec
from core.texts import translate
from engine.check_offers import UNKNOWN_NAME, offers
from engine.check_table import Row, Table
from engine.metrics import complete_usage, cost_usd, estimate_tokens, tokens_per_s
from engine.prompt import resolve_options
from engine.services import ModelRouter

_WORD = "Reply with one word: hello."
_SENTENCE = "Write one short sentence about the sea."
_TOOL_QUESTION = "What is the weather in Ankara right now? Use the tool."
_WEATHER = ToolSpec(
    "get_weather",
    "The present weather in a city.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
_MOST_TOKENS = 64
_MOST_TOKENS_WITH_REASONING = 2048
_LEAST_LIMIT_S = 60.0
_NOT_WITHOUT = frozenset({"no_key", "no_weights", "no_package"})
"""What this machine itself lacks: asking would say the same, or begin a download."""


@dataclass
class _Heard:
    """What one call brought. Times in seconds since it began."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    first_token_s: float | None = None
    duration_s: float = 0.0


async def run_check(
    catalog: Catalog, router: ModelRouter, names: Sequence[str], language: str, out: TextIO
) -> int:
    """Ask the models and print the table to `out`. The exit code is 0 where all that were asked
    answered; without `names`, models that are not ready are listed but not asked. Each question
    has a time limit of its own."""
    unknown = [name for name in names if catalog.model(name) is None]
    if unknown:
        for name in unknown:
            print(_unknown(name, catalog, language), file=out)
        return 1
    wanted = [m for m in catalog.models if not names or m.id in names]
    readiness = await asyncio.gather(*(router.check(model) for model in wanted))
    pairs = list(zip(wanted, readiness, strict=True))
    asked = [m for m, state in pairs if _is_asked(state, named=bool(names))]
    table = Table(wanted, language, out)
    table.start(len(asked))
    rows = await _ask_all(asked, router, language, table.show)
    for model, state in pairs:
        if model not in asked:
            kind = state.reason
            rows.append(Row(model.id, ok=False, result=_reason(state, language), kind=kind))
            table.show(rows[-1])
    unknown_names = {row.model for row in rows if row.kind in UNKNOWN_NAME}
    misnamed = [model for model in wanted if model.id in unknown_names]
    table.notes(await offers(misnamed, router, language))
    answered = sum(row.ok for row in rows)
    table.end(answered, len(asked), len(wanted) - len(asked))
    due = len(wanted) if names else len(asked)
    return 0 if due and answered == due else 1


def _is_asked(state: Readiness, named: bool) -> bool:
    return state.ready or (named and state.reason not in _NOT_WITHOUT)


def _unknown(name: str, catalog: Catalog, language: str) -> str:
    known = [model.id for model in catalog.models]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    key = "check.unknown_close" if close else "check.unknown"
    return translate(language, key, name=name, ids=", ".join(close or known))


def _reason(state: Readiness, language: str) -> str:
    reason = translate(language, f"reason.{state.reason}", **state.params)
    return translate(language, "check.not_ready", reason=reason)


async def _ask_all(
    models: Sequence[Model], router: ModelRouter, language: str, show: Callable[[Row], None]
) -> list[Row]:
    async def ask(model: Model) -> Row:
        row = await _ask(model, router, language)
        show(row)
        return row

    async with asyncio.TaskGroup() as group:
        elsewhere = [group.create_task(ask(m)) for m in models if m.kind == "cloud"]
        here = [await ask(m) for m in models if m.kind != "cloud"]
    return [*here, *(task.result() for task in elsewhere)]


async def _ask(model: Model, router: ModelRouter, language: str) -> Row:
    """One model through its two or three questions; the first one that fails ends it."""
    row = Row(model.id, ok=True, result=translate(language, "check.ok"))
    for stage in ("word", "sentence", "tool") if model.tools else ("word", "sentence"):
        try:
            async with asyncio.timeout(_limit(model)):
                heard = await _call(_request(model, stage), router)
        except ProviderError as error:
            card, row = error.card, replace(row, kind=error.kind.value)
            return _failed(row, stage, f"{card.message(language)} {card.hint(language)}", language)
        except TimeoutError:
            limit = f"{_limit(model):g}"
            slow = translate(language, "check.too_slow", limit=limit)
            return _failed(row, stage, slow, language)
        row = _counted(row, model, stage, heard)
        if wrong := _wrong(stage, heard):
            return _failed(row, stage, translate(language, f"check.{wrong}"), language)
    return row


def _limit(model: Model) -> float:
    """Seconds one question may take: what its model may stay silent, and a minute at least."""
    return max(_LEAST_LIMIT_S, model.first_byte)


def _request(model: Model, stage: str) -> ChatRequest:
    question = {"word": _WORD, "sentence": _SENTENCE, "tool": _TOOL_QUESTION}[stage]
    options = resolve_options(model, ChatSettings())
    if "max_output_tokens" in model.parameters:
        most = _MOST_TOKENS_WITH_REASONING if model.reasoning or model.tools else _MOST_TOKENS
        options = replace(options, max_output_tokens=min(most, options.max_output_tokens or most))
    return ChatRequest(
        model=model,
        messages=(PromptMessage("user", question),),
        options=options,
        tools=(_WEATHER,) if stage == "tool" else (),
        stream=stage == "sentence",
    )


async def _call(request: ChatRequest, router: ModelRouter) -> _Heard:
    heard, began = _Heard(), monotonic()
    async with aclosing(router.stream(request)) as events:
        async for event in events:
            if isinstance(event, TextDelta | ReasoningDelta | ToolCall):
                heard.first_token_s = heard.first_token_s or monotonic() - began
            if isinstance(event, TextDelta):
                heard.text += event.text
            elif isinstance(event, TextWasReasoning):
                heard.text = ""
            elif isinstance(event, ToolCall):
                heard.calls.append(event)
            elif isinstance(event, Usage):
                heard.usage = event
    heard.duration_s = monotonic() - began
    return heard


def _wrong(stage: str, heard: _Heard) -> str:
    """The text key of what an answer lacks, or nothing."""
    if stage != "tool":
        return "" if heard.text.strip() else "no_text"
    if not heard.calls:
        return "no_call"
    return "" if _is_object(heard.calls[0].arguments) else "bad_call"


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except ValueError:
        return False


def _counted(row: Row, model: Model, stage: str, heard: _Heard) -> Row:
    """The row with this call's tokens and cost added; times are those of the streamed one."""
    question = _request(model, stage).messages[0].text
    usage, _ = complete_usage(heard.usage, estimate_tokens(question), heard.text)
    cost = cost_usd(model, usage)
    unknown = cost is None or (row.cost is None and row.tokens_in > 0)
    row = replace(
        row,
        tokens_in=row.tokens_in + (usage.input_tokens or 0),
        tokens_out=row.tokens_out + (usage.output_tokens or 0),
        cost=None if unknown else (row.cost or 0.0) + (cost or 0.0),
    )
    if stage != "sentence":
        return row
    speed = tokens_per_s(usage, heard.first_token_s, heard.duration_s)
    return replace(row, first_token_s=heard.first_token_s, tokens_per_s=speed)


def _failed(row: Row, stage: str, why: str, language: str) -> Row:
    name = translate(language, f"check.stage.{stage}")
    return replace(row, ok=False, result=translate(language, "check.failed", stage=name, why=why))
