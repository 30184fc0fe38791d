"""The chat list on the real page: find, rename, pin, delete, undo, export, come back."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Locator, expect

from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp


def row(divan: Divan, text: str) -> Locator:
    return divan.rows.filter(has_text=text).first


def ask(divan: Divan, text: str) -> str:
    """A settled chat with this question; its id."""
    answers = divan.page.locator('#chatbot [data-testid="bot"]')
    if answers.count():  # on an empty page nothing would tell that the new chat has come
        divan.page.click("#new-chat")
        expect(answers).to_have_count(0)
    divan.write(text)
    divan.settled()
    return str(divan.page.evaluate("new URLSearchParams(location.search).get('chat')"))


def menu(divan: Divan, text: str, action: str) -> None:
    target = row(divan, text)
    target.hover()
    target.get_by_role("button", name=re.compile("Sohbet işlemleri")).click()
    divan.page.get_by_role("menuitem", name=action, exact=True).click()


def test_a_new_chat_stands_first_and_an_old_one_opens_with_a_click(divan: Divan) -> None:
    ask(divan, "Listede bir")
    ask(divan, "Listede iki")
    expect(divan.rows.first).to_contain_text("Listede iki")
    row(divan, "Listede bir").click()
    expect(divan.page).to_have_title("Listede bir – Divan")
    expect(divan.answer).to_contain_text("kelime20")
    divan.page.go_back()
    expect(divan.page).to_have_title("Listede iki – Divan")


def test_search_finds_turkish_words_inside_messages(divan: Divan) -> None:
    ask(divan, "IĞDIR ile Şırnak arasındaki yol")
    ask(divan, "bambaşka bir konu")
    search = divan.page.locator("#chat-search").locator("input, textarea")
    search.fill("iğdır şirnak")
    expect(divan.rows).to_have_count(1)
    expect(divan.rows.locator("mark").first).to_have_text("IĞDIR")
    search.fill("böylebirsözcükyok")
    expect(divan.rows).to_have_count(0)
    expect(divan.page.locator("#chat-list")).to_contain_text("Bu sözcüklerin")
    search.fill("")
    expect(divan.rows.first).to_be_visible()


def test_renaming_reaches_the_file_and_the_page(divan: Divan, app: DivanApp) -> None:
    chat = ask(divan, "Eski ad")
    menu(divan, "Eski ad", "Yeniden adlandır")
    divan.page.keyboard.type("Yepyeni <b>ad</b>")
    divan.page.keyboard.press("Enter")
    expect(row(divan, "Yepyeni <b>ad</b>")).to_be_visible()
    expect(divan.page.locator("#chat-title")).to_have_text("Yepyeni <b>ad</b>")
    saved = json.loads((app.chats / f"{chat}.json").read_text(encoding="utf-8"))
    assert saved["title"] == "Yepyeni <b>ad</b>"
    assert divan.page.locator("#chat-list b").count() == 0


def test_a_pinned_chat_stays_on_top(divan: Divan) -> None:
    ask(divan, "Üstte kalacak")
    menu(divan, "Üstte kalacak", "Sabitle")
    expect(divan.page.locator("#chat-list")).to_contain_text("Sabitlenenler")
    ask(divan, "Sonradan gelen")
    expect(divan.rows.first).to_contain_text("Üstte kalacak")
    menu(divan, "Üstte kalacak", "Sabitlemeyi kaldır")
    expect(divan.rows.first).to_contain_text("Sonradan gelen")


def test_a_deleted_chat_goes_to_the_trash_and_undo_brings_it_back(
    divan: Divan, app: DivanApp
) -> None:
    chat = ask(divan, "Silinip dönecek")
    menu(divan, "Silinip dönecek", "Sil")
    expect(divan.rows.filter(has_text="Silinip dönecek")).to_have_count(0)
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(0)
    assert not (app.chats / f"{chat}.json").exists()
    assert list((app.chats / "trash").glob(f"{chat}*"))
    divan.page.get_by_role("button", name="Geri al").click()
    expect(row(divan, "Silinip dönecek")).to_be_visible()
    expect(divan.page).to_have_title("Silinip dönecek – Divan")
    assert (app.chats / f"{chat}.json").exists()


@pytest.mark.parametrize(
    ("action", "suffix", "word"),
    [
        ("Markdown olarak dışa aktar", ".md", "kelime1"),
        ("JSON olarak dışa aktar", ".json", '"role": "assistant"'),
    ],
)
def test_a_chat_is_exported_as_a_file_named_after_it(
    divan: Divan, action: str, suffix: str, word: str
) -> None:
    ask(divan, f"Dışarı çık {suffix}")
    with divan.page.expect_download() as download:
        menu(divan, f"Dışarı çık {suffix}", action)
    assert download.value.suggested_filename.endswith(suffix)
    assert "Dışarı çık" in download.value.suggested_filename
    assert word in download.value.path().read_text(encoding="utf-8")


def test_a_file_dropped_in_or_edited_by_hand_appears_without_a_restart(
    divan: Divan, app: DivanApp
) -> None:
    chat = ask(divan, "Elle değişecek")
    path = app.chats / f"{chat}.json"
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["title"] = "Elle değişti"
    path.write_text(json.dumps(saved), encoding="utf-8")
    saved |= {"id": "20200101-000000-gitten", "title": "Git ile geldi"}
    (app.chats / "20200101-000000-gitten.json").write_text(json.dumps(saved), encoding="utf-8")
    expect(row(divan, "Elle değişti")).to_be_visible()
    divan.show("Git ile geldi")
    expect(divan.answer).to_contain_text("kelime20")


def test_a_corrupt_file_is_set_aside_and_told(divan: Divan, app: DivanApp) -> None:
    broken = app.chats / "20200101-000000-broken.json"
    broken.write_text('{"id": "20200101-000000-broken", "messages": [', encoding="utf-8")
    expect(divan.page.locator("#notices")).to_contain_text("20200101-000000-broken")
    assert not broken.exists()
    assert list((app.chats / "corrupt").iterdir())


def test_a_running_chat_shows_it_in_the_list(divan: Divan) -> None:
    divan.choose("Bekleyen")
    divan.write("Koşan sohbet")
    expect(divan.answer).to_contain_text("bir iki üç")
    expect(row(divan, "Koşan sohbet").get_by_text("Yanıt yazılıyor")).to_be_attached()
    divan.page.click("#stop")
    divan.settled()


def test_a_chat_of_a_newer_version_is_read_and_not_written(divan: Divan, app: DivanApp) -> None:
    chat = ask(divan, "Gelecekten gelen")
    path = app.chats / f"{chat}.json"
    newer = path.read_text(encoding="utf-8").replace('"schema": 1', '"schema": 99')
    path.write_text(newer, encoding="utf-8")
    divan.reopen()
    expect(divan.answer).to_contain_text("kelime20")
    expect(divan.page.locator("#notices")).to_contain_text("daha yeni bir Divan")
    expect(divan.page.locator("#composer")).to_be_hidden()
    assert path.read_text(encoding="utf-8") == newer


def test_only_the_last_messages_are_mounted_and_earlier_ones_come_on_request(
    divan: Divan, app: DivanApp
) -> None:
    messages: list[dict[str, object]] = []
    for n in range(20):
        role = "assistant" if n % 2 else "user"
        message: dict[str, object] = {
            "id": f"m{n}",
            "parent": f"m{n - 1}" if n else None,
            "role": role,
            "content": f"ileti {n} sonu",
            "created": "2026-01-01T00:00:00.000Z",
        }
        if n % 2:
            message["answer"] = {
                "model": "words",
                "provider": "paced",
                "started": "2026-01-01T00:00:00.000Z",
                "outcome": "complete",
            }
        messages.append(message)
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    chat: dict[str, object] = {
        "schema": 1,
        "id": "20260101-000000-longer",
        "title": "Uzun geçmiş",
        "created": now,
        "updated": now,
        "rev": 1,
        "leaf": "m19",
        "messages": messages,
    }
    (app.chats / f"{chat['id']}.json").write_text(json.dumps(chat), encoding="utf-8")
    divan.show("Uzun geçmiş")
    log = divan.page.locator("#chatbot")
    expect(log).to_contain_text("ileti 19 sonu")
    expect(log).not_to_contain_text("ileti 13 sonu")
    divan.page.click("#earlier")
    expect(log).to_contain_text("ileti 8 sonu")
    expect(log).not_to_contain_text("ileti 7 sonu")
    divan.page.click("#earlier")
    divan.page.click("#earlier")
    expect(log).to_contain_text("ileti 0 sonu")
    expect(divan.page.locator("#earlier")).to_be_hidden()
