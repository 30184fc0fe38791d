"""One turn from its first event to its saved end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from core.conversation import Conversation, Message, Outcome
from core.errors import (
    ChatNotFound,
    ChatReadOnly,
    ErrorCard,
    ErrorKind,
    ProviderError,
    RejectedInput,
    StorageError,
)
from core.events import Notice, Status
from core.request import StreamFunction
from engine.calibration import Calibration
from engine.checkpoint import Checkpoints
from engine.identity import now
from engine.live import LiveTurn
from engine.metrics import complete_usage, cost_usd, tokens_per_s
from engine.prompt import Prompt
from engine.retrieval import LookedUp, Retrieval
from engine.sending import Sending
from storage.protocol import ChatStore

log = logging.getLogger(__name__)

_BREATH_S = 0.002
_SAVE_AGAIN_AFTER_S = (1, 2, 4, 8, 15, 30)
_THEN_EVERY_S = 60
_LONG_WAIT_S = 10.0


async def run_turn(
    turn: LiveTurn,
    prompt: Prompt,
    stream: StreamFunction,
    store: ChatStore,
    calibration: Calibration,
    retrieval: Retrieval | None = None,
) -> None:
    """Make the answer, with what the `retrieval` brings, and save it: every end becomes the outcome
    of the message.

    `turn.stop()` ends it early; cancelling this coroutine would lose the answer.
    """
    sending = Sending(prompt, stream, calibration)
    made = asyncio.Event()
    checkpoints = asyncio.create_task(Checkpoints(_growing(turn, sending, store)).run(made))
    making = asyncio.create_task(_make(turn, sending, retrieval))
    turn.made_by(making)
    await asyncio.wait([making])
    made.set()
    if making.cancelled():
        _settle(turn, sending, Outcome.INTERRUPTED if turn.interrupted else Outcome.STOPPED, None)
    else:
        _settle(turn, sending, *making.result())
    await asyncio.wait([checkpoints])
    await _save_for_good(turn, store)


async def _make(
    turn: LiveTurn, sending: Sending, retrieval: Retrieval | None
) -> tuple[Outcome, ErrorCard | None]:
    """Wait for the slot, look the question up and read the stream to its end; being cancelled is
    how Stop works."""
    async with turn.slot:
        if retrieval:
            turn.apply(Status("searching"))
            sending.prompt = await _with_passages(turn, sending.prompt, retrieval)
        turn.begin()
        waiting = Status("waiting", {"model": sending.prompt.request.model.label})
        turn.apply(waiting)
        loop = asyncio.get_running_loop()
        late = loop.call_later(_LONG_WAIT_S, _explain_wait, turn, waiting, sending)
        try:
            return await _read(turn, sending)
        finally:
            late.cancel()


def _explain_wait(turn: LiveTurn, waiting: Status, sending: Sending) -> None:
    """Say what a server of one's own may be doing, which has said nothing itself so far."""
    model = sending.prompt.request.model
    if turn.status is waiting and model.is_own and model.format != "embedded":
        turn.apply(replace(waiting, key="waiting_long"))


async def _with_passages(turn: LiveTurn, prompt: Prompt, retrieval: Retrieval) -> Prompt:
    """The prompt with what was found; where there is nothing, the model is told so, too."""
    try:
        found = await retrieval.after(prompt.earlier)
    except Exception:
        log.exception("the documents could not be searched")
        turn.apply(Notice("search_failed"))
        found = LookedUp()
    for notice in found.notices():
        turn.apply(notice)
    if prompt.giving is None:
        return prompt
    prompt = prompt.giving(found.context)
    turn.give(prompt.passages)
    return prompt


