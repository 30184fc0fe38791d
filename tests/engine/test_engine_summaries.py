"""Summaries: written in the background, kept beside the whole transcript, edited and undone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.catalog import Price, SummaryRule
from core.conversation import ChatSettings, Outcome, Summary
from core.errors import RejectedInput
from tests.engine.long_chat import WINDOW, Long, Serve, chatting, model_of
from tests.support.counting_provider import CountingProvider, words

ON = SummaryRule()
ENOUGH = 20
"""Questions of `question` that fill a window of 4,096 tokens, and no more than once."""


def question(number: int) -> str:
    return f"soru-{number:03} " + "bu sohbetin uzun sözleri " * 10


def reply(body: Mapping[str, Any]) -> str:
    return "ÖZET: çay konuşuldu" if is_summary(body) else words(body)


def is_summary(body: Mapping[str, Any]) -> bool:
    return str(body["messages"][-1]["content"]).startswith("Summarise")


def summary_requests(provider: CountingProvider) -> list[str]:
    return [body["messages"][-1]["content"] for body in provider.requests if is_summary(body)]


def transcript(body: Mapping[str, Any]) -> str:
    """The piece of conversation a summary request holds."""
    text = str(body["messages"][-1]["content"])
    return text.partition("<conversation>\n")[2].removesuffix("\n</conversation>")


async def fill(long: Long, count: int = ENOUGH, start: int = 0) -> None:
    for number in range(start, start + count):
        await long.ask(question(number))
        await long.turns.summaries.idle()


async def until_summarised(long: Long) -> Summary:
    """Go on until there is a summary."""
    for number in range(40):
        await fill(long, 1, number)
        found = (await long.saved()).summaries
        if found:
            return found[0]
    raise AssertionError("no summary came")


async def test_the_oldest_part_is_summarised_and_the_transcript_stays_whole(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(reply=reply)
    price = Price(input=1, output=2)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW, price=price) as long:
        summary = await until_summarised(long)
        chat = await long.saved()
        path = chat.path()
        await long.ask("ve sonra?")
        sent = provider.requests[-1]["messages"]
    assert (summary.first, summary.last) == (path[0].id, path[summary.count - 1].id)
    assert path[summary.count - 1].role == "assistant"
    assert (summary.text, summary.model, summary.off) == ("ÖZET: çay konuşuldu", "m", False)
    assert summary.usage.input_tokens
    assert summary.cost_usd == pytest.approx(summary.usage.input_tokens / 1e6, rel=0.1)
    assert summary.duration_s is not None
    assert [m.content for m in path[::2]] == [question(n) for n in range(len(path) // 2)]
    kept = path[summary.count :]
    assert len(kept) >= 4
    assert "ÖZET" in sent[0]["content"]
    assert [m["content"] for m in sent[1:]] == [*(m.content for m in kept), "ve sonra?"]


async def test_about_half_of_the_window_stays_as_it_was_said(tmp_path: Path, serve: Serve) -> None:
    provider = serve(reply=reply)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        summary = await until_summarised(long)
        await long.ask("kısa")
    kept = provider.tokens_of(provider.requests[-1])
    room = WINDOW * 0.75
    assert 0.35 * room < kept < 0.6 * room
    first = summary_requests(provider)[0]
    assert question(0) in first
    assert question(summary.count // 2 - 1) in first
    assert question(summary.count // 2) not in first


async def test_a_small_summary_model_reads_in_pieces_that_fit_its_own_window(
    tmp_path: Path, serve: Serve
) -> None:
    provider, small = serve(reply=reply), serve(reply=reply, window=700, bytes_per_token=2.5)
    writer = model_of(small, "small", context_window=700)
    rule = SummaryRule(model="small")
    async with chatting(tmp_path, provider, writer, rule=rule, context_window=WINDOW) as long:
        summary = await until_summarised(long)
        path = (await long.saved()).path()
    asked = summary_requests(small)
    assert summary.model == "small"
    assert len(asked) > 3
    assert all("<summary>\nÖZET: çay konuşuldu\n</summary>" in text for text in asked[-2:])
    assert not summary_requests(provider)
    taken = [b for b in small.requests if small.tokens_of(b) + b["max_tokens"] <= small.window]
    read = "".join(transcript(body) for body in taken)
    spoken = (f"{m.role.title()}: {m.content}" for m in path[: summary.count])
    assert read == "\n\n".join(spoken)
    assert summary.usage.input_tokens == sum(map(small.tokens_of, taken))


async def test_the_next_summary_carries_the_first_one_on(tmp_path: Path, serve: Serve) -> None:
    provider = serve(reply=reply)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        first = await until_summarised(long)
        await fill(long, 14, 100)
        chat = await long.saved()
    second = chat.summaries[1]
    assert chat.summaries[0] == first
    assert second.first == first.first
    assert second.count > first.count
    again = summary_requests(provider)[1]
    assert f"<summary>\n{first.text}\n</summary>" in again
    assert question(0) not in again


async def test_a_system_prompt_of_half_the_window_does_not_have_every_turn_summarised(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(reply=lambda body: "ÖZET" if is_summary(body) else "cevap " * 20)
    settings = ChatSettings(system="kural " * 1500)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        for number in range(40):
            await long.ask(f"{number} " + "kısa bir soru " * 8, settings)
            await long.turns.summaries.idle()
        assert 1 <= len((await long.saved()).summaries) <= 15


async def test_nothing_is_summarised_before_the_threshold_or_where_it_is_switched_off(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(reply=reply)
    for name, rule in (("late", SummaryRule(threshold=1)), ("off", SummaryRule(enabled=False))):
        async with chatting(tmp_path / name, provider, rule=rule, context_window=WINDOW) as long:
            await fill(long, 12)
            assert (await long.saved()).summaries == ()
    async with chatting(
        tmp_path / "soon", provider, rule=SummaryRule(threshold=0.4), context_window=WINDOW
    ) as long:
        await fill(long, 12)
        assert (await long.saved()).summaries


async def test_a_persons_own_words_are_sent_and_outlive_a_restart(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(reply=reply)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        summary = await until_summarised(long)
        edited = await long.turns.summaries.edit("", long.chat, summary.id, "  Kahve konuşuldu. ")
        assert edited.summaries[0] == replace(summary, text="Kahve konuşuldu.", edited=True)
        chat = long.chat
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as again:
        again.chat = chat
        await again.ask("sonra?")
        assert "Kahve konuşuldu." in provider.requests[-1]["messages"][0]["content"]
        assert (await again.saved()).summaries[0].edited


async def test_an_undone_summary_is_not_sent_nor_written_again_until_it_is_redone(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(reply=reply)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        summary = await until_summarised(long)
        await long.turns.summaries.undo("", long.chat, summary.id, off=True)
        await long.ask("kısa soru")
        sent = provider.requests[-1]["messages"]
        assert all("ÖZET" not in message["content"] for message in sent)
        assert len(sent) > 2 * (len((await long.saved()).path()) - summary.count) // 2
        await fill(long, 6, 200)
        assert len(summary_requests(provider)) == 1
        redone = await long.turns.summaries.undo("", long.chat, summary.id, off=False)
        assert redone.summaries == (summary,)
        await long.ask("kısa soru")
        assert any("ÖZET" in body["messages"][0]["content"] for body in provider.requests[-2:])


async def test_a_branch_without_the_last_summarised_message_does_not_get_the_summary(
    tmp_path: Path, serve: Serve
) -> None:
    provider = serve(reply=reply)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        await until_summarised(long)
        early = (await long.saved()).path()[2]
        turn = await long.turns.send(
            "", long.chat, "başka bir soru", "m", ChatSettings(), edits=early.id
        )
        while not turn.ended:
            await turn.signal.after(turn.seq)
        sent = provider.requests[-1]["messages"]
    assert [message["content"] for message in sent][::2] == [question(0), "başka bir soru"]


async def test_a_summary_model_that_fails_costs_the_chat_nothing(
    tmp_path: Path, serve: Serve
) -> None:
    provider, down = serve(reply=reply), serve(status=500)
    writer = model_of(down, "down", max_retries=0)
    rule = SummaryRule(model="down")
    async with chatting(tmp_path, provider, writer, rule=rule, context_window=WINDOW) as long:
        await fill(long, 30)
        chat = await long.saved()
        assert not long.turns.summaries.is_running("", long.chat)
    outcomes = {m.answer.outcome for m in chat.path() if m.answer}
    assert outcomes == {Outcome.COMPLETE}
    assert chat.summaries == ()
    assert len(down.requests) == 1


async def test_an_empty_summary_is_none(tmp_path: Path, serve: Serve) -> None:
    provider = serve(reply=lambda body: " " if is_summary(body) else words(body))
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        await fill(long, 25)
        assert summary_requests(provider)
        assert (await long.saved()).summaries == ()


async def test_two_quick_turns_begin_one_summary_and_the_page_is_told(
    tmp_path: Path, serve: Serve
) -> None:
    go_on = threading.Event()

    def slowly(body: Mapping[str, Any]) -> str:
        if is_summary(body):
            go_on.wait(30)
        return reply(body)

    provider = serve(reply=slowly)
    rule = SummaryRule(threshold=0.5)
    async with chatting(tmp_path, provider, rule=rule, context_window=WINDOW) as long:
        summaries = long.turns.summaries
        for number in range(ENOUGH):
            await long.ask(question(number))
        assert summaries.is_running("", long.chat)
        assert not summaries.is_running("else", long.chat)
        seen = summaries.changed.version
        assert summaries.changed.told("", 0) == ((long.chat, 0),)
        assert summaries.changed.told("", seen) == summaries.changed.told("else", 0) == ()
        go_on.set()
        await summaries.idle()
        assert summaries.changed.told("", seen) == ((long.chat, 0),)
        assert not summaries.is_running("", long.chat)
        chat = await long.saved()
    assert len(summary_requests(provider)) == len(chat.summaries) == 1


async def test_a_summary_that_is_being_written_does_not_hold_up_the_end_of_the_program(
    tmp_path: Path, serve: Serve
) -> None:
    go_on = threading.Event()
    provider = serve(reply=lambda b: str(go_on.wait(30)) if is_summary(b) else words(b))
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        for number in range(ENOUGH):
            await long.ask(question(number))
        assert long.turns.summaries.is_running("", long.chat)
        async with asyncio.timeout(5):
            await long.turns.shut_down()
    go_on.set()


async def test_a_summary_of_messages_removed_meanwhile_is_dropped(
    tmp_path: Path, serve: Serve
) -> None:
    go_on = threading.Event()

    def slowly(body: Mapping[str, Any]) -> str:
        if is_summary(body):
            go_on.wait(30)
        return reply(body)

    provider = serve(reply=slowly)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        for number in range(ENOUGH):
            await long.ask(question(number))
        assert long.turns.summaries.is_running("", long.chat)
        await long.stores.of("").update(
            long.chat, lambda c: replace(c, messages=c.messages[:2], leaf=c.messages[1].id)
        )
        go_on.set()
        await long.turns.summaries.idle()
        assert (await long.saved()).summaries == ()


async def test_words_that_cannot_be_kept_are_refused(tmp_path: Path, serve: Serve) -> None:
    provider = serve(reply=reply)
    async with chatting(tmp_path, provider, rule=ON, context_window=WINDOW) as long:
        summary = await until_summarised(long)
        summaries = long.turns.summaries
        for kind, summary_id, text in (
            ("empty_message", summary.id, " "),
            ("message_too_long", summary.id, "x" * 200_001),
            ("summary_gone", "nobody", "metin"),
        ):
            with pytest.raises(RejectedInput) as refused:
                await summaries.edit("", long.chat, summary_id, text)
            assert refused.value.card.kind == kind
        assert (await long.saved()).summaries == (summary,)
