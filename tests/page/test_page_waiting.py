"""Questions asked while an answer runs: shown, changed, withdrawn and asked, by one page only."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.held_answers import Gate, sends
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider


def queue(divan: Divan, tab: str = "chat") -> Locator:
    return divan.page.locator(f"#panel-{tab} .divan-queue li")


def box(divan: Divan) -> Locator:
    return divan.page.locator("#prompt textarea")


def users(divan: Divan) -> Locator:
    return divan.page.locator('#chatbot [data-testid="user"]')


def asked(provider: PacedProvider, question: str) -> int:
    """How often a provider was asked a question."""
    return sum(sent["messages"][-1]["content"] == question for sent in provider.requests)


def begin(divan: Divan, question: str) -> None:
    """Ask something whose answer waits for the test."""
    divan.choose("Bekleyen")
    divan.write(question)
    expect(divan.answer).to_contain_text("bir iki üç")


def put_off(divan: Divan, question: str) -> None:
    waiting = queue(divan).count()
    divan.write(question)
    expect(queue(divan)).to_have_count(waiting + 1)
    expect(box(divan)).to_have_value("")


def test_a_question_asked_meanwhile_waits_outlives_a_reload_and_is_asked_once(
    divan: Divan, other: Divan, app: DivanApp, provider: PacedProvider
) -> None:
    begin(divan, "Önce bunu anlat")
    put_off(divan, "Sonra bunu anlat")
    put_off(divan, "En son bunu")
    file = app.chats / f"{divan.chat}.json"
    assert "Sonra bunu" not in file.read_text(encoding="utf-8")
    divan.page.reload()
    divan.ready()
    expect(queue(divan)).to_contain_text(["Sonra bunu anlat", "En son bunu"])
    other.join(divan)
    expect(queue(other)).to_contain_text(["Sonra bunu anlat", "En son bunu"])
    provider.release()
    for page in (divan, other):
        expect(users(page)).to_contain_text(["Önce bunu", "Sonra bunu", "En son bunu"])
        expect(queue(page)).to_have_count(0)
    divan.settled()
    assert asked(provider, "Sonra bunu anlat") == asked(provider, "En son bunu") == 1


def test_it_can_be_withdrawn_and_put_back(divan: Divan, provider: PacedProvider) -> None:
    begin(divan, "Uzun bir yanıt ver")
    put_off(divan, "Yanlış soru")
    put_off(divan, "Doğru soru")
    queue(divan).first.get_by_role("button", name="Vazgeç").click()
    expect(queue(divan)).to_have_text([re.compile("Doğru soru")])
    divan.page.locator(".divan-toast").get_by_role("button").click()
    expect(queue(divan)).to_contain_text(["Doğru soru", "Yanlış soru"])
    queue(divan).last.get_by_role("button", name="Vazgeç").click()
    expect(queue(divan)).to_have_count(1)
    provider.release()
    expect(users(divan)).to_contain_text(["Uzun bir yanıt ver", "Doğru soru"])
    divan.settled()
    assert asked(provider, "Yanlış soru") == 0


def test_it_is_edited_in_its_place_and_escape_leaves_it_as_it_was(
    divan: Divan, provider: PacedProvider
) -> None:
    begin(divan, "Uzun bir yanıt ver")
    put_off(divan, "Yarım")
    put_off(divan, "Sonuncu")
    box(divan).fill("taslağım")
    for leave in ("Escape", "Enter"):
        queue(divan).first.get_by_role("button", name="Düzenle").click()
        expect(box(divan)).to_have_value("Yarım")
        expect(divan.page.locator("#notices")).to_contain_text("Sıradaki soruyu düzenliyorsunuz")
        box(divan).fill("Tam bir soru")
        box(divan).press(leave)
        expect(box(divan)).to_have_value("taslağım")
        expect(divan.page.locator("#stop")).to_be_visible()
        first = "Yarım" if leave == "Escape" else "Tam bir soru"
        expect(queue(divan)).to_contain_text([first, "Sonuncu"])
    provider.release()
    expect(users(divan)).to_contain_text(["Uzun bir yanıt ver", "Tam bir soru", "Sonuncu"])
    divan.settled()
    assert asked(provider, "Yarım") == 0


def test_questions_written_while_one_is_on_its_way_are_asked_one_by_one(
    divan: Divan, provider: PacedProvider
) -> None:
    gate = Gate(divan.page, sends)
    with gate.holding():
        divan.write("Yavaş bir")
    for question in ("Yavaş iki", "Yavaş üç"):
        box(divan).press_sequentially(question)
        box(divan).press("Enter")
    box(divan).press_sequentially("ve taslak")
    gate.let_through()
    expect(users(divan)).to_contain_text(["Yavaş bir", "Yavaş iki", "Yavaş üç"])
    expect(box(divan)).to_have_value("ve taslak")
    divan.settled()
    assert [asked(provider, f"Yavaş {number}") for number in ("bir", "iki", "üç")] == [1, 1, 1]


def test_beside_a_running_chat_the_compare_tab_loses_nothing_and_mixes_nothing(
    divan: Divan, provider: PacedProvider
) -> None:
    begin(divan, "Tek modele sorulan")
    divan.page.click("#tab-compare")
    tab = CompareTab(divan.page, divan.url)
    running = divan.page.locator(".lane", has=divan.page.locator(".lane-name", has_text="Bekleyen"))
    expect(running).to_contain_text("bir iki üç")
    others = divan.page.locator(".lane").filter(has_not_text="Bekleyen")
    expect(others).to_have_count(1)
    expect(others).not_to_contain_text("bir iki üç")
    expect(others.locator(".lane-stop")).to_be_hidden()
    tab.write("Hepsine birden")
    expect(divan.page.locator(".divan-toast")).to_contain_text("karşılaştırma yok")
    expect(divan.page.locator("#compare-prompt textarea")).to_have_value("Hepsine birden")
    provider.release()
    tab.settled(1)
    tab.write("Hepsine birden")
    tab.settled(1, 2, answers=2)


def test_after_stop_it_waits_for_a_word_and_says_so(divan: Divan, provider: PacedProvider) -> None:
    begin(divan, "Durdurulacak soru")
    put_off(divan, "Bekleyen soru")
    divan.page.click("#stop")
    held = queue(divan).first
    expect(held).to_contain_text("Önceki yanıt yarıda kaldığı için bekliyor.")
    assert asked(provider, "Bekleyen soru") == 0
    provider.release()
    held.get_by_role("button", name="Şimdi sor").click()
    expect(users(divan)).to_contain_text(["Durdurulacak soru", "Bekleyen soru"])
    expect(queue(divan)).to_have_count(0)
    divan.settled()


def test_it_is_asked_in_its_chat_though_the_page_shows_another(
    divan: Divan, app: DivanApp, provider: PacedProvider
) -> None:
    begin(divan, "Öbür sohbetin sorusu")
    put_off(divan, "Öbür sohbetin ikinci sorusu")
    chat = divan.chat
    divan.new_chat()
    expect(queue(divan)).to_have_count(0)
    provider.release()
    divan.show("Öbür sohbetin sorusu")
    expect(users(divan)).to_contain_text(["Öbür sohbetin sorusu", "Öbür sohbetin ikinci sorusu"])
    divan.settled()
    saved = json.loads((app.chats / f"{chat}.json").read_text(encoding="utf-8"))
    questions = [m["content"] for m in saved["messages"] if m["role"] == "user"]
    assert questions == ["Öbür sohbetin sorusu", "Öbür sohbetin ikinci sorusu"]


def test_an_edited_question_does_not_wait_and_stays_in_the_box(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.write("Düzenlenecek")
    divan.settled()
    begin(divan, "Sürmekte olan")
    users(divan).first.hover()
    users(divan).first.locator(".divan-edit").click()
    expect(box(divan)).to_have_value("Düzenlenecek")
    box(divan).fill("Düzenlendi")
    box(divan).press("Enter")
    expect(divan.page.locator(".divan-toast")).to_contain_text("düzenlenen soru gönderilemez")
    expect(box(divan)).to_have_value("Düzenlendi")
    expect(queue(divan)).to_have_count(0)
    provider.release()
    divan.settled()


def test_each_lane_goes_on_when_it_is_free(divan: Divan, provider: PacedProvider) -> None:
    tab = CompareTab(divan.page, divan.url).begin("words", "hold")
    tab.write("İkisine birden")
    expect(tab.lane(1).locator(".lane-measures")).to_have_count(1)
    tab.write("Bir daha ikisine")
    expect(tab.lane(1).locator(".lane-question")).to_have_count(2)
    expect(tab.lane(1).locator(".lane-measures")).to_have_count(2)
    expect(queue(divan, "compare")).to_contain_text(["Henüz sorulmayan: Bekleyen"])
    expect(tab.lane(2).locator(".lane-question")).to_have_count(1)
    expect(queue(divan, "compare").get_by_role("button", name="Düzenle")).to_have_count(0)
    provider.release()
    expect(tab.lane(2).locator(".lane-question")).to_have_count(2)
    expect(tab.lane(2).locator(".lane-measures")).to_have_count(2)
    expect(queue(divan, "compare")).to_have_count(0)


def test_a_question_to_all_lanes_is_edited_in_its_place(
    divan: Divan, provider: PacedProvider
) -> None:
    tab = CompareTab(divan.page, divan.url).begin("hold", "silent")
    tab.write("İkisine birden")
    expect(tab.lane(1)).to_contain_text("bir iki üç")
    tab.write("Sonra şunu")
    row = queue(divan, "compare")
    expect(row).to_contain_text(["Sonra şunu"])
    prompt = divan.page.locator("#compare-prompt textarea")
    prompt.fill("taslak")
    for leave in ("Escape", "Enter"):
        row.get_by_role("button", name="Düzenle").click()
        expect(prompt).to_have_value("Sonra şunu")
        prompt.fill("Sonra bunu")
        prompt.press(leave)
        expect(prompt).to_have_value("taslak")
        expect(row).to_contain_text(["Sonra şunu" if leave == "Escape" else "Sonra bunu"])
    provider.release()
    tab.settled(1, 2, answers=2)
    assert asked(provider, "Sonra bunu") == 2
