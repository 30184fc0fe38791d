"""A chat far longer than its model's window, opened and continued on the real page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from core.conversation import Answer, Conversation, Message, Outcome
from storage import codec
from tests.page.divan_page import Divan
from tests.support import divan_app
from tests.support.counting_provider import CountingProvider, words
from tests.support.divan_app import DivanApp

WINDOW = 4096
MESSAGES = 300
CATALOG = """
language: tr
default_model: small
summary: {{enabled: {summaries}}}
providers:
  counting: {{format: openai_compatible, base_url: "{url}", label: Sayan}}
models:
  - {{id: small, label: "Küçük pencere", provider: counting, name: small, context_window: {window}}}
"""
MOMENT = "2026-11-20T12:00:00.000Z"


def reply(body: Mapping[str, Any]) -> str:
    summing_up = str(body["messages"][-1]["content"]).startswith("Summarise")
    return "Eskiden çaydan söz edildi." if summing_up else words(body)


@dataclass(frozen=True)
class Stored:
    """A running Divan with one long chat, and the provider of its model."""

    app: DivanApp
    provider: CountingProvider
    chat: str = "uzun"

    def saved(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.app.chats / f"{self.chat}.json").read_bytes())
        return found


def write_chat(folder: Path) -> None:
    """Three hundred messages of about 400 characters."""
    messages: list[Message] = []
    for number in range(MESSAGES):
        parent = messages[-1].id if messages else None
        text = f"{number}. ileti: " + "uzun sohbetin sözleri sürer " * 14
        if number % 2 == 0:
            messages.append(Message(f"m{number}", parent, "user", text, MOMENT))
            continue
        answer = Answer("small", "counting", MOMENT, Outcome.COMPLETE)
        messages.append(Message(f"m{number}", parent, "assistant", text, MOMENT, answer=answer))
    chat = Conversation(
        "uzun", "Uzun sohbet", MOMENT, MOMENT, model="small", leaf=messages[-1].id,
        messages=tuple(messages),
    )  # fmt: skip
    folder.mkdir(parents=True)
    (folder / "uzun.json").write_bytes(codec.encode(chat))


@pytest.fixture(params=["true", "false"], ids=["summarised", "trimmed"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stored]:
    # Its tokens are smaller than ours: what fits has to be learned.
    provider = CountingProvider(window=WINDOW, bytes_per_token=2.5, reply=reply)
    write_chat(tmp_path / "chats")
    catalog = CATALOG.format(url=provider.url, window=WINDOW, summaries=request.param)
    with divan_app.running(tmp_path, catalog) as app:
        yield Stored(app, provider)
    provider.close()


def test_a_chat_of_three_hundred_messages_keeps_answering_and_says_what_was_not_sent(
    context: BrowserContext, stored: Stored, request: pytest.FixtureRequest
) -> None:
    divan = Divan(context.new_page(), stored.app.url).open(f"/?chat={stored.chat}")
    expect(divan.page.locator("#context-gauge > button")).to_have_attribute(
        "aria-label", "Bağlam: hepsi pencereye sığmıyor"
    )
    for number in range(6):
        divan.write(f"Yeni soru {number}")
        expect(divan.answer).to_contain_text(f"Yeni soru {number}: cevap kelimeleri")
        divan.settled()
        expect(divan.page.locator(".divan-error")).to_have_count(0)
        if number == 0:
            expect(divan.answer.locator(".divan-note")).to_contain_text("en eski 2")
            expect(divan.answer.locator(".divan-note")).to_contain_text(
                "ileti bu yanıta gönderilmedi"
            )
    saved = stored.saved()
    outcomes = [m["answer"]["outcome"] for m in saved["messages"] if m.get("answer")]
    assert len(saved["messages"]) == MESSAGES + 12
    assert outcomes == ["complete"] * (MESSAGES // 2 + 6)
    assert max(map(stored.provider.tokens_of, stored.provider.requests[2:])) <= WINDOW
    if "summarised" in request.node.callspec.id:
        _is_summarised(divan, stored)
    else:
        expect(divan.answer.locator(".divan-note")).to_contain_text("ileti bu yanıta gönderilmedi")


def _is_summarised(divan: Divan, stored: Stored) -> None:
    """The card stands in the chat and the summary went along with the last question."""
    card = divan.page.locator(".divan-summary-used")
    while card.count() == 0 and divan.page.locator("#earlier").is_visible():
        divan.page.locator("#earlier").click()
    expect(card).to_contain_text("iletinin özeti")
    expect(divan.answer.locator(".divan-note")).to_have_count(0)
    last = stored.provider.requests[-1]["messages"]
    assert "Eskiden çaydan söz edildi." in last[0]["content"]
    divan.page.locator("#context-gauge > button").click()
    expect(divan.page.locator(".divan-gauge")).to_contain_text("Özet")
