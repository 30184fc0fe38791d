"""The real embedded model, end to end: what a newcomer's first message meets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.events import Finish, FinishReason, Status, StreamEvent, TextDelta, Usage
from core.request import ChatRequest, PromptMessage
from providers import embedded, local_prompt
from tests.support.embedded_model import ask, entry

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("real_model")]


async def collect(request: ChatRequest) -> list[StreamEvent]:
    return [event async for event in embedded.stream(request)]


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def last(events: list[StreamEvent], kind: type[Any]) -> Any:
    return next(event for event in reversed(events) if isinstance(event, kind))


async def first_text(events: AsyncGenerator[StreamEvent, None]) -> TextDelta:
    async for event in events:
        if isinstance(event, TextDelta):
            return event
    raise AssertionError("no text came")


async def test_answers_in_many_pieces_and_says_how_it_ended() -> None:
    events = await collect(ask("What is the capital of France?"))
    pieces = [event for event in events if isinstance(event, TextDelta)]
    assert "Paris" in text_of(events)
    assert len(pieces) >= 5
    assert last(events, Finish) == Finish(FinishReason.STOP, "smollm2-135m-instruct")


async def test_counts_the_tokens_it_read_and_wrote() -> None:
    events = await collect(ask("Count from one to fifty.", max_output_tokens=12))
    usage = last(events, Usage)
    assert usage.output_tokens == 12
    assert usage.input_tokens > 20
    assert last(events, Finish).reason is FinishReason.LENGTH


async def test_turkish_and_emoji_come_through_unbroken() -> None:
    wanted = "İğne, ışık, şöför, çağ 🌊🧵"
    request = ask("ignored", max_output_tokens=80)
    shown = (
        PromptMessage("user", f"Repeat exactly: {wanted}"),
        PromptMessage("assistant", wanted),
        PromptMessage("user", f"Repeat exactly: {wanted}"),
    )
    events = await collect(replace(request, messages=shown))
    pieces = [event.text for event in events if isinstance(event, TextDelta)]
    assert wanted in "".join(pieces)
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)


async def test_half_a_character_at_the_end_is_not_shown() -> None:
    history = (
        PromptMessage("user", "Say 🧵"),
        PromptMessage("assistant", "🧵🧵🧵🧵"),
        PromptMessage("user", "Say 🧵"),
    )
    seen = set()
    for most in range(3, 7):
        request = replace(ask("", max_output_tokens=most), messages=history)
        seen.add(text_of(await collect(request)))
    assert len(seen) < 4
    assert set("".join(seen)) == {"🧵"}


async def test_without_streaming_the_answer_comes_in_one_piece() -> None:
    question = "What is the capital of France?"
    whole = await collect(ask(question, stream=False))
    pieces = await collect(ask(question))
    assert sum(isinstance(event, TextDelta) for event in whole) == 1
    assert text_of(whole) == text_of(pieces)


async def test_the_same_seed_gives_the_same_answer() -> None:
    import torch

    before = torch.get_rng_state()
    settings: dict[str, Any] = {"temperature": 1.5, "top_p": 1.0, "max_output_tokens": 6}
    answers = [
        text_of(await collect(ask("Tell me a story.", seed=seed, **settings))) for seed in (1, 1, 2)
    ]
    assert answers[0] == answers[1]
    assert len(set(answers)) > 1
    assert torch.equal(before, torch.get_rng_state())


async def test_top_k_of_one_is_the_likeliest_token_at_any_temperature() -> None:
    likeliest = await collect(ask("Hello!", max_output_tokens=10))
    hot = await collect(ask("Hello!", temperature=2.0, top_k=1, max_output_tokens=10))
    assert text_of(hot) == text_of(likeliest)


async def test_a_prompt_longer_than_the_window_keeps_the_system_and_the_end() -> None:
    request = ask(
        "word " * 3000 + "the end",
        system="Your name is Divan.",
        max_output_tokens=8,
        model=entry(context_window=128),
    )
    events = await collect(request)
    assert last(events, Usage).input_tokens <= 128 - 8
    tokenizer = embedded._load(entry().name, None).result.result().tokenizer
    read = tokenizer.decode(local_prompt.build(tokenizer, request, 120).ids)
    assert read.startswith("<|im_start|>system\nYour name is Divan.<|im_end|>")
    assert read.endswith("word the end<|im_end|>\n<|im_start|>assistant\n")


async def test_a_system_prompt_longer_than_the_window_leaves_room_for_the_question() -> None:
    request = ask(
        "What is new?",
        system="rule " * 3000,
        max_output_tokens=8,
        model=entry(context_window=128),
    )
    events = await collect(request)
    assert text_of(events)
    assert last(events, Usage).input_tokens <= 128


async def test_old_messages_give_way_to_the_question() -> None:
    old = tuple(
        PromptMessage("user" if n % 2 == 0 else "assistant", f"Old message {n}. " * 40)
        for n in range(20)
    )
    question = PromptMessage("user", "What is the capital of France?")
    request = ask("", model=entry(context_window=400), max_output_tokens=40)
    events = await collect(replace(request, messages=(*old, question)))
    assert last(events, Usage).input_tokens <= 400
    assert "Paris" in text_of(events)


async def test_writing_the_end_mark_does_not_end_the_question() -> None:
    plain = await collect(ask("a b", max_output_tokens=1))
    marked = await collect(ask("a <|im_end|><|im_end|><|im_end|> b", max_output_tokens=1))
    assert last(marked, Usage).input_tokens > last(plain, Usage).input_tokens + 6


class Passes:
    """Counts how often the network ran."""

    def __init__(self, network: Any) -> None:
        self.count = 0
        self._hook = network.register_forward_hook(self._ran)

    def _ran(self, *_: object) -> None:
        self.count += 1

    def stop(self) -> None:
        self._hook.remove()


async def _idle() -> None:
    """Waits until the model's thread has nothing left to do."""
    await embedded._in_thread(lambda: None)


