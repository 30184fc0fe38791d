"""Streaming from a server that others wrote: aimock speaks all four wire formats."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from core.catalog import Model
from core.errors import ErrorKind
from core.events import FinishReason
from core.request import ToolSpec
from providers.router import Router
from tests.providers.answers import answered, failed, question
from tests.support import aimock

GREETING = "Merhaba! Size nasıl yardımcı olabilirim? 🍵"
WEATHER = ToolSpec(
    "weather", "Tells the weather", {"type": "object", "properties": {"city": {"type": "string"}}}
)
PROVIDERS = {
    "gemini": ("gemini", "gemini-3.8-flash"),
    "huggingface": ("huggingface", "mistralai/Mistral-7B-Instruct-v0.3"),
    "ollama": ("ollama", "qwen3.5:4b"),
    "openai": ("openai_compatible", "gpt-5"),
    "openrouter": ("openai_compatible", "meta-llama/llama-3.3-70b-instruct"),
}


@pytest.fixture(scope="module")
def mock_url() -> Iterator[str]:
    fixtures = [
        aimock.says("merhaba", GREETING),
        aimock.says("düşün", "Dört.", reasoning="İki artı iki."),
        aimock.calls("hava", "weather", {"city": "İzmir"}),
        aimock.refuses("meşgul", 429, "Rate limited"),
    ]
    with aimock.running(fixtures) as url:
        yield url


@pytest.fixture(params=PROVIDERS)
def model(request: pytest.FixtureRequest, mock_url: str) -> Model:
    wire, name = PROVIDERS[request.param]
    return Model.model_validate(
        {
            "id": "mock", "label": "Mock", "kind": "cloud", "format": wire, "name": name,
            "provider": request.param, "provider_label": request.param, "tools": True,
            "base_url": aimock.base_url(request.param, mock_url), "api_key_env": "TEST_KEY",
            "max_retries": 0, "reasoning": True,
        }
    )  # fmt: skip


async def test_text_streams(router: Router, model: Model) -> None:
    got = await answered(router, question(model, "merhaba"))
    assert got.text == GREETING
    assert len(got.events) > 5
    assert [finish.reason for finish in got.finish] == [FinishReason.STOP]


async def test_text_comes_without_streaming(router: Router, model: Model) -> None:
    assert (await answered(router, question(model, "merhaba", stream=False))).text == GREETING


async def test_reasoning_streams(router: Router, model: Model) -> None:
    got = await answered(router, question(model, "düşün"))
    assert got.text == "Dört."
    if model.format != "ollama":  # the mock writes another key than Ollama does
        assert got.reasoning == "İki artı iki."


async def test_a_tool_is_called(router: Router, model: Model) -> None:
    got = await answered(router, question(model, "hava", tools=(WEATHER,)))
    assert [(c.name, json.loads(c.arguments)) for c in got.calls] == [
        ("weather", {"city": "İzmir"})
    ]
    assert [finish.reason for finish in got.finish] == [FinishReason.TOOL_CALLS]


async def test_being_refused_is_told(router: Router, model: Model) -> None:
    error = await failed(router, question(model, "meşgul"))
    assert error.kind is ErrorKind.RATE_LIMITED
    assert error.card.params["detail"] == "Rate limited"