async def _read(turn: LiveTurn, sending: Sending) -> tuple[Outcome, ErrorCard | None]:
    model = sending.prompt.request.model
    try:
        breath = time.monotonic() + _BREATH_S
        async with aclosing(sending.events()) as events:
            async for event in events:
                turn.apply(event)
                if time.monotonic() > breath:
                    # A provider that has sent it all never waits, and would keep the pages waiting.
                    await asyncio.sleep(0)
                    breath = time.monotonic() + _BREATH_S
    except ProviderError as error:
        if error.kind is ErrorKind.EMPTY and turn.answer.continues:
            return Outcome.COMPLETE, None
        return Outcome.FAILED, error.card
    except Exception as error:
        log.exception("a provider broke its contract")
        params = {"provider": model.provider_label, "detail": type(error).__name__}
        return Outcome.FAILED, ErrorCard(ErrorKind.UNKNOWN.value, params)
    return Outcome.COMPLETE, None


def _settle(turn: LiveTurn, sending: Sending, outcome: Outcome, error: ErrorCard | None) -> None:
    if turn.spoken:
        sending.learn(turn.answer.usage)
    measured = _measured(turn, sending)
    if not (turn.answer.continues or turn.answer.sources):
        # A prompt that was found too long has been sent again with fewer of them.
        turn.give(sending.prompt.passages)
    turn.finish(outcome, error, **measured)
    if turn.answer.continues and outcome is Outcome.COMPLETE and not turn.added:
        turn.apply(Notice("nothing_added", {"model": sending.prompt.request.model.label}))


def _growing(turn: LiveTurn, sending: Sending, store: ChatStore) -> Callable[[], Awaitable[None]]:
    """What saves the answer so far, where something has come since it did so last."""
    saved = turn.seq

    async def save() -> None:
        nonlocal saved
        seq, message = turn.seq, _so_far(turn, sending)
        if seq != saved:
            await _save(turn.chat_id, message, store)
            saved = seq

    return save


def _so_far(turn: LiveTurn, sending: Sending) -> Message:
    """The growing message with its measures: what is left of it if the program is killed."""
    return replace(turn.message, answer=replace(turn.answer, **_measured(turn, sending)))


def _measured(turn: LiveTurn, sending: Sending) -> dict[str, Any]:
    """Times in seconds, tokens and cost of what has come, as fields of `core.conversation.Answer`.
    What the provider has not counted is estimated."""
    duration = turn.elapsed_s
    usage, estimated = turn.answer.usage, False
    if turn.spoken:
        usage, estimated = complete_usage(usage, sending.prompt.tokens, turn.spoken)
    if usage.load_s is None and turn.load_s is not None:
        usage = replace(usage, load_s=round(turn.load_s, 3))
    return {
        "duration_s": round(duration, 3),
        "first_token_s": None if turn.first_token_s is None else round(turn.first_token_s, 3),
        "usage": usage,
        "usage_estimated": estimated,
        "tokens_per_s": tokens_per_s(usage, turn.first_token_s, duration),
        "cost_usd": cost_usd(sending.prompt.request.model, usage),
    }


async def _save(chat_id: str, message: Message, store: ChatStore) -> None:
    def put(chat: Conversation) -> Conversation:
        return (
            chat
            if chat.message(message.id) == message
            else replace(chat.put(message), updated=now())
        )

    await store.update(chat_id, put)


async def _save_for_good(turn: LiveTurn, store: ChatStore) -> None:
    """Save the end. On a disk that refuses, or where somebody damaged the file's tree meanwhile,
    the answer stays on the page and is tried again until it is saved or the server goes down."""
    for pause in chain(_SAVE_AGAIN_AFTER_S, repeat(_THEN_EVERY_S)):
        try:
            await _save(turn.chat_id, turn.message, store)
            return
        except (ChatNotFound, ChatReadOnly):
            log.info("the chat %s cannot take its answer any more", turn.chat_id)
            return
        except (StorageError, RejectedInput) as error:
            log.error("an answer could not be saved: %s", error)
            turn.apply(Status("not_saved", {"detail": error.card.message("en")}))
        if turn.interrupted:
            return
        await turn.pause(pause)
