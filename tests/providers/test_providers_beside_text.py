"""What comes beside the text: sources, thoughts to be sent back, code, pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from core.events import Notice, WebSource
from core.request import PromptMessage
from providers.router import Router
from tests.providers.answers import Gathered, answered, question
from tests.providers.dialects import DIALECTS, Dialect, sse
from tests.providers.wire_server import Reply, WireServer
from tests.support.data import CASES

OPENAI, HUGGINGFACE, OLLAMA, GEMINI = DIALECTS
BRIDGE, TOWER = "https://ornek.example/kopru", "https://ornek.example/kule"
CHAT = [OPENAI, HUGGINGFACE]


def _sources(got: Gathered) -> list[WebSource]:
    return [event for event in got.events if isinstance(event, WebSource)]


async def _played(router: Router, server: WireServer, dialect: Dialect, *chunks: Any) -> Gathered:
    server.reply(dialect.answer(chunks))
    return await answered(router, question(dialect.model(server.url)))


def _with(dialect: Dialect, text: str, **delta: Any) -> dict[str, Any]:
    chunk: dict[str, Any] = dialect.piece(text)
    chunk["choices"][0]["delta"] |= delta
    return chunk


def _cited(url: Any, title: Any = "") -> dict[str, Any]:
    return {"type": "url_citation", "url_citation": {"url": url, "title": title}}


@pytest.mark.parametrize("dialect", CHAT, ids=lambda one: one.name)
async def test_annotations_and_citations_are_one_source(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    body = (CASES / "sources-beside-the-text.sse").read_bytes()
    server.reply(Reply(parts=[body]))
    got = await answered(router, question(dialect.model(server.url)))
    assert set(_sources(got)) >= {WebSource(BRIDGE, "Köprü", 1)}
    assert {(one.url, one.number) for one in _sources(got)} == {(BRIDGE, 1)}
    assert got.text == "Köprü 1973’te açıldı [1]."


@pytest.mark.parametrize("dialect", CHAT, ids=lambda one: one.name)
async def test_search_results_name_what_citations_number(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    found = {
        "citations": [TOWER, BRIDGE],
        "search_results": [{"title": "Köprü", "url": BRIDGE}, {"title": "Kule", "url": TOWER}],
    }
    chunks = [{**dialect.piece(text), **found} for text in ("Kule [1], ", "köprü [2].")]
    got = await _played(router, server, dialect, *chunks)
    assert _sources(got) == [WebSource(TOWER, "Kule", 1), WebSource(BRIDGE, "Köprü", 2)]


@pytest.mark.parametrize("dialect", CHAT, ids=lambda one: one.name)
async def test_annotations_are_numbered_as_they_come(
    router: Router, server: WireServer, dialect: Dialect
) -> None:
    flat = {"type": "url_citation", "url": TOWER, "title": "Kule"}
    got = await _played(
        router, server, dialect,
        _with(dialect, "a [1]", annotations=[_cited(BRIDGE, "Köprü")]),
        _with(dialect, "b [2]", annotations=[flat, _cited(BRIDGE, "Köprü")]),
    )  # fmt: skip
    assert _sources(got) == [WebSource(BRIDGE, "Köprü", 1), WebSource(TOWER, "Kule", 2)]


@pytest.mark.parametrize("odd", [5, None, "x", [5, None, {"url": 5}], {"url": BRIDGE}])
async def test_odd_sources_cost_no_text(router: Router, server: WireServer, odd: Any) -> None:
    chunk = {**_with(OPENAI, "Metin", annotations=odd), "citations": odd, "search_results": odd}
    got = await _played(router, server, OPENAI, chunk)
    assert (got.text, _sources(got)) == ("Metin", [])


async def test_gemini_names_what_it_searched_and_quoted(router: Router, server: WireServer) -> None:
    chunk = GEMINI.piece("Köprü 1973’te açıldı.")
    chunk["candidates"][0] |= {
        "groundingMetadata": {
            "groundingChunks": [{"web": {"uri": BRIDGE, "title": "ornek.example"}}, {"web": 5}],
            "groundingSupports": [{"confidenceScores": ["x"]}],
        },
        "citationMetadata": {"citationSources": [{"uri": TOWER, "startIndex": True}]},
    }
    got = await _played(router, server, GEMINI, chunk)
    assert got.text == "Köprü 1973’te açıldı."
    assert _sources(got) == [WebSource(BRIDGE, "ornek.example"), WebSource(TOWER)]


async def test_gemini_shows_code_that_it_ran_and_says_that_a_picture_is_missing(
    router: Router, server: WireServer
) -> None:
    chunk = GEMINI.piece("Hesap:")
    chunk["candidates"][0]["content"]["parts"] += [
        {"executableCode": {"language": "PYTHON", "code": "print('```')\n"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "```\n"}},
        {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}},
    ]
    got = await _played(router, server, GEMINI, chunk)
    assert got.text == "Hesap:\n\n````python\nprint('```')\n````\n\n\n\n````\n```\n````\n\n"
    assert got.notices == [Notice("picture")]


async def test_a_picture_beside_the_text_is_told(router: Router, server: WireServer) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    got = await _played(router, server, OPENAI, _with(OPENAI, "Bakın:", images=[picture]))
    assert (got.text, got.notices) == ("Bakın:", [Notice("picture")])


async def test_thoughts_go_back_with_the_results_of_the_tools(
    router: Router, server: WireServer
) -> None:
    def piece(index: int, **more: Any) -> dict[str, Any]:
        kind = "reasoning.encrypted" if "data" in more else "reasoning.text"
        return _with(OPENAI, "", reasoning_details=[{"type": kind, "index": index, **more}])

    server.reply(
        Reply(
            parts=sse(
                piece(0, text="Hava", format="f"),
                piece(0, text="ya bak"),
                piece(0, signature="c2ln"),
                piece(1, data="c2Vs", id="r1"),
                *OPENAI.calls(),
            )
        ),
        OPENAI.text("ok"),
    )
    model = OPENAI.model(server.url)
    asked = question(model)
    calls = tuple((await answered(router, asked)).calls)
    assert len(calls) == 2
    results = [PromptMessage("tool", "x", tool_call_id=one.id, name=one.name) for one in calls]
    messages = (*asked.messages, PromptMessage("assistant", "", tool_calls=calls), *results)
    await answered(router, replace(asked, messages=messages))
    sent = server.requests[-1].body["messages"][1]
    assert sent["reasoning_details"] == [
        {"type": "reasoning.text", "index": 0, "text": "Havaya bak", "format": "f",
         "signature": "c2ln"},
        {"type": "reasoning.encrypted", "index": 1, "data": "c2Vs", "id": "r1"},
    ]  # fmt: skip
    assert json.dumps(sent).count("Havaya bak") == 1


async def test_thoughts_that_come_in_details_alone_are_shown(
    router: Router, server: WireServer
) -> None:
    parts = [{"type": "reasoning.text", "text": "Havaya "}, {"type": "x", "summary": "bak"}, 5]
    both = _with(OPENAI, "", reasoning="yalnız bu", reasoning_details=parts)
    alone = _with(OPENAI, "Açık.", reasoning_details=parts)
    got = await _played(router, server, OPENAI, both, alone)
    assert (got.reasoning, got.text) == ("yalnız buHavaya bak", "Açık.")
