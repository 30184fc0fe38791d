"""From a chat to the request a provider gets: what fits of it, and the options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from core.catalog import Model
from core.conversation import ChatSettings, Message, Summary
from core.documents import DocumentContext, UsedPassage
from core.events import Notice
from core.request import ChatRequest, Options, PromptMessage
from engine.calibration import Calibration
from engine.context import Gauge, plan

_T = TypeVar("_T")
_LEAST_ANSWER = 16


@dataclass(frozen=True, slots=True)
class Prompt:
    """The request and what is known about its size.

    `tokens` is our best estimate of it and `rough` the count that estimate was made from (see
    engine.calibration). `left_out` messages did not fit; `notices` say so to the person.
    `passages` of documents are in it, `earlier` the questions of the path before the last one,
    oldest first, whether or not they fit. `within` builds it again for a provider that finds it too
    long, with so many tokens at most; `giving` with what documents say.
    """

    request: ChatRequest
    tokens: int
    rough: int
    gauge: Gauge
    left_out: int = 0
    notices: tuple[Notice, ...] = ()
    passages: tuple[UsedPassage, ...] = ()
    earlier: tuple[str, ...] = ()
    within: Callable[[int | None], Prompt] | None = field(default=None, repr=False, compare=False)
    giving: Callable[[DocumentContext], Prompt] | None = field(
        default=None, repr=False, compare=False
    )


def build_prompt(
    model: Model,
    path: Sequence[Message],
    settings: ChatSettings,
    summaries: Sequence[Summary] = (),
    calibration: Calibration | None = None,
    most: int | None = None,
    documents: DocumentContext | None = None,
) -> Prompt:
    """The request for the next answer after `path`, whose last message is the question, with what
    the documents say about it. It holds `most` tokens at most, and never more than the window
    leaves."""
    known = calibration or Calibration()
    made = plan(model, path, settings, summaries, known, most, documents=documents)
    again = partial(build_prompt, model, path, settings, summaries, known)
    request = ChatRequest(
        model=model,
        messages=tuple(PromptMessage(piece.role, piece.text) for piece in made.pieces),
        system=made.system,
        options=_with_room(resolve_options(model, settings), made.gauge),
        stream=model.streaming,
    )
    return Prompt(
        request,
        made.gauge.used,
        made.rough,
        made.gauge,
        made.gauge.left_out,
        made.notices,
        made.passages,
        tuple(message.content for message in path[:-1] if message.role == "user"),
        within=partial(again, documents=documents),
        giving=lambda found: again(documents=found),
    )


def _with_room(options: Options, gauge: Gauge) -> Options:
    """Ask for no longer an answer than the window has room for: strict servers refuse it."""
    if gauge.window is None or options.max_output_tokens is None:
        return options
    free = max(_LEAST_ANSWER, gauge.reserved, gauge.window - gauge.used - gauge.window // 50)
    return replace(options, max_output_tokens=min(options.max_output_tokens, free))


def resolve_options(model: Model, settings: ChatSettings) -> Options:
    """What the person set, else the model's own defaults, and only what the model takes."""
    chosen = Options(
        temperature=_first(settings.temperature, model.temperature),
        top_p=_first(settings.top_p, model.top_p),
        top_k=_first(settings.top_k, model.top_k),
        max_output_tokens=_first(settings.max_output_tokens, model.max_output_tokens),
        seed=_first(settings.seed, model.seed),
        stop=settings.stop or model.stop,
        reasoning=_first(
            settings.reasoning, model.reasoning if isinstance(model.reasoning, str) else None
        ),
    )
    empty = Options()
    refused = [name for name in Options.__slots__ if name not in model.parameters]
    return replace(chosen, **{name: getattr(empty, name) for name in refused})


def _first(*values: _T | None) -> _T | None:
    return next((value for value in values if value is not None), None)
