"""Files that are dropped on the page or pasted into it: they never take its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.documents_tab import DocumentsTab
from tests.page.dragging import Drag, paste
from tests.page.kept_pages import KeptPages
from tests.page.paced_catalog import CATALOG
from tests.support import divan_app
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

RENT = "Kira her ayın beşinde ödenir; bir ay gecikirse faiz işler."
NEW_RENT = "Kira artık her ayın onunda ödenir; faiz kaldırıldı."
ARCHIVE = b"Rar!\x1a\x07" + bytes(64)
UNREADABLE = "Bu dosya türü okunamıyor. PDF, DOCX"


@pytest.fixture(scope="module")
def library(
    provider: PacedProvider, desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DivanApp]:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(tmp_path_factory.mktemp("dropped"), catalog) as running:
        yield running
        desktop.forget(running.url)


@pytest.fixture
def tab(pages: KeptPages, library: DivanApp) -> Iterator[DocumentsTab]:
    """A page that shows an empty chat and has no documents."""
    tab = DocumentsTab(pages.open(library.url)).empty()
    yield tab
    tab.leave()


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def toast(page: Page, text: str) -> None:
    expect(page.locator(".divan-toast").last).to_contain_text(text)


def press(page: Page, label: str) -> None:
    page.locator(".divan-toast").get_by_role("button", name=label).click()


def test_a_file_dropped_on_the_chat_goes_to_the_documents(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    address = page.url
    page.locator("#prompt textarea").fill("yarım kalan soru")
    drag = Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot")
    expect(page.locator(".divan-drop")).to_have_text("Dosyayı bırakın: belgelere eklenir")
    drag.drop()
    expect(page.locator(".divan-drop")).to_be_hidden()
    toast(page, "“kira.txt” belgelerinize eklendi.")
    assert page.url == address
    expect(page.locator("#prompt textarea")).to_have_value("yarım kalan soru")
    press(page, "Belgelerde gör")
    expect(tab.row("kira.txt").locator(".state")).to_have_text("hazır")


def test_the_dropped_file_can_be_used_in_the_chat_at_once(
    tab: DocumentsTab, provider: PacedProvider, tmp_path: Path
) -> None:
    page = tab.divan.page
    Drag(page, written(tmp_path, "kira.txt", RENT)).over("#composer").drop()
    toast(page, "eklendi")
    press(page, "Belgelerimi bu sohbette kullan")
    expect(page.locator("#use-documents")).to_have_attribute("aria-checked", "true")
    tab.divan.write("Kira ne zaman ödenir?")
    tab.divan.settled()
    assert "ayın beşinde" in str(provider.requests[-1]["messages"])
    Drag(page, written(tmp_path, "ek.txt", NEW_RENT)).over("#chatbot").drop()
    toast(page, "“ek.txt” belgelerinize eklendi.")
    expect(page.get_by_role("button", name="Belgelerimi bu sohbette kullan")).to_have_count(0)


def test_a_chat_that_asks_one_document_alone_is_offered_the_dropped_one(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot").drop()
    toast(page, "eklendi")
    press(page, "Belgelerde gör")
    tab.row("kira.txt").get_by_role("button", name="Yalnız bu belgeye sor").click()
    Drag(page, written(tmp_path, "ek.txt", NEW_RENT)).over("#chatbot").drop()
    toast(page, "“ek.txt” belgelerinize eklendi.")
    press(page, "Belgelerimi bu sohbette kullan")
    expect(page.locator("#use-documents .count")).to_have_text("2")


def test_a_newer_version_can_take_the_place_of_the_old_one_from_the_chat(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot").drop()
    toast(page, "eklendi")
    page.locator(".divan-toast button").first.press("Escape")
    Drag(page, written(tmp_path, "kira.txt", NEW_RENT)).over("#chatbot").drop()
    press(page, "Eskisinin yerine geçsin")
    toast(page, "“kira.txt” eklendi, eskisi silindi.")
    tab.open()
    expect(tab.rows).to_have_count(1)


def test_several_files_share_a_line_and_each_reason_is_said_once(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    names = ("bir.rar", "iki.7z")
    archives = [written(tmp_path, name, ARCHIVE) for name in names]
    Drag(page, written(tmp_path, "kira.txt", RENT), *archives).over("#chatbot").drop()
    toast(page, f"“kira.txt” belgelerinize eklendi. “bir.rar”, “iki.7z”: {UNREADABLE}")
    tab.open()
    expect(tab.rows).to_have_count(1)
    expect(tab.upload.locator('[data-state="failed"]')).to_have_count(0)


def test_a_picture_is_refused_in_a_sentence_and_kept_nowhere(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    Drag(page, written(tmp_path, "arşiv.rar", ARCHIVE)).over("#chatbot").drop()
    toast(page, f"“arşiv.rar”: {UNREADABLE}")
    expect(page.locator(".divan-toast button")).to_have_count(0)
    Drag(page, written(tmp_path, "boş.txt", b"")).over("#chatbot").drop()
    expect(page.locator(".divan-toast", has_text="“boş.txt” boş bir dosya.")).to_be_visible()
    assert not page.evaluate("async () => (await (await fetch('/api/documents')).json()).documents")


def test_a_list_from_before_a_file_was_taken_does_not_end_its_way(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    tab.open()
    page.click("#tab-chat")
    early = page.evaluate("async () => (await fetch('/api/documents')).json()")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/documents?*", hold)
    Drag(page, written(tmp_path, "arşiv.rar", ARCHIVE)).over("#chatbot").drop()
    toast(page, UNREADABLE)
    with page.expect_response(lambda one: one.request.method == "POST"):
        Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot").drop()
    toast(page, "“kira.txt” belgelere ekleniyor")
    held[0].fulfill(json=early)
    toast(page, "“kira.txt” belgelerinize eklendi.")


def test_a_folder_is_refused_in_a_sentence(tab: DocumentsTab, tmp_path: Path) -> None:
    page = tab.divan.page
    drag = Drag(page, tmp_path).over("#chatbot").drop()
    toast(page, "Klasörler eklenemiyor.")
    assert not drag.opens


def test_on_the_documents_tab_the_row_says_all(tab: DocumentsTab, tmp_path: Path) -> None:
    page = tab.divan.page
    tab.open()
    drag = Drag(page, written(tmp_path, "arşiv.rar", ARCHIVE)).over("#panel-documents")
    expect(page.locator("#documents-upload.over")).to_be_visible()
    expect(page.locator(".divan-drop")).to_be_hidden()
    drag.drop()
    expect(tab.upload.locator('[data-state="failed"]')).to_contain_text("dosya türü okunamıyor")
    expect(page.locator(".divan-toast")).to_have_count(0)
    expect(page.locator("#documents-upload.over")).to_have_count(0)


def test_the_comparison_takes_files_too(
    tab: DocumentsTab, library: DivanApp, tmp_path: Path
) -> None:
    page = tab.divan.page
    CompareTab(page, library.url).begin("words", "long")
    address = page.url
    Drag(page, written(tmp_path, "kira.txt", RENT)).over("#compare-prompt textarea").drop()
    toast(page, "“kira.txt” belgelerinize eklendi.")
    press(page, "Belgelerimi bu sohbette kullan")
    expect(page.locator("#compare-use-documents")).to_have_attribute("aria-checked", "true")
    expect(page.locator("#compare-prompt textarea")).to_have_value("")
    assert page.url == address


@pytest.mark.parametrize("place", ["#sidebar", "#topbar", "#prompt textarea", "#model"])
def test_no_place_of_the_page_lets_the_browser_leave(
    tab: DocumentsTab, tmp_path: Path, place: str
) -> None:
    page = tab.divan.page
    drag = Drag(page, written(tmp_path, "kira.txt", RENT)).over(place).drop()
    assert not drag.opens
    toast(page, "“kira.txt” belgelerinize eklendi.")
    expect(page.locator("#prompt textarea")).to_have_value("")


def test_an_open_dialog_takes_nothing_and_stays(tab: DocumentsTab, tmp_path: Path) -> None:
    page = tab.divan.page
    Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot").drop()
    toast(page, "eklendi")
    press(page, "Belgelerde gör")
    tab.row("kira.txt").get_by_role("button", name="Sil").click()
    drag = Drag(page, written(tmp_path, "ek.txt", NEW_RENT)).over("dialog")
    expect(page.locator(".divan-drop")).to_be_hidden()
    drag.drop()
    assert not drag.opens
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(tab.rows).to_have_count(1)


@pytest.mark.parametrize("end", [Drag.leave, Drag.give_up])
def test_a_drag_that_ends_elsewhere_leaves_nothing_behind(
    tab: DocumentsTab, tmp_path: Path, end: Callable[[Drag], None]
) -> None:
    page = tab.divan.page
    drag = Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot")
    expect(page.locator(".divan-drop")).to_be_visible()
    end(drag)
    expect(page.locator(".divan-drop")).to_be_hidden()


def test_text_and_addresses_still_drop_into_the_message_box(tab: DocumentsTab) -> None:
    page = tab.divan.page
    box = page.locator("#prompt textarea")
    Drag(page, text="sürüklenen metin").over("#prompt textarea").drop()
    expect(box).to_have_value("sürüklenen metin")
    box.fill("")
    Drag(page, text="https://ornek.example/a", link=True).over("#prompt textarea").drop()
    expect(box).to_have_value("https://ornek.example/a")


def test_an_address_dropped_beside_the_box_does_not_open(tab: DocumentsTab) -> None:
    page = tab.divan.page
    drag = Drag(page, text="https://ornek.example/a", link=True).over("#chatbot")
    expect(page.locator(".divan-drop")).to_be_hidden()
    assert not drag.drop().opens


def test_a_pasted_file_goes_to_the_documents_and_a_pasted_picture_cannot_be_sent(
    tab: DocumentsTab,
) -> None:
    page = tab.divan.page
    paste(page, "#prompt textarea", ("kira.txt", "text/plain", RENT), text="kira.txt")
    toast(page, "“kira.txt” belgelerinize eklendi.")
    paste(page, "#prompt textarea", ("image.png", "image/png", "x"))
    expect(page.locator(".divan-toast").last).to_contain_text("Resimler henüz gönderilemiyor.")
    expect(page.locator("#prompt textarea")).to_have_value("")


def test_pasted_text_stays_text_with_a_picture_of_it_as_well(tab: DocumentsTab) -> None:
    page = tab.divan.page
    taken = paste(page, "#prompt textarea", ("image.png", "image/png", "x"), text="Ocak\t12")
    assert not taken
    expect(page.locator(".divan-toast")).to_have_count(0)


def test_a_file_that_got_lost_on_its_way_can_be_sent_again(
    tab: DocumentsTab, tmp_path: Path
) -> None:
    page = tab.divan.page
    tab.open()
    page.click("#tab-chat")
    page.route("**/api/documents**", lambda route: route.abort("connectionfailed"))
    Drag(page, written(tmp_path, "kira.txt", RENT)).over("#chatbot").drop()
    toast(page, "“kira.txt”: Divan sunucusundan yanıt gelmedi.")
    page.unroute("**/api/documents**")
    press(page, "Belgelerde gör")
    tab.upload.get_by_role("button", name="Yeniden dene").click()
    expect(tab.row("kira.txt").locator(".state")).to_have_text("hazır")


def test_a_file_dropped_before_the_scripts_listen_does_not_open(
    divan: Divan, tmp_path: Path
) -> None:
    page = divan.page
    page.route("**/static-*/page.js", lambda route: None)
    page.reload(wait_until="commit")
    page.locator("#tabs").wait_for()
    drag = Drag(page, written(tmp_path, "kira.txt", RENT)).over("#topbar").drop()
    assert page.evaluate("() => window.divan === undefined")
    assert not drag.opens


def test_the_login_page_stays_too(unloaded: Divan, tmp_path: Path) -> None:
    flags = ("--auth", "ayse:parola-1")
    page = unloaded.page
    with divan_app.running(tmp_path / "login", "models: []", *flags) as app:
        page.goto(app.url + "/login")
        assert not Drag(page, written(tmp_path, "kira.txt", RENT)).over("main").drop().opens
