"""How an answer ended, in the chat and in the lanes of a comparison."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.page.compare_tab import CompareTab
from tests.page.kept_pages import KeptPages
from tests.support import divan_app
from tests.support.case_provider import CaseProvider
from tests.support.divan_app import DivanApp

CATALOG = """
language: tr
default_model: thoughts
providers:
  cases: {{format: openai_compatible, base_url: "{url}", label: Deneme, kind: custom}}
models:
  - {{id: thoughts, label: "Düşünen", provider: cases, name: only-thoughts-then-length,
      max_output_tokens: 400}}
  - {{id: nothing, label: "Boş", provider: cases, name: nothing-then-stop}}
  - {{id: picture, label: "Resimli", provider: cases, name: only-a-picture}}
  - {{id: cut, label: "Kesilen", provider: cases, name: cut-off, max_output_tokens: 4096}}
  - {{id: late, label: "Geç", provider: cases, name: late-tag}}
"""


@pytest.fixture(scope="module")
def cases() -> Iterator[CaseProvider]:
    server = CaseProvider()
    yield server
    server.close()


@pytest.fixture(scope="module")
def ends(
    desktop: KeptPages, cases: CaseProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DivanApp]:
    folder = tmp_path_factory.mktemp("ends")
    with divan_app.running(folder, CATALOG.format(url=cases.url)) as app:
        yield app
        desktop.forget(app.url)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("Düşünen", "yanıta geçemeden 400 belirtecin tamamını"),
        ("Boş", "boş bir yanıt"),
        ("Resimli", "yalnızca bir resim"),
    ],
)
def test_an_answer_without_a_word_says_why_and_can_be_tried_again(
    pages: KeptPages, ends: DivanApp, model: str, said: str
) -> None:
    divan = pages.open(ends.url)
    divan.choose(model)
    divan.write("Soru?")
    divan.settled()
    expect(divan.answer.locator(".divan-error")).to_contain_text(said)
    expect(divan.answer.locator(".divan-retry")).to_be_visible()
    expect(divan.answer.locator(".divan-continue")).to_have_count(0)
    thoughts = divan.answer.locator(".divan-reasoning")
    if model == "Düşünen":
        thoughts.locator("summary").click()
        expect(thoughts).to_contain_text("Uzun bir düşünce.")
        expect(divan.answer.locator(".divan-facts")).to_contain_text("9 → 400 belirteç")
    else:
        expect(thoughts).to_have_count(0)


def test_an_answer_at_its_limit_says_so_beside_the_button(pages: KeptPages, ends: DivanApp) -> None:
    divan = pages.open(ends.url)
    divan.choose("Kesilen")
    divan.write("Masal?")
    divan.settled()
    expect(divan.answer.locator(".divan-note")).to_contain_text("gönderilen sınır: 4.096 belirteç")
    expect(divan.answer.locator(".divan-continue")).to_be_visible()


def test_the_lanes_say_it_too(pages: KeptPages, ends: DivanApp) -> None:
    divan = pages.open(ends.url)
    tab = CompareTab(divan.page, divan.url).begin("thoughts", "nothing", "cut")
    tab.write("Soru?")
    tab.settled(1, 2, 3)
    expect(tab.answer(1)).to_contain_text("400 belirtecin tamamını")
    expect(tab.answer(2)).to_contain_text("boş bir yanıt")
    expect(tab.answer(3)).to_contain_text("gönderilen sınır: 4.096 belirteç")


def test_text_that_turns_out_to_be_reasoning_leaves_the_answer_while_it_runs(
    pages: KeptPages, ends: DivanApp, cases: CaseProvider
) -> None:
    divan = pages.open(ends.url)
    divan.choose("Geç")
    divan.write("Soru?")
    painted = divan.page.locator(".divan-host")
    expect(painted).to_contain_text("Önce soruyu düşüneyim.")
    expect(painted.locator(".divan-reasoning")).to_be_hidden()
    cases.release()
    expect(painted.locator("strong")).to_have_text("budur")
    expect(painted.locator(".divan-reasoning")).to_be_visible()
    assert "düşüneyim" not in painted.locator("p").all_text_contents()[-1]
    cases.release()
    divan.settled()
    expect(divan.answer.locator("strong").first).to_have_text("budur")
    folded = divan.answer.locator(".divan-reasoning")
    folded.locator("summary").click()
    expect(folded).to_contain_text("Önce soruyu düşüneyim.")
    divan.page.reload()
    divan.ready()
    expect(divan.answer).to_contain_text("Yanıt budur.")
    expect(divan.answer.locator(".divan-reasoning")).to_contain_text("düşüneyim")
