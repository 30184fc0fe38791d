"""Files on their way into the documents: too large, lost on the way, newer than what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.page.divan_page import Divan
from tests.page.documents_tab import DocumentsTab, a_file
from tests.page.kept_pages import KeptPages
from tests.support import divan_app, process
from tests.support.divan_app import DivanApp

RENT = "Kira her ayın beşinde ödenir; bir ay gecikirse faiz işler."
NEW_RENT = "Kira artık her ayın onunda ödenir; faiz kaldırıldı."


@pytest.fixture(scope="module")
def library(desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DivanApp]:
    catalog = "language: tr\nlimits: {request_megabytes: 1}\nmodels: []\n"
    with divan_app.running(tmp_path_factory.mktemp("taken"), catalog) as running:
        yield running
        desktop.forget(running.url)


@pytest.fixture
def tab(pages: KeptPages, library: DivanApp) -> Iterator[DocumentsTab]:
    tab = DocumentsTab(pages.open(library.url)).empty().open()
    yield tab
    tab.leave()


def choose(tab: DocumentsTab, name: str, text: str) -> None:
    tab.upload.locator("input[type=file]").set_input_files([a_file(name, text.encode())])


def test_a_file_that_is_too_large_is_told_before_it_is_sent(tab: DocumentsTab) -> None:
    expect(tab.upload.locator(".zone")).to_contain_text("en çok 1 MB")
    sent: list[str] = []
    tab.divan.page.on("request", lambda one: sent.append(f"{one.method} {one.url}"))
    choose(tab, "uzun.txt", "a" * 1_100_000)
    failed = tab.upload.locator('[data-state="failed"]')
    expect(failed).to_contain_text("1 MB")
    expect(failed.locator("code")).to_have_text("request_megabytes")
    assert not [one for one in sent if one.startswith("POST")]


def test_words_and_errors_are_in_the_language_of_the_address(
    context: BrowserContext, library: DivanApp
) -> None:
    page = context.new_page()
    tab = DocumentsTab(Divan(page, library.url).open("/?lang=en")).empty().open()
    choose(tab, "empty.txt", "")
    expect(tab.upload.locator('[data-state="failed"]')).to_contain_text("is an empty file")
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    expect(tab.row("kira.txt").locator("small")).to_contain_text("Documents · 1 passage · ")
    tab.search("a" * 2001)
    expect(page.locator("#documents-search .told")).to_contain_text("2000 characters at most")


def test_without_the_server_everything_says_so_and_a_file_can_be_sent_again(
    context: BrowserContext, library: DivanApp
) -> None:
    page = context.new_page()
    tab = DocumentsTab(Divan(page, library.url).open()).empty().open()
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    expect(tab.upload.locator(".uploads li")).to_have_count(0)
    page.route("**/api/documents**", lambda route: route.abort("connectionfailed"))
    choose(tab, "ek.txt", NEW_RENT)
    failed = tab.upload.locator('[data-state="failed"]')
    expect(failed).to_contain_text("yanıt gelmedi")
    expect(failed).to_contain_text("Divan’ın çalıştığını")
    tab.search("kira ne zaman ödenir")
    expect(page.locator("#documents-search .told")).to_contain_text("yanıt gelmedi")
    assert "Failed to fetch" not in page.locator("#panel-documents").inner_text()
    page.click("#tab-chat")
    tab.open()
    problem = page.locator(".divan-documents > .problem")
    expect(problem).to_contain_text("yanıt gelmedi")
    page.unroute("**/api/documents**")
    expect(problem).to_be_hidden()
    failed.get_by_role("button", name="Yeniden dene").click()
    expect(tab.row("ek.txt").locator(".state")).to_have_text("hazır")


def test_a_new_version_of_a_file_can_take_the_place_of_the_old_one(tab: DocumentsTab) -> None:
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    choose(tab, "kira.txt", NEW_RENT)
    expect(tab.rows).to_have_count(2)
    times = tab.rows.locator("small").all_inner_texts()
    assert all(":" in one for one in times)
    tab.upload.get_by_role("button", name="Eskisinin yerine geçsin").click()
    expect(tab.rows).to_have_count(1)
    expect(tab.search("kira ne zaman ödenir").first).to_contain_text("onunda")


def test_a_document_that_is_deleted_takes_the_question_about_it_along(tab: DocumentsTab) -> None:
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    choose(tab, "kira.txt", NEW_RENT)
    row = tab.upload.locator('[data-state="ready"]', has_text="Eskisinin yerine geçsin")
    expect(row).to_be_visible()
    tab.empty()
    expect(row).to_have_count(0)


def test_expectations_that_nothing_meets_are_named_and_a_result_can_be_measured_again(
    tab: DocumentsTab,
) -> None:
    page = tab.divan.page
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    page.get_by_role("button", name="Değerlendirme").click()
    area = page.get_by_label("Sorular, her satırda bir JSON")
    area.fill('{"question": "kira", "expected": ["KIRA.txt", "yok.pdf"]}')
    page.get_by_role("button", name="Ölç").click()
    expect(page.locator("#documents-evaluate .missed li")).to_have_text(["yok.pdf"])
    with page.expect_download() as saved:
        page.get_by_role("button", name="Sonucu indir").click()
    area.fill(saved.value.path().read_text(encoding="utf-8"))
    with page.expect_response("**/api/documents/evaluate**") as again:
        page.get_by_role("button", name="Ölç").click()
    assert again.value.json()["settings"][0]["questions"] == 1


def test_the_same_content_under_another_name_is_told(tab: DocumentsTab) -> None:
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    choose(tab, "sözleşme.txt", RENT)
    row = tab.upload.locator(".uploads li", has_text="sözleşme.txt")
    expect(row).to_contain_text("zaten “kira.txt” adıyla burada")
    expect(tab.rows).to_have_count(1)


def test_what_the_terminal_indexes_appears_by_itself(
    tab: DocumentsTab, library: DivanApp, tmp_path: Path
) -> None:
    tab.take(a_file("kira.txt", RENT.encode()), ready=1)
    file = tmp_path / "terminal.txt"
    file.write_text(NEW_RENT, encoding="utf-8")
    process.run(["index", str(file), "--data", str(library.data)], tmp_path)
    expect(tab.row("terminal.txt").locator(".state")).to_have_text("hazır")
