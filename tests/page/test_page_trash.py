"""The trash on the real page: what was deleted is seen, comes back, or goes for good."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp

_WHEN = "2026-01-01T00:00:00.000Z"


@dataclass
class Bin:
    """The folder of the trash, to put files into by hand."""

    path: Path

    def put(self, name: str, minute: int, text: str = "") -> str:
        """A chat of one question that was deleted in this minute of a day; its token."""
        message = {"id": "1", "role": "user", "content": "soru", "created": _WHEN}
        chat = {"title": name, "created": _WHEN, "updated": _WHEN, "messages": [message]}
        token = f"{name.lower()}-20260101t10{minute:02}00000000"
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / f"{token}.json").write_text(text or json.dumps(chat), encoding="utf-8")
        return token

    @property
    def files(self) -> set[str]:
        return {path.stem for path in self.path.iterdir()}


@pytest.fixture
def trash(app: DivanApp) -> Bin:
    """Nothing of the other tests lies in it."""
    shutil.rmtree(app.chats / "trash", ignore_errors=True)
    return Bin(app.chats / "trash")


def open_trash(divan: Divan) -> Locator:
    divan.page.click("#trash")
    dialog = divan.page.get_by_role("dialog", name="Çöp kutusu")
    expect(dialog.locator(".divan-trash-list")).not_to_have_attribute("aria-busy", "true")
    return dialog


def button(dialog: Locator, action: str, title: str) -> Locator:
    return dialog.get_by_role("button", name=f"{action}: {title}", exact=True)


def delete(divan: Divan, title: str) -> None:
    """From the list, as a person does it."""
    row = divan.rows.filter(has_text=title).first
    row.hover()
    row.get_by_role("button", name=re.compile("Sohbet işlemleri")).click()
    divan.page.get_by_role("menuitem", name="Sil", exact=True).click()
    expect(divan.rows.filter(has_text=title)).to_have_count(0)


def test_a_deleted_chat_is_seen_in_the_trash_and_restoring_opens_it(
    divan: Divan, trash: Bin
) -> None:
    divan.write("Çöpten dönecek")
    divan.settled()
    delete(divan, "Çöpten dönecek")
    dialog = open_trash(divan)
    expect(dialog.get_by_role("listitem")).to_contain_text("Çöpten dönecek")
    expect(dialog.get_by_role("listitem")).to_contain_text("2 ileti")
    button(dialog, "Geri yükle", "Çöpten dönecek").click()
    expect(dialog.get_by_role("status")).to_contain_text("“Çöpten dönecek” geri yüklendi")
    expect(dialog).to_contain_text("Çöp kutusu boş")
    expect(divan.page).to_have_title("Çöpten dönecek – Divan")
    expect(dialog.get_by_role("button", name="Kapat")).to_be_focused()
    divan.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(divan.page.locator("#trash")).to_be_focused()
    expect(divan.answer).to_contain_text("kelime20")
    assert trash.files == set()


def test_pruned_messages_come_back_into_their_chat(divan: Divan, trash: Bin) -> None:
    divan.write("Budanan soru")
    divan.settled()
    divan.answer.hover()
    divan.page.locator(".divan-action.divan-again").last.click()
    expect(divan.page.locator("#branches .count")).to_have_text("2")
    divan.settled()
    divan.page.evaluate(
        "(chat) => fetch(`/api/chats/${chat}/prune`, { method: 'POST' })", divan.chat
    )
    dialog = open_trash(divan)
    title = "“Budanan soru” sohbetinden 1 ileti"
    button(dialog, "Geri yükle", title).click()
    expect(dialog.get_by_role("status")).to_contain_text("“Budanan soru” sohbetine geri yüklendi")
    divan.page.keyboard.press("Escape")
    expect(divan.page.locator("#branches .count")).to_have_text("2")


def test_the_keyboard_goes_on_with_the_next_row(divan: Divan, trash: Bin) -> None:
    first, second, third = (trash.put(f"Sira{n}", 59 - n) for n in range(3))
    dialog = open_trash(divan)
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    button(dialog, "Kalıcı sil", "Sira1").focus()
    divan.page.keyboard.press("Enter")
    expect(dialog.get_by_role("group", name="Bu geri alınamaz.")).to_be_visible()
    expect(button(dialog, "Vazgeç", "Sira1")).to_be_focused()
    divan.page.keyboard.press("Escape")
    expect(button(dialog, "Kalıcı sil", "Sira1")).to_be_focused()
    assert trash.files == {first, second, third}
    divan.page.keyboard.press("Enter")
    divan.page.keyboard.press("Shift+Tab")
    divan.page.keyboard.press("Enter")
    expect(button(dialog, "Kalıcı sil", "Sira2")).to_be_focused()
    expect(dialog.get_by_role("status")).to_have_text("Kalıcı olarak silindi: Sira1")
    assert trash.files == {first, third}
    button(dialog, "Geri yükle", "Sira0").press("Enter")
    expect(button(dialog, "Geri yükle", "Sira2")).to_be_focused()
    expect(divan.page).to_have_title("Sira0 – Divan")


def test_emptying_names_the_number_and_keeps_what_came_later(divan: Divan, trash: Bin) -> None:
    trash.put("Kar", 1)
    trash.put("Bozuk", 2, '{"messages": [')
    dialog = open_trash(divan)
    broken = dialog.get_by_role("listitem").first
    expect(broken).to_contain_text("bozuk-20260101t100200000000.json")
    expect(broken).to_contain_text("14 bayt")
    expect(broken.get_by_role("button")).to_have_count(1)
    dialog.get_by_role("button", name="Çöpü boşalt").click()
    asking = divan.page.get_by_role("dialog", name="Çöp boşaltılsın mı?")
    expect(asking).to_contain_text("Çöpteki 2 öğe kalıcı olarak silinecek")
    later = trash.put("Sonraki", 3)
    asking.get_by_role("button", name="2 öğeyi kalıcı sil").click()
    expect(dialog.get_by_role("status")).to_have_text("2 öğe kalıcı olarak silindi.")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.get_by_role("listitem")).to_contain_text("Sonraki")
    assert trash.files == {later}


def test_a_part_whose_chat_is_in_the_trash_waits_for_it(divan: Divan, trash: Bin) -> None:
    token = trash.put("Evi", 1)
    piece = {"title": "Evi", "messages": [], "taken_from": {"stood_after": {}}}
    (trash.path / f"{token}-part.json").write_text(json.dumps(piece), encoding="utf-8")
    dialog = open_trash(divan)
    part = dialog.locator(f'[data-token="{token}-part"]')
    expect(part).to_contain_text("önce onu geri yükleyin")
    restore = button(part, "Geri yükle", "“Evi” sohbetinden bir dal adı")
    expect(restore).to_have_count(0)
    button(dialog, "Geri yükle", "Evi").click()
    expect(restore).to_be_visible()


def test_a_long_trash_comes_in_pages(divan: Divan, trash: Bin) -> None:
    for minute in range(55):
        trash.put(f"Uzun{minute:02}", minute)
    dialog = open_trash(divan)
    expect(dialog.get_by_role("listitem")).to_have_count(50)
    dialog.get_by_role("button", name="5 öğe daha").click()
    expect(dialog.get_by_role("listitem")).to_have_count(55)
    expect(button(dialog, "Geri yükle", "Uzun04")).to_be_focused()
    expect(dialog.get_by_role("button", name="öğe daha")).to_be_hidden()


def test_undo_of_what_was_deleted_for_good_says_so(divan: Divan, trash: Bin) -> None:
    divan.write("Temelli giden")
    divan.settled()
    delete(divan, "Temelli giden")
    (token,) = trash.files
    divan.page.evaluate("(one) => fetch(`/api/trash/${one}`, { method: 'DELETE' })", token)
    divan.page.get_by_role("button", name="Geri al").click()
    expect(divan.page.locator(".divan-toast")).to_contain_text("artık çöpte değil")
