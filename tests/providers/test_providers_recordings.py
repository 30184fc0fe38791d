"""Bytes that real providers sent, replayed in small pieces."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import ErrorKind
from core.events import FinishReason, ToolCall
from core.request import ChatRequest, PromptMessage
from providers.router import Router
from tests.providers.answers import Gathered, answered, ask, failed, question
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.wire_server import Reply, WireServer
from tests.support.data import RECORDINGS, recorded

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS


class Player:
    """Asks the router for an answer and lets the server say what was recorded."""

    def __init__(self, router: Router, server: WireServer) -> None:
        self.router = router
        self.server = server

    def load(self, file: str) -> list[Reply]:
        return [
            Reply(one.status, one.content_type, one.headers, [one.body])
            for one in recorded(file)
            if one.method == "POST" and b'"access_token"' not in one.body
        ]

    def request(self, dialect: Dialect, replies: list[Reply], **changes: Any) -> ChatRequest:
        self.server.reply(*replies)
        kind = replies[0].content_type
        return question(
            dialect.model(self.server.url, **changes), stream="stream" in kind or "ndjson" in kind
        )

    async def play(self, dialect: Dialect, file: str) -> Gathered:
        return await answered(self.router, self.request(dialect, self.load(file)))


@pytest.fixture
def player(router: Router, server: WireServer) -> Player:
    return Player(router, server)


ANSWERS = [
    (OLLAMA, "openllmetry/test_ollama_async_streaming_chat_legacy.yaml", "Here's one", 17, 63),
    (OLLAMA, "openllmetry/test_ollama_chat_tool_calls_legacy.yaml", "This is a simple", 44, 113),
    (OPENAI, "openllmetry/test_together_chat_legacy.yaml", " Why don't we", 18, 35),
    (GEMINI, "pydantic-ai/test_google/test_google_model_stream.yaml", "The capital of", 13, 8),
    (GEMINI, "pydantic-ai/test_google/test_google_model_gemini_3_5_flash.yaml", "4", 15, 73),
    (GEMINI, "vercel-ai/google-text.chunks.txt", "There are **3**", 9, 208),
    (
        HUGGINGFACE,
        "pydantic-ai/test_stream_close/test_cancel_recorded_provider_stream[huggingface].yaml",
        "Paris", 40, 2,
    ),
    (
        OPENAI,
        "pydantic-ai/test_openrouter/test_openrouter_stream_with_reasoning.yaml",
        "I’m ChatGPT", 9, 104,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "file", "start", "given", "made"), ANSWERS)
async def test_a_recorded_answer_is_read_whole(
    player: Player, dialect: Dialect, file: str, start: str, given: int, made: int
) -> None:
    got = await player.play(dialect, file)
    assert got.text.startswith(start)
    assert [(u.input_tokens, u.output_tokens) for u in got.usage] == [(given, made)]
    assert [finish.reason for finish in got.finish] == [FinishReason.STOP]


THOUGHTS = [
    (HUGGINGFACE, "pydantic-ai/test_huggingface/test_hf_model_thinking_part_iter.yaml",
     'Okay, the user asked "How do I cross', "Crossing the street safely"),
    (GEMINI, "pydantic-ai/test_google/test_google_model_thinking_part_iter.yaml",
     "**Clarifying User Goals**", "This is a great question!"),
    (OPENAI, "pydantic-ai/test_openrouter/test_openrouter_streaming_reasoning.yaml",
     "This is a simple arithmetic question.", "2 + 2 = 4"),
    (OPENAI, "pydantic-ai/test_mistral/test_mistral_model_thinking_part_iter.yaml",
     "Okay, the user is asking", "To cross the street safely"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "file", "thought", "text"), THOUGHTS)
async def test_recorded_reasoning_is_kept_apart(
    player: Player, dialect: Dialect, file: str, thought: str, text: str
) -> None:
    got = await player.play(dialect, file)
    assert got.reasoning.startswith(thought)
    assert got.text.startswith(text)
    assert "<think>" not in got.reasoning + got.text


async def test_openrouter_tells_the_cost(player: Player) -> None:
    file = "pydantic-ai/test_openrouter/test_openrouter_stream_with_reasoning.yaml"
    got = await player.play(OPENAI, file)
    assert [usage.cost for usage in got.usage] == [0.00085]


CALLS = [
    (GEMINI, "vercel-ai/google-tool-call-gemini3.chunks.txt",
     [("weather", {"location": "San Francisco"})]),
    (GEMINI, "vercel-ai/google-stream-tool-call-arguments.chunks.txt",
     [("getWeather", {"location": "Boston"}), ("getWeather", {"location": "San Francisco"})]),
    (GEMINI, "vercel-ai/google-stream-no-args-tool-call.chunks.txt",
     [("read_theme", {}), *(("read_screen", {"id": name}) for name in "ABC")]),
    (OPENAI, "pydantic-ai/test_openrouter/test_openrouter_tool_calling.yaml",
     [("divide", {"numerator": 123, "denominator": 456, "on_inf": "infinity"})]),
    (HUGGINGFACE,
     "pydantic-ai/test_tool_choice_matrix/test_tool_choice_matrix[required-huggingface].yaml",
     [("get_weather", {"city": "Paris"})]),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "file", "calls"), CALLS)
async def test_recorded_tool_calls_come_whole(
    player: Player, dialect: Dialect, file: str, calls: list[tuple[str, Any]]
) -> None:
    got = await player.play(dialect, file)
    assert [(call.name, json.loads(call.arguments)) for call in got.calls] == calls
    assert [finish.reason for finish in got.finish] == [FinishReason.TOOL_CALLS]


async def test_call_arguments_in_pieces_are_put_together(player: Player) -> None:
    name = "google-stream-tool-call-array-arguments-missing-terminal-function-call.chunks.txt"
    got = await player.play(GEMINI, f"vercel-ai/{name}")
    operations = json.loads(got.calls[0].arguments)["operations"]
    assert operations[0]["description"] == "Fresh red apple"
    assert (operations[1]["itemid"], operations[1]["price"]) == ("banana_001", 0.3)


async def test_a_recorded_signature_goes_back_as_it_came(player: Player) -> None:
    file = "pydantic-ai/test_google/test_google_streaming_tool_call_thought_signature.yaml"
    replies = player.load(file)
    request = player.request(GEMINI, replies)
    call: ToolCall = (await answered(player.router, request)).calls[0]
    messages = (
        *request.messages,
        PromptMessage("assistant", "", tool_calls=(call,)),
        PromptMessage("tool", "Mexico", tool_call_id=call.id, name=call.name),
    )
    got = await answered(player.router, ChatRequest(request.model, messages))
    assert got.text == "The capital of Mexico is Mexico City."
    sent = player.server.requests[1].body["contents"][1]["parts"][0]
    recorded = replies[0].parts[0].decode()
    signature = sent.get("thoughtSignature") or sent["thought_signature"]
    assert signature.replace("-", "+").replace("_", "/") in recorded
    assert "id" not in sent["functionCall"]


FAILURES = [
    (GEMINI, "pydantic-ai/test_model_name_suggestions/test_model_name_suggestion[google].yaml",
     ErrorKind.NO_MODEL, "gemini-3.6-flahs is not found"),
    (GEMINI,
     "pydantic-ai/test_google/test_google_model_armor_prompt_template_text_gets_blocked.yaml",
     ErrorKind.BLOCKED, ""),
    (OPENAI, "pydantic-ai/test_openrouter/test_openrouter_errors_raised.yaml",
     ErrorKind.RATE_LIMITED, "temporarily rate-limited upstream"),
    (OPENAI, "pydantic-ai/test_openrouter/test_openrouter_stream_error.yaml",
     ErrorKind.BAD_REQUEST, "Token limit reached"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "file", "kind", "words"), FAILURES)
async def test_a_recorded_failure_is_understood(
    player: Player, dialect: Dialect, file: str, kind: ErrorKind, words: str
) -> None:
    error = await failed(player.router, player.request(dialect, player.load(file)))
    assert error.kind is kind
    assert words in error.card.params["detail"]


async def test_an_answer_that_only_thought_says_so(player: Player) -> None:
    name = "test_google_model_max_tokens_thinking_model_empty_response.yaml"
    replies = player.load(f"pydantic-ai/test_google/{name}")
    error = await failed(player.router, player.request(GEMINI, replies))
    assert error.kind is ErrorKind.ONLY_THOUGHTS_LENGTH


@pytest.mark.parametrize(("allowed", "asked"), [(60, 2), (30, 1)])
async def test_geminis_retry_info_is_honoured(
    router: Router,
    server: WireServer,
    monkeypatch: pytest.MonkeyPatch,
    allowed: float,
    asked: int,
) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    body = (RECORDINGS / "vercel-ai/google-429-retry-info.json").read_bytes()
    server.reply(Reply(429, "application/json", {}, [body]), GEMINI.text("ok"))
    monkeypatch.setattr("providers.router.pause", wait)
    model = GEMINI.model(server.url, max_retries=2, retry_wait=allowed)
    got = await ask(router, question(model))
    assert len(server.requests) == asked
    if asked == 2:
        assert (got.text, waits) == ("ok", [34.4])
    else:
        assert got.error is not None
        assert got.error.card.params["wait"] == "35"
