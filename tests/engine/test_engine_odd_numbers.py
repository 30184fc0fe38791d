"""Whatever a server puts where numbers belong: the answer is kept, read again and drawn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.catalog import Catalog, Price
from core.conversation import ChatSettings, Conversation, Outcome
from core.keys import Keys
from engine.turns import Turns
from providers.router import Router
from storage.files import FileStores
from tests.providers.dialects import DIALECTS, KEY, Dialect
from tests.providers.wire_server import Reply, serve
from ui.compare_answer import AnswerSheet
from ui.render import Renderer

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS
ODD = (
    "true", "false", "-5", "1" + "0" * 30, "NaN", "1e999", "-1e999", '"7"', "[]", "{}", "null",
    '"\\ud800"', str(2**63), str(2**63 - 1), str(2**64), "7.5", '"' + "x" * 1000 + '"',
)  # fmt: skip
"""As they stand in the JSON of an answer."""
_PLACE = "@odd@"


def _ending(dialect: Dialect) -> list[Any]:
    """The end of an answer with `_PLACE` wherever a server can put a number, and as its name."""
    numbers: tuple[str, ...]
    if dialect is OLLAMA:
        numbers = ("prompt_eval_count", "eval_count", "load_duration", "total_duration", "model")
        return [{**dialect.ending()[0], **dict.fromkeys(numbers, _PLACE)}]
    if dialect is GEMINI:
        numbers = (
            "promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount",
            "cachedContentTokenCount", "totalTokenCount",
        )  # fmt: skip
        end = dialect.ending()[0]
        candidate = {**end["candidates"][0], "avgLogprobs": _PLACE, "tokenCount": _PLACE}
        named = {"modelVersion": _PLACE, "usageMetadata": dict.fromkeys(numbers, _PLACE)}
        return [{**end, "candidates": [candidate], **named}]
    numbers = ("prompt_tokens", "completion_tokens", "total_tokens", "cost")
    usage = {
        **dict.fromkeys(numbers, _PLACE),
        "completion_tokens_details": {"reasoning_tokens": _PLACE},
        "prompt_tokens_details": {"cached_tokens": _PLACE},
    }
    return [*dialect.ending()[:1], {**dialect.ending()[-1], "model": _PLACE, "usage": usage}]


def _reply(dialect: Dialect, odd: str) -> Reply:
    reply = dialect.stream([dialect.piece("Merhaba"), *_ending(dialect)])
    reply.parts = [part.replace(f'"{_PLACE}"'.encode(), odd.encode()) for part in reply.parts]
    return reply


def _drawn(chat: Conversation) -> str:
    path = chat.path()
    sheets = [AnswerSheet("tr", painted=False).message(one) for one in path]
    return json.dumps([*Renderer(Catalog(), "tr").messages(path), *sheets], allow_nan=False)


async def _answered(folder: Path, dialect: Dialect, odd: str) -> tuple[str, str]:
    """The chat's id and title, once its answer is on the disk."""
    async with serve() as server:
        server.reply(_reply(dialect, odd))
        price = Price(input=1, output=2, cached=0.1)
        model = dialect.model(server.url, price=price, first_byte=60, between_chunks=60)
        router = Router(Keys(folder / ".env", {"TEST_KEY": KEY}))
        stores = FileStores(folder / "chats", folder / "data", lambda _: True)
        turns = Turns(Catalog(models=(model,)), stores, router.stream)
        turn = await turns.send("", None, "Selam?", model.id, ChatSettings())
        async with asyncio.timeout(60):
            while not turn.ended:
                await turn.signal.after(turn.seq)
        await turns.shut_down()
        stores.close()
        return turn.chat_id, turn.message.content


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
async def test_an_odd_number_costs_itself_not_the_answer(
    tmp_path: Path, dialect: Dialect, odd: str
) -> None:
    chat_id, text = await _answered(tmp_path, dialect, odd)
    assert text == "Merhaba"
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda _: False)
    chat = await stores.of("").load(chat_id)
    stores.close()
    assert not list((tmp_path / "chats").glob("corrupt/*"))
    answer = chat.messages[-1].answer
    assert answer is not None
    assert (chat.messages[-1].content, answer.outcome) == ("Merhaba", Outcome.COMPLETE)
    counted = (answer.usage.input_tokens, answer.usage.output_tokens, answer.usage.cached_tokens)
    assert all(number is None or 0 <= number <= 2**53 for number in counted)
    assert answer.usage_estimated
    assert answer.usage.cost in (None, 7.5)
    assert len(answer.returned_model or "") <= 200
    assert "Merhaba" in _drawn(chat)


OLD_FILES: tuple[Mapping[str, Any], ...] = (
    {"usage": {"input_tokens": True, "output_tokens": 3}},
    {"usage": {"input_tokens": 2**64 - 1, "output_tokens": 3}},
    {"usage": {"input_tokens": "7", "output_tokens": 3, "cost": []}},
    {"usage": {"input_tokens": -5, "output_tokens": 3}, "duration_s": "long"},
    {"usage": {"output_tokens": 3, "load_s": {}}, "tokens_per_s": True, "cost_usd": -5},
)


@pytest.mark.parametrize("answer", OLD_FILES)
async def test_a_chat_that_an_earlier_version_wrote_with_such_a_number_opens(
    tmp_path: Path, answer: Mapping[str, Any]
) -> None:
    question = {"id": "q", "role": "user", "content": "Selam?"}
    said = {"id": "a", "role": "assistant", "content": "Merhaba", "answer": answer}
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "old.json").write_text(json.dumps({"messages": [question, said]}))
    stores = FileStores(tmp_path / "chats", tmp_path / "data", lambda _: False)
    chat = await stores.of("").load("old")
    stores.close()
    kept = chat.messages[-1].answer
    assert kept is not None
    assert (kept.usage.input_tokens, kept.usage.output_tokens) == (None, 3)
    assert "Merhaba" in _drawn(chat)
