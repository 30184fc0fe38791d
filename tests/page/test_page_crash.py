"""kill -9 of the program in mid-answer: nothing acknowledged is lost, and the page comes back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.page.divan_page import Divan
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.paced_provider import PacedProvider

pytestmark = pytest.mark.program_ends


def kept(chats: Path) -> dict[str, object]:
    (path,) = chats.glob("*.json")
    value: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return value


def wait_for_checkpoint(chats: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if "bir iki üç" in json.dumps(kept(chats), ensure_ascii=False):
            return
        time.sleep(0.05)
    raise AssertionError("no checkpoint came")


def test_kill_in_mid_answer_loses_nothing_that_was_acknowledged(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    provider.hold()
    text = CATALOG.format(url=provider.url)
    with divan_app.running(tmp_path, text) as app:
        divan = Divan(context.new_page(), app.url).open()
        divan.choose("Bekleyen")
        divan.write("Öldürülecek soru")
        expect(divan.answer).to_contain_text("bir iki üç")
        wait_for_checkpoint(app.chats)
        address = divan.page.url.removeprefix(app.url)
        app.kill()
        expect(divan.page.locator("#notices")).to_contain_text("ulaşılamıyor")
    with divan_app.running(tmp_path, text) as app:
        divan = Divan(context.new_page(), app.url).open(address)
        expect(divan.page.locator('#chatbot [data-testid="user"]')).to_contain_text("Öldürülecek")
        expect(divan.answer).to_contain_text("bir iki üç")
        expect(divan.answer).to_contain_text("yarıda kaldı")
        divan.choose("Kelimeler")
        divan.answer.locator(".divan-retry").click()
        divan.settled()
        expect(divan.answer).to_contain_text("kelime20")


def test_an_open_page_goes_on_in_its_chat_with_a_program_started_again(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    text = CATALOG.format(url=provider.url)
    port = divan_app.free_port()
    with divan_app.running(tmp_path, text, port=port) as app:
        divan = Divan(context.new_page(), app.url).open()
        divan.write("Önce")
        divan.settled()
        app.kill()
        expect(divan.page.locator("#notices")).to_contain_text("ulaşılamıyor")
    with divan_app.running(tmp_path, text, port=port) as app:
        expect(divan.page.locator("#notices")).not_to_contain_text("ulaşılamıyor", timeout=30_000)
        divan.write("Sonra")
        expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
        divan.settled()
        messages = kept(app.chats)["messages"]
    assert isinstance(messages, list)
    assert [m["content"] for m in messages if m["role"] == "user"] == ["Önce", "Sonra"]


def test_an_orderly_end_saves_the_running_answer_too(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    provider.hold()
    with divan_app.running(tmp_path, CATALOG.format(url=provider.url)) as app:
        divan = Divan(context.new_page(), app.url).open()
        divan.choose("Bekleyen")
        divan.write("Kapatılacak soru")
        expect(divan.answer).to_contain_text("bir iki üç")
        said, complained = app.end()
        assert said == ""
        assert [line for line in complained.splitlines() if "models[8]" not in line] == []
        messages = kept(app.chats)["messages"]
    assert isinstance(messages, list)
    assert messages[-1]["content"].strip() == "bir iki üç"
    assert messages[-1]["answer"]["outcome"] == "interrupted"
