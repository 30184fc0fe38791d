"""The search box of the documents: what of the found passages a question would be given."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.page.documents_tab import DocumentsTab, a_file
from tests.page.kept_pages import KeptPages
from tests.support import divan_app
from tests.support.divan_app import DivanApp

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir ve elle toplanır."
SEA = "Kaptan {0}. gün denize açıldı; rüzgâr sert, deniz kabarıktı. Tayfa yelkenleri topladı. "
VOYAGE = "\n\n".join(f"# Bölüm {n}\n\n{SEA.format(n) * 6}" for n in range(1, 21))


@pytest.fixture(scope="module")
def library(desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DivanApp]:
    folder = tmp_path_factory.mktemp("given")
    catalog = "language: tr\nmodels: []\ndocuments:\n  passages: 3\n"
    with divan_app.running(folder, catalog) as one:
        yield one
        desktop.forget(one.url)


@pytest.fixture
def tab(pages: KeptPages, library: DivanApp) -> Iterator[DocumentsTab]:
    tab = DocumentsTab(pages.open(library.url)).empty().open()
    yield tab
    tab.leave()


def test_a_line_parts_what_a_question_is_given_from_the_rest(tab: DocumentsTab) -> None:
    tab.take(a_file("cay.txt", TEA.encode()), a_file("sefer.md", VOYAGE.encode()), ready=2)
    results = tab.divan.page.locator("#documents-search .results")
    tab.search("Çay nerede yetişir?")
    expect(results.locator("li").first).to_contain_text("cay.txt")
    expect(results.locator(".not-given")).to_have_text("Bundan sonrakiler soruya verilmez")
    expect(results.locator("li.given ~ .not-given ~ li:not(.given)").first).to_be_visible()
    expect(results.locator(".not-given ~ li.given")).to_have_count(0)
    expect(results).not_to_contain_text(re.compile(r"-0(?![\d,])"))
    tab.search("Kuantum dolanıklığı nasıl ölçülür?")
    told = tab.divan.page.locator("#documents-search .told")
    expect(told).to_contain_text("iyi uyan bir parça yok")
    expect(results.locator("li.given").first).to_be_visible()


def test_a_single_passage_has_no_scores_and_is_given_whole(tab: DocumentsTab) -> None:
    tab.take(a_file("cay.txt", TEA.encode()), ready=1)
    hits = tab.search("Sanat tarihi")
    expect(hits).to_have_count(1)
    expect(hits.locator(".scores")).to_have_count(0)
    told = tab.divan.page.locator("#documents-search .told")
    expect(told).to_contain_text("bütünüyle verilir")
