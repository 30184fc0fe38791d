"""A page with logins: in, out, and a session that a restart has ended."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.page.divan_page import Divan
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.paced_provider import PacedProvider

FLAGS = ("--auth", "ayse:parola-1", "--auth", "ali:parola-2")


def log_in(page: Page, user: str, password: str) -> None:
    page.locator("#user").fill(user)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    page.wait_for_function("() => document.body?.dataset.ready")


def test_each_person_comes_in_sees_their_own_chats_and_goes_out(
    context: BrowserContext, provider: PacedProvider, tmp_path: Path
) -> None:
    port = divan_app.free_port()
    text = CATALOG.format(url=provider.url)
    page = context.new_page()
    with divan_app.running(tmp_path, text, *FLAGS, port=port) as app:
        divan = Divan(page, app.url)
        page.goto(app.url)
        log_in(page, "ayse", "parola-1")
        divan.write("Ayşe'nin sorusu")
        divan.settled()
        page.click("#logout")
        log_in(page, "ali", "parola-2")
        expect(page.locator("#chat-list")).to_contain_text("Henüz sohbet yok")
        divan.write("Ali'nin sorusu")
        divan.settled()
        assert {p.parent.name for p in app.chats.glob("*/2*.json")} == {"ayse", "ali"}
    with divan_app.running(tmp_path, text, *FLAGS, port=port):
        expect(page).to_have_url(app.url + "/login", timeout=30_000)