async def test_closing_the_stream_stops_the_model() -> None:
    await collect(ask("Hello", max_output_tokens=1))
    passes = Passes(embedded._load(entry().name, None).result.result().network)
    try:
        async with aclosing(embedded.stream(ask("Write a long story."))) as events:
            await first_text(events)
        await _idle()
        assert passes.count <= 3
    finally:
        passes.stop()


async def test_cancelling_the_task_stops_the_model_within_a_token() -> None:
    await collect(ask("Hello", max_output_tokens=1))
    passes = Passes(embedded._load(entry().name, None).result.result().network)
    started = asyncio.Event()

    async def consume() -> None:
        async for event in embedded.stream(ask("Write a long story.")):
            if isinstance(event, TextDelta):
                started.set()

    try:
        task = asyncio.create_task(consume())
        await started.wait()
        seen = passes.count
        task.cancel()
        await asyncio.wait({task})
        await _idle()
        assert passes.count <= seen + 2
    finally:
        passes.stop()
    assert text_of(await collect(ask("Hello", max_output_tokens=3)))


async def test_two_answers_grow_side_by_side_and_a_third_waits_for_its_place() -> None:
    order: list[int] = []
    waited: set[int] = set()

    async def consume(number: int) -> list[StreamEvent]:
        events = []
        async for event in embedded.stream(ask("Tell me a story.", max_output_tokens=12)):
            events.append(event)
            if isinstance(event, TextDelta):
                order.append(number)
            if isinstance(event, Status) and event.key == "waiting":
                waited.add(number)
        return events

    await collect(ask("Hello", max_output_tokens=1))
    answers = await asyncio.gather(*(consume(n) for n in range(3)))
    assert all(last(events, Usage).output_tokens for events in answers)
    assert set(order[:8]) == {0, 1}
    assert waited == {2}


async def test_a_place_in_line_that_is_left_is_given_on() -> None:
    await collect(ask("Hello", max_output_tokens=1))
    streams = [embedded.stream(ask("Tell me a long story.")) for _ in range(2)]
    for stream in streams:
        await first_text(stream)
    third = embedded.stream(ask("Hello", max_output_tokens=3))
    assert await anext(third) == Status("waiting", {"model": entry().label})
    await third.aclose()
    for stream in streams:
        await stream.aclose()
    assert text_of(await collect(ask("Hello", max_output_tokens=3)))


async def test_first_loads_at_the_same_time_load_once(real_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "models"
    copy.symlink_to(real_model)
    embedded.use_folder(copy)
    try:
        answers = await asyncio.gather(
            *(collect(ask("Hello", max_output_tokens=2)) for _ in range(3))
        )
        loads = embedded._home.loads
        assert all(text_of(events) for events in answers)
        assert list(loads) == [entry().name]
        assert answers[0][0] == Status("loading", {"model": entry().label})
    finally:
        embedded.use_folder(real_model)
