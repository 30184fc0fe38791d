"""A chat that outgrows its model many times over never fails: it is trimmed or summarised."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog import SummaryRule
from core.conversation import Outcome
from tests.engine.long_chat import WINDOW, Serve, chatting

TURNS = 40
"""Five windows full, with two questions that no window holds."""


def question(number: int) -> str:
    """Short ones, long ones, and now and then one that is longer than the whole window."""
    size = 20_000 if number % 20 == 19 else (number * 137) % 1500
    return f"{number}. soru: " + "uzun bir sohbetin sözleri " * (size // 26)


@pytest.mark.parametrize("summaries", [False, True], ids=["trimmed", "summarised"])
@pytest.mark.parametrize(
    ("how", "model"),
    [
        ({}, {"context_window": WINDOW}),
        ({}, {}),
        ({"bytes_per_token": 1.9}, {"context_window": WINDOW}),
        ({"bytes_per_token": 1.9, "names_numbers": False}, {"context_window": WINDOW}),
        ({"names_numbers": False}, {}),
        ({"names_numbers": False, "counts": False, "bytes_per_token": 2.5}, {}),
        ({"bytes_per_token": 3}, {"context_window": 16 * WINDOW}),
        ({}, {"context_window": WINDOW, "max_output_tokens": WINDOW}),
    ],
    ids=[
        "known", "unknown", "dense", "dense without numbers", "unknown without numbers",
        "nothing known or counted", "smaller than the catalog says", "greedy",
    ],
)  # fmt: skip
async def test_a_chat_far_longer_than_its_window_goes_on_without_one_failed_answer(
    tmp_path: Path,
    serve: Serve,
    summaries: bool,
    how: dict[str, object],
    model: dict[str, object],
) -> None:
    provider = serve(window=WINDOW, **how)
    async with chatting(tmp_path, provider, rule=SummaryRule(enabled=summaries), **model) as long:
        for number in range(TURNS):
            await long.ask(question(number))
            await long.turns.summaries.idle()
        chat = await long.saved()
    answers = [message for message in chat.path() if message.answer]
    assert len(chat.path()) == 2 * TURNS
    assert [a.answer.outcome for a in answers if a.answer] == [Outcome.COMPLETE] * TURNS
    assert all(message.content for message in answers)
    assert len(provider.refused) <= 2
    assert bool(chat.summaries) == summaries
    told = [a for a in answers if a.answer and a.answer.notices]
    assert len(told) > (0 if summaries else TURNS // 2)


async def test_what_was_learned_is_kept_for_the_next_start(tmp_path: Path, serve: Serve) -> None:
    provider = serve(window=WINDOW, bytes_per_token=1.9)
    for expected in (1, 0):
        provider.refused.clear()
        async with chatting(tmp_path, provider) as long:
            for number in range(12):
                await long.ask("Bu sohbet pencereye sığmayacak kadar uzun. " * 40 + str(number))
            assert bool(provider.refused) == bool(expected)


async def test_the_window_is_used_not_only_kept(tmp_path: Path, serve: Serve) -> None:
    """Trimming must not throw away more than is needed."""
    provider = serve(window=WINDOW, bytes_per_token=2.2)
    async with chatting(tmp_path, provider, context_window=WINDOW) as long:
        for number in range(60):
            await long.ask(f"{number} " + "orta boy bir soru " * 12)
    used = [provider.tokens_of(body) for body in provider.requests[-20:]]
    assert min(used) > 0.6 * WINDOW
    assert max(used) <= WINDOW - 1024 + 64


async def test_a_refusal_that_shorter_prompts_do_not_mend_is_told(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(window=3)
    async with chatting(tmp_path, provider, context_window=WINDOW) as long:
        await long.ask("soru")
        answer = (await long.saved()).path()[-1].answer
    assert answer
    assert answer.outcome is Outcome.FAILED
    assert answer.error
    assert answer.error.kind == "too_long"
    assert len(provider.requests) <= 8


async def test_a_retried_answer_says_what_was_left_out_in_the_end(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(window=WINDOW)
    async with chatting(tmp_path, provider) as long:
        for number in range(12):
            await long.ask(f"{number} " + "uzunca bir soru " * 80)
        messages = (await long.saved()).path()
    assert provider.refused
    answer = messages[-1].answer
    (notice,) = answer.notices if answer else ()
    sent = len([m for m in provider.requests[-1]["messages"] if m["role"] != "system"])
    assert notice.key == "left_out"
    assert notice.params == {"count": str(len(messages) - 1 - sent)}
