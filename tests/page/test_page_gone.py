"""Chats that cannot simply go on: their model has left the catalog, or their file is damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, expect

from tests.page.divan_page import Divan
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider


def without(catalog: str, model: str) -> str:
    return "\n".join(line for line in catalog.splitlines() if f"id: {model}," not in line)


def file_of(divan: Divan, app: DivanApp) -> Path:
    chat = divan.page.evaluate("new URLSearchParams(location.search).get('chat')")
    return app.chats / f"{chat}.json"


def test_a_chat_whose_model_has_left_the_catalog_is_read_and_goes_on_with_another(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(tmp_path, catalog) as app:
        divan = Divan(context.new_page(), app.url).open()
        divan.choose("Zengin")
        divan.write("Modeli gidecek")
        divan.settled()
        address = divan.page.url.removeprefix(app.url)
    with divan_app.running(tmp_path, without(catalog, "rich")) as app:
        divan = Divan(context.new_page(), app.url).open(address)
        told = divan.page.locator("[data-notice=model-gone]")
        expect(told).to_contain_text("rich artık katalogda yok")
        expect(told).to_contain_text("Kelimeler ile sürer")
        expect(divan.answer).to_contain_text("Başlık")
        expect(divan.answer.locator(".divan-facts")).to_contain_text("rich")
        divan.choose("Uzun")
        expect(told).to_have_count(0)
        divan.choose("Kelimeler")
        divan.write("Başkasıyla sürsün")
        expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
        divan.settled()
        expect(divan.answer).to_contain_text("kelime20")
        divan.page.reload()
        expect(divan.answer).to_contain_text("kelime20")
        expect(told).to_have_count(0)


def break_links(file: Path) -> bytes:
    """Let the first question hang on its own answer, as a hand that edits the file might."""
    value: Any = json.loads(file.read_text(encoding="utf-8"))
    value["messages"][0]["parent"] = value["messages"][1]["id"]
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return file.read_bytes()


def test_a_damaged_tree_is_told_read_and_repaired_only_when_asked(
    divan: Divan, app: DivanApp
) -> None:
    divan.write("Bağı kopacak")
    divan.settled()
    file = file_of(divan, app)
    divan.new_chat()
    damaged = break_links(file)
    divan.show("Bağı kopacak")
    told = divan.page.locator("[data-notice=damaged]")
    expect(told).to_contain_text("bozuk bağlantılar var")
    expect(divan.page.locator("#chatbot")).to_contain_text("Bağı kopacak")
    expect(divan.page.locator("#composer")).to_be_hidden()
    expect(divan.page.locator("#chatbot .divan-again")).to_be_hidden()
    assert file.read_bytes() == damaged
    told.get_by_role("button", name="Onar").click()
    expect(divan.page.get_by_text("Sohbet onarıldı")).to_be_visible()
    expect(told).to_have_count(0)
    assert file.read_bytes() != damaged
    assert any(old.read_bytes() == damaged for old in (app.chats / "trash").rglob("*.json"))
    divan.write("Onarılınca sürer")
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
    divan.settled()


def test_the_notice_of_one_damaged_chat_does_not_follow_to_another(
    divan: Divan, app: DivanApp
) -> None:
    divan.write("Sağlam")
    divan.settled()
    divan.new_chat()
    divan.write("Bozulacak")
    expect(divan.page).to_have_title("Bozulacak – Divan")
    divan.settled()
    damaged = file_of(divan, app)
    divan.show("Sağlam")
    break_links(damaged)
    divan.show("Bozulacak")
    expect(divan.page.locator("[data-notice=damaged]")).to_be_visible()
    divan.show("Sağlam")
    expect(divan.page.locator("[data-notice=damaged]")).to_have_count(0)
    expect(divan.page.locator("#composer")).to_be_visible()
