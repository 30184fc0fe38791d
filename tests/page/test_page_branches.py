"""Branches on the real page: begin one, open it from the tree picture, rename, star, delete, prune,
compare."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from engine.identity import now
from tests.page.divan_page import Divan
from tests.page.stored_chats import two_ways
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

_IS_WIDER = """() => {
  const tree = document.querySelector('.divan-popover .divan-tree');
  return tree && tree.scrollWidth > tree.clientWidth;
}"""
_WHEN = "2026-11-20T09:00:00+00:00"


def users(divan: Divan) -> Locator:
    return divan.page.locator('#chatbot [data-testid="user"]')


def popover(page: Page) -> Locator:
    return page.locator(".divan-popover")


def open_branches(divan: Divan) -> Locator:
    divan.page.locator("#branches button").click()
    expect(popover(divan.page)).to_be_visible()
    return popover(divan.page)


def node(divan: Divan, words: str) -> Locator:
    """The end of a path in the tree picture, by what a screen reader is told about it."""
    return popover(divan.page).get_by_role("treeitem", name=re.compile(words))


def path(divan: Divan, words: str) -> Locator:
    """A path in the list, its tools shown."""
    row = popover(divan.page).locator(".divan-path", has_text=words)
    row.hover()
    return row


def begin(divan: Divan, answer: int, name: str) -> None:
    divan.page.locator('#chatbot [data-testid="bot"]').nth(answer).locator(".divan-branch").click()
    dialog = divan.page.get_by_role("dialog", name="Buradan yeni dal")
    dialog.get_by_label("Dalın adı").fill(name)
    divan.page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_a_branch_goes_its_own_way_and_opens_from_the_tree_picture(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.write("Ortak soru")
    divan.settled()
    divan.write("Eski yol")
    expect(users(divan)).to_have_count(2)
    divan.settled()
    begin(divan, 0, "Deneme")
    expect(users(divan)).to_have_count(1)
    divan.write("Yeni yol")
    expect(users(divan)).to_have_count(2)
    divan.settled()
    expect(divan.page.locator("#branches .count")).to_have_text("2")
    sent = [m["content"] for m in provider.requests[-1]["messages"] if m["role"] == "user"]
    assert sent == ["Ortak soru", "Yeni yol"]
    tree = open_branches(divan)
    expect(tree.locator("svg .pill + .label")).to_have_text("Deneme")
    node(divan, "Eski yol").click()
    expect(users(divan).last).to_contain_text("Eski yol")
    expect(node(divan, "Eski yol")).to_have_attribute("aria-selected", "true")
    node(divan, "Deneme").click()
    expect(users(divan).last).to_contain_text("Yeni yol")
    node(divan, "Eski yol").click()
    expect(users(divan).last).to_contain_text("Eski yol")
    divan.reopen()
    expect(users(divan).last).to_contain_text("Eski yol")


def test_the_keyboard_walks_the_tree_and_keeps_its_place(divan: Divan, app: DivanApp) -> None:
    two_ways(divan, app)
    button = divan.page.locator("#branches button")
    button.focus()
    divan.page.keyboard.press("Enter")
    expect(node(divan, "Deneme")).to_be_focused()
    divan.page.keyboard.press("ArrowLeft")
    expect(node(divan, "Eski yol")).to_be_focused()
    divan.page.keyboard.press("ArrowUp")
    expect(node(divan, "Ortak soru")).to_be_focused()
    divan.page.keyboard.press("ArrowDown")
    expect(node(divan, "Deneme")).to_be_focused()
    divan.page.keyboard.press("ArrowLeft")
    divan.page.keyboard.press("Enter")
    expect(users(divan).last).to_contain_text("Eski yol")
    expect(node(divan, "gösterilen.*Eski yol")).to_be_focused()
    divan.page.keyboard.press("Tab")
    divan.page.keyboard.press("Escape")
    expect(popover(divan.page)).to_have_count(0)
    expect(button).to_be_focused()


def test_a_branch_is_renamed_and_a_taken_name_is_refused_in_the_dialog(
    divan: Divan, app: DivanApp
) -> None:
    two_ways(divan, app)
    open_branches(divan)
    path(divan, "Eski yol").get_by_role("button", name="Ad ver").click()
    naming = divan.page.get_by_role("dialog", name="Buradan yeni dal")
    naming.get_by_label("Dalın adı").fill("Deneme")
    divan.page.keyboard.press("Enter")
    expect(naming.get_by_role("alert")).to_contain_text("Deneme")
    expect(naming.get_by_label("Dalın adı")).to_have_value("Deneme")
    naming.get_by_label("Dalın adı").fill("Eskisi")
    naming.get_by_role("button", name="Dalı aç").click()
    expect(users(divan).last).to_contain_text("Eski yol")
    path(divan, "Deneme").get_by_role("button", name="Yeniden adlandır").click()
    dialog = divan.page.get_by_role("dialog", name="Yeniden adlandır")
    expect(dialog.get_by_label("Dalın adı")).to_have_value("Deneme")
    dialog.get_by_label("Dalın adı").fill("Ağaç & <b>İğde</b>")
    divan.page.keyboard.press("Enter")
    expect(popover(divan.page).locator(".divan-path .name").first).to_have_text(
        "Ağaç & <b>İğde</b>"
    )
    expect(popover(divan.page).locator(".divan-path .name").last).to_have_text("Eskisi")
    expect(popover(divan.page)).to_be_focused()


def test_one_branch_at_most_has_the_star(divan: Divan, app: DivanApp) -> None:
    two_ways(divan, app)
    open_branches(divan)
    begin_other = path(divan, "Eski yol").get_by_role("button", name="Ad ver")
    begin_other.click()
    divan.page.get_by_label("Dalın adı").fill("İkinci")
    divan.page.keyboard.press("Enter")
    expect(path(divan, "İkinci")).to_have_class(re.compile("current"))
    path(divan, "Deneme").locator(".star").click()
    expect(path(divan, "Deneme").locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(popover(divan.page).locator("svg path.star")).to_have_count(1)
    path(divan, "İkinci").locator(".star").click()
    expect(path(divan, "İkinci").locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(path(divan, "Deneme").locator(".star")).to_have_attribute("aria-pressed", "false")


def test_a_deleted_branch_comes_back_with_undo(divan: Divan, app: DivanApp) -> None:
    two_ways(divan, app)
    open_branches(divan)
    path(divan, "Deneme").get_by_role("button", name="Dalı sil").click()
    toast = divan.page.locator(".divan-toast")
    expect(toast).to_contain_text("“Deneme” silindi, 2 ileti çöpe taşındı")
    expect(users(divan).filter(has_text="Yeni yol")).to_have_count(0)
    assert "Yeni yol" in "".join(
        file.read_text(encoding="utf-8") for file in (app.chats / "trash").rglob("*.json")
    )
    toast.get_by_role("button", name="Geri al").click()
    expect(path(divan, "Deneme")).to_be_visible()
    node(divan, "Deneme").click()
    expect(users(divan).last).to_contain_text("Yeni yol")


def test_pruning_says_before_what_goes_and_can_be_undone(divan: Divan, app: DivanApp) -> None:
    two_ways(divan, app)
    open_branches(divan)
    node(divan, "Eski yol").click()
    expect(users(divan).last).to_contain_text("Eski yol")
    popover(divan.page).get_by_role("button", name="Buda (2)").click()
    dialog = divan.page.get_by_role("dialog", name="Diğer yolları buda")
    expect(dialog).to_contain_text("2 ileti çöpe taşınacak")
    expect(dialog).to_contain_text("Deneme")
    dialog.get_by_role("button", name="Vazgeç").click()
    expect(path(divan, "Deneme")).to_be_visible()
    popover(divan.page).get_by_role("button", name="Buda (2)").click()
    dialog.get_by_role("button", name="2 iletiyi çöpe taşı").click()
    expect(popover(divan.page).locator(".divan-path", has_text="Deneme")).to_have_count(0)
    expect(divan.page.locator("#branches .count")).to_have_text("")
    divan.page.locator(".divan-toast").get_by_role("button", name="Geri al").click()
    node(divan, "Deneme").click()
    expect(users(divan).last).to_contain_text("Yeni yol")


def test_pruning_names_what_goes_before_the_picture_follows_the_path(
    divan: Divan, app: DivanApp
) -> None:
    two_ways(divan, app)
    open_branches(divan)
    divan.page.route("**/tree*", lambda route: None)
    node(divan, "Eski yol").click()
    expect(users(divan).last).to_contain_text("Eski yol")
    popover(divan.page).get_by_role("button", name="Buda (2)").click()
    divan.page.unroute("**/tree*")
    dialog = divan.page.get_by_role("dialog", name="Diğer yolları buda")
    expect(dialog).to_contain_text("Deneme")
    dialog.get_by_role("button", name="Vazgeç").click()


def test_two_versions_are_set_beside_each_other(divan: Divan) -> None:
    divan.write("Fark sorusu")
    divan.settled()
    divan.choose("Zengin")
    divan.answer.locator(".divan-again").click()
    expect(divan.answer).to_contain_text("Başlık")
    divan.settled()
    divan.answer.locator(".divan-diff").click()
    dialog = divan.page.get_by_role("dialog", name="Fark")
    expect(dialog.locator("h3")).to_have_text("Fark sorusu")
    expect(dialog.locator("h4")).to_have_text(["Kelimeler", "Zengin"])
    expect(dialog.locator("del").first).to_contain_text("kelime1")
    expect(dialog.locator("ins").first).to_contain_text("Başlık")
    dialog.get_by_text("Yan yana").click()
    expect(dialog.locator(".divan-column.a")).to_be_visible()
    expect(dialog.locator(".divan-column.a")).not_to_contain_text("Başlık")
    expect(dialog.locator(".divan-column.b")).not_to_contain_text("kelime1")
    divan.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_shown_path_is_compared_with_any_other(divan: Divan, app: DivanApp) -> None:
    _drop_in(app, _forked("dal-karsi", 3))
    divan.show("dal-karsi")
    open_branches(divan).get_by_role("button", name="Karşılaştır…").click()
    dialog = divan.page.get_by_role("dialog", name="Fark")
    other = dialog.get_by_label("Gösterilen yol ile")
    other.select_option(label="Yanıt 1 · Kelimeler")
    expect(dialog.locator("ins").first).to_have_text("1")
    expect(dialog.locator("del").first).to_have_text("3")
    other.select_option(label="Yanıt 2 · Kelimeler")
    expect(dialog.locator("ins").first).to_have_text("2")


def test_a_tree_of_forty_paths_scrolls_to_the_shown_one(divan: Divan, app: DivanApp) -> None:
    _drop_in(app, _forked("dal-kirk", 40))
    divan.show("dal-kirk")
    expect(divan.page.locator("#branches .count")).to_have_text("40")
    picture = open_branches(divan).locator(".divan-tree")
    expect(picture).to_be_visible()
    divan.page.wait_for_function(_IS_WIDER)
    shown = node(divan, "gösterilen")
    expect(shown).to_be_focused()
    expect(shown).to_be_in_viewport()
    for _ in range(39):
        divan.page.keyboard.press("ArrowLeft")
    expect(node(divan, "“Yanıt 1”")).to_be_focused()
    expect(node(divan, "“Yanıt 1”")).to_be_in_viewport()
    expect(shown).not_to_be_in_viewport()
    divan.page.keyboard.press("Enter")
    expect(divan.answer).to_contain_text("Yanıt 1")


def test_a_chat_of_a_newer_divan_shows_its_tree_and_changes_nothing(
    divan: Divan, app: DivanApp
) -> None:
    _drop_in(app, {**_forked("dal-yeni", 3), "schema": 99})
    divan.show("dal-yeni")
    expect(divan.page.locator("#branches .count")).to_have_text("3")
    shown = open_branches(divan)
    expect(shown.get_by_role("button", name="Yeni dal")).to_be_disabled()
    expect(shown.get_by_role("button", name="Yeniden oynat…")).to_be_disabled()
    expect(shown.get_by_role("button", name="Buda (2)")).to_be_disabled()
    expect(shown.get_by_role("button", name="Ad ver")).to_have_count(0)
    node(divan, "Yanıt 1").click()
    expect(divan.page.locator(".divan-toast")).to_contain_text("yalnızca okunabilir")
    expect(node(divan, "gösterilen")).to_have_accessible_name(re.compile("Yanıt 3"))


def _drop_in(app: DivanApp, chat: dict[str, Any]) -> None:
    app.chats.mkdir(exist_ok=True)
    text = json.dumps(chat, ensure_ascii=False)
    (app.chats / f"{chat['id']}.json").write_text(text, encoding="utf-8")


def _forked(chat_id: str, answers: int) -> dict[str, Any]:
    """One question with so many answers; the last one is shown."""
    messages = [_message("q", None, "user", "Kaç yanıt olur?")]
    messages += [_message(f"a{n}", "q", "assistant", f"Yanıt {n}") for n in range(1, answers + 1)]
    return {
        "schema": 1,
        "id": chat_id,
        "title": chat_id,
        "created": _WHEN,
        "updated": now(),  # among the first of the list
        "rev": 1,
        "model": "words",
        "leaf": f"a{answers}",
        "messages": messages,
    }


def _message(name: str, parent: str | None, role: str, content: str) -> dict[str, Any]:
    made: dict[str, Any] = {"id": name, "parent": parent, "role": role, "content": content}
    made["created"] = _WHEN
    if role == "assistant":
        answer = {"model": "words", "provider": "paced", "started": _WHEN, "outcome": "complete"}
        made["answer"] = answer
    return made
