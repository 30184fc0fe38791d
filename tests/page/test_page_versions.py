"""Versions on the real page: regenerate, edit a question, walk between them, come back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.page.conftest import Divan
from tests.support.paced_provider import PacedProvider


def test_an_answer_is_made_again_by_another_model_and_both_are_kept(divan: Divan) -> None:
    divan.write("Bir daha")
    divan.settled()
    divan.choose("Zengin")
    divan.answer.locator(".divan-again").click()
    expect(divan.answer).to_contain_text("Başlık")
    divan.settled()
    expect(divan.answer.locator(".divan-versions")).to_contain_text("2/2")
    divan.answer.get_by_role("button", name="Önceki sürüm").click()
    expect(divan.answer).to_contain_text("kelime20")
    expect(divan.answer.locator(".divan-versions")).to_contain_text("1/2")
    divan.page.reload()
    expect(divan.answer).to_contain_text("kelime20")
    divan.answer.get_by_role("button", name="Sonraki sürüm").click()
    expect(divan.answer).to_contain_text("Başlık")


def test_an_edited_question_opens_a_version_with_its_own_future(
    divan: Divan, provider: PacedProvider
) -> None:
    users = divan.page.locator('#chatbot [data-testid="user"]')
    divan.write("İlk hâli")
    divan.settled()
    divan.write("Devamı")
    expect(users).to_have_count(2)
    divan.settled()
    users.first.hover()
    users.first.get_by_role("button", name="Düzenle").click()
    expect(divan.page.locator("#prompt textarea")).to_have_value("İlk hâli")
    expect(divan.page.locator("#notices")).to_contain_text("Soruyu düzenliyorsunuz")
    divan.write("Yeni hâli")
    expect(users).to_have_count(1)
    expect(users.first).to_contain_text("Yeni hâli")
    divan.settled()
    expect(divan.page.locator("#notices")).not_to_contain_text("Soruyu düzenliyorsunuz")
    assert [m["content"] for m in provider.requests[-1]["messages"]] == ["Yeni hâli"]
    users.first.get_by_role("button", name="Önceki sürüm").click()
    expect(users).to_have_count(2)
    expect(users.last).to_contain_text("Devamı")


def test_escape_gives_an_edit_up(divan: Divan, provider: PacedProvider) -> None:
    divan.write("Dokunma")
    divan.settled()
    question = divan.page.locator('#chatbot [data-testid="user"]').first
    question.hover()
    question.get_by_role("button", name="Düzenle").click()
    expect(divan.page.locator("#prompt textarea")).to_have_value("Dokunma")
    divan.page.keyboard.press("Escape")
    expect(divan.page.locator("#prompt textarea")).to_have_value("")
    divan.write("Yeni soru")
    expect(divan.page.locator('#chatbot [data-testid="user"]')).to_have_count(2)
    divan.settled()
