"""Replays on the real page: a chat asked again on another model, with the difference at the end."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.stored_chats import two_questions
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider


def opened(divan: Divan) -> Locator:
    """The dialog that asks how to replay the shown chat."""
    divan.page.locator("#branches button").click()
    divan.page.locator(".divan-popover").get_by_role("button", name="Yeniden oynat…").click()
    return divan.page.get_by_role("dialog", name="Yeniden oynat")


def replay(divan: Divan, model: str) -> Locator:
    """The same with a model chosen."""
    dialog = opened(divan)
    dialog.locator(".divan-models label", has_text=model).click()
    return dialog


def ask_two_questions(divan: Divan) -> None:
    for number, text in enumerate(("Birinci soru", "İkinci soru"), start=1):
        divan.write(text)
        expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(number)
        divan.settled()


def test_a_chat_is_asked_again_on_another_model_and_the_difference_is_shown(
    divan: Divan, provider: PacedProvider
) -> None:
    ask_two_questions(divan)
    before = len(provider.requests)
    dialog = replay(divan, "Zengin")
    dialog.get_by_label("Sistem istemi").fill("Kısa yaz.")
    dialog.get_by_role("button", name="Başlat").click()
    expect(dialog).to_contain_text("Bitti: 2 sorunun hepsi")
    asked = [request for request in provider.requests[before:] if request["model"] == "rich"]
    assert len(asked) == 2
    sent = [(message["role"], message["content"]) for message in asked[-1]["messages"]]
    assert sent[0] == ("system", "Kısa yaz.")
    assert [text for role, text in sent if role == "user"] == ["Birinci soru", "İkinci soru"]
    assert next(text for role, text in sent if role == "assistant").startswith("# Başlık")
    dialog.get_by_role("button", name="Farkı göster").click()
    diff = divan.page.get_by_role("dialog", name="Fark")
    expect(diff.locator("h3")).to_have_text(["Birinci soru", "İkinci soru"])
    expect(diff.locator("h4").nth(1)).to_have_text("Zengin")
    expect(diff.locator("ins").first).to_contain_text("Başlık")
    divan.page.keyboard.press("Escape")
    expect(divan.answer).to_contain_text("Başlık")
    tree = divan.page.locator(".divan-popover svg")
    expect(tree.locator(".here .label")).to_have_text("Zengin")


def test_a_replay_that_fails_says_why_and_keeps_the_old_answers(
    divan: Divan, app: DivanApp
) -> None:
    two_questions(divan, app)
    dialog = replay(divan, "Meşgul")
    dialog.get_by_role("button", name="Başlat").click()
    expect(dialog).to_contain_text("Yarıda kaldı: 2 sorudan 0 tanesi", timeout=40_000)
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_role("button", name="Kapat").last.click()
    divan.page.get_by_role("treeitem", name="İkinci soru").first.click()
    expect(divan.answer).to_contain_text("kelime20")


def test_a_replay_is_stopped_from_its_dialog(divan: Divan, app: DivanApp) -> None:
    two_questions(divan, app)
    dialog = replay(divan, "Bekleyen")
    dialog.get_by_role("button", name="Başlat").click()
    expect(divan.answer).to_contain_text("bir iki üç")
    dialog.get_by_role("button", name="Durdur").click()
    expect(dialog).to_contain_text("Durduruldu: 2 sorudan 0 tanesi")


def test_a_replay_in_the_background_offers_the_difference_when_it_ends(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.write("Tek soru")
    divan.settled()
    dialog = replay(divan, "Bekleyen")
    dialog.get_by_role("button", name="Başlat").click()
    dialog.get_by_role("button", name="Arka planda sürsün").click()
    expect(divan.answer).to_contain_text("bir iki üç")
    provider.release()
    toast = divan.page.locator(".divan-toast")
    expect(toast).to_contain_text("Bitti")
    toast.get_by_role("button", name="Farkı göster").click()
    diff = divan.page.get_by_role("dialog", name="Fark")
    expect(diff.locator("h4")).to_have_text(["Kelimeler", "Bekleyen"])
    divan.page.keyboard.press("Escape")
    expect(diff).to_have_count(0)


def in_the_background(divan: Divan, app: DivanApp) -> None:
    """Two questions, asked again of a model that waits; the dialog is left."""
    two_questions(divan, app)
    dialog = replay(divan, "Bekleyen")
    dialog.get_by_role("button", name="Başlat").click()
    dialog.get_by_role("button", name="Arka planda sürsün").click()


def row(page: Page) -> Locator:
    """The newest replay in the popover of the branches, which is opened for it."""
    page.locator("#branches button").click()
    return page.locator(".divan-popover .divan-replay").first


def test_a_running_replay_is_found_again_after_a_reload_and_on_another_page(
    divan: Divan, app: DivanApp, other: Divan, provider: PacedProvider
) -> None:
    in_the_background(divan, app)
    divan.page.reload()
    divan.ready()
    expect(divan.page.locator("#branches button")).to_have_attribute(
        "title", "Yeniden oynatma sürüyor: 0/2"
    )
    found = row(divan.page)
    expect(found).to_contain_text("2 sorudan 0 tanesi yanıtlandı")
    there = row(other.join(divan).page)
    expect(there).to_contain_text("Bekleyen")
    provider.release()
    for page, one in ((divan.page, found), (other.page, there)):
        expect(one).to_contain_text("Bitti: 2 sorunun hepsi yanıtlandı")
        expect(page.locator("#branches.replaying")).to_have_count(0)
    there.get_by_role("button", name="Farkı göster").click()
    diff = other.page.get_by_role("dialog", name="Fark")
    expect(diff.locator("h4").nth(1)).to_have_text("Bekleyen")


def test_the_end_of_a_replay_found_on_another_page_is_told_there(
    divan: Divan, app: DivanApp, other: Divan, provider: PacedProvider
) -> None:
    in_the_background(divan, app)
    other.join(divan)
    expect(other.page.locator("#branches.replaying")).to_have_count(1)
    provider.release()
    toast = other.page.locator(".divan-toast")
    expect(toast).to_contain_text("Bitti: 2 sorunun hepsi “Bekleyen” dalında")
    toast.get_by_role("button", name="Farkı göster").click()
    expect(other.page.get_by_role("dialog", name="Fark").locator("h4").first).to_be_visible()


def test_a_replay_found_on_another_page_is_stopped_from_its_row(
    divan: Divan, app: DivanApp, other: Divan
) -> None:
    in_the_background(divan, app)
    found = row(other.join(divan).page)
    found.get_by_role("button", name="Durdur").click()
    expect(found).to_contain_text("Durduruldu: 2 sorudan 0 tanesi")
    expect(found.get_by_role("button")).to_have_count(0)
    expect(other.page.locator("#branches.replaying")).to_have_count(0)


def test_the_cost_is_told_before_the_start_and_follows_the_choice(divan: Divan) -> None:
    ask_two_questions(divan)
    dialog = replay(divan, "Zengin")
    told = dialog.locator(".divan-replay-estimate")
    expect(told).to_contain_text("ücreti bilinmiyor")
    dialog.locator(".divan-models label", has_text="Kelimeler").click()
    expect(told).to_contain_text("toplam ≈ $0,0")
    short = told.inner_text()
    dialog.get_by_label("Sistem istemi").fill("Uzun uzun anlat. " * 200)
    expect(told).not_to_have_text(short)


def test_a_long_name_stays_inside_the_dialog(divan: Divan) -> None:
    divan.write("Tek soru")
    divan.settled()
    dialog = opened(divan)
    name = dialog.locator(".divan-models .name").first
    divan.page.set_viewport_size({"width": 390, "height": 844})
    name.evaluate("(one) => { one.textContent = 'çok uzun bir model adı '.repeat(12); }")
    models = dialog.locator(".divan-models")
    inside = "(one) => one.getBoundingClientRect().right <= innerWidth - 12"
    assert models.evaluate(inside)
    assert name.locator("..").evaluate(inside)
    assert name.evaluate("(one) => one.scrollWidth > one.clientWidth")


def test_a_whole_comparison_is_asked_again_and_its_lanes_stand_at_the_new_answers(
    divan: Divan, provider: PacedProvider
) -> None:
    tab = CompareTab(divan.page, divan.url).begin("words", "rich")
    tab.write("İki modele soru")
    tab.settled(1, 2)
    before = len(provider.requests)
    divan.page.locator("#tab-chat").click()
    dialog = opened(divan)
    models = dialog.locator(".divan-models")
    expect(models).to_be_visible()
    dialog.locator(".divan-replay-scope label", has_text="Bütün karşılaştırma").click()
    expect(models).to_be_hidden()
    expect(dialog).to_contain_text("kendi modeliyle")
    dialog.get_by_label("Sistem istemi").fill("Kısa yaz.")
    dialog.get_by_role("button", name="Başlat").click()
    expect(dialog).to_contain_text("Bitti: 2 yanıtın hepsi geldi")
    asked = provider.requests[before:]
    assert sorted(request["model"] for request in asked) == ["rich", "words-20"]
    assert [request["messages"][0]["content"] for request in asked] == ["Kısa yaz."] * 2
    dialog.get_by_role("button", name="Farkı göster").click()
    diff = divan.page.get_by_role("dialog", name="Fark")
    expect(diff.locator("h4")).to_have_text(["Kelimeler", "Kelimeler"])
    diff.locator("select").select_option(label="Zengin")
    expect(diff.locator("h4")).to_have_text(["Zengin", "Zengin"])
    expect(diff).to_contain_text("birebir aynı")
    divan.page.keyboard.press("Escape")
    divan.page.locator("#tab-compare").click()
    for number in (1, 2):
        expect(tab.versions(number)).to_contain_text("2/2")
        expect(tab.lane(number).locator(".lane-answer")).to_have_count(1)


def test_a_replayed_comparison_is_found_with_the_names_of_its_models(
    divan: Divan, other: Divan, provider: PacedProvider
) -> None:
    provider.release()
    tab = CompareTab(divan.page, divan.url).begin("words", "hold")
    tab.write("İki modele soru")
    tab.settled(1, 2)
    provider.hold()
    divan.page.locator("#tab-chat").click()
    dialog = opened(divan)
    dialog.locator(".divan-replay-scope label", has_text="Bütün karşılaştırma").click()
    dialog.get_by_role("button", name="Başlat").click()
    dialog.get_by_role("button", name="Arka planda sürsün").click()
    other.join(divan)
    other.page.click("#tab-chat")
    found = row(other.page)
    expect(found.locator(".name")).to_have_text("Kelimeler, Bekleyen")
    expect(found).to_contain_text("2 yanıttan")
    provider.release()
    expect(found).to_contain_text("Bitti: 2 yanıtın hepsi geldi.")
    found.get_by_role("button", name="Farkı göster").click()
    diff = other.page.get_by_role("dialog", name="Fark")
    expect(diff.locator("select option")).to_have_text(["Kelimeler", "Bekleyen"])


def test_one_model_more_is_asked_what_the_shown_path_of_a_comparison_was(
    divan: Divan, provider: PacedProvider
) -> None:
    tab = CompareTab(divan.page, divan.url).begin("words", "rich")
    tab.write("Yalnız bir yol")
    tab.settled(1, 2)
    before = len(provider.requests)
    divan.page.locator("#tab-chat").click()
    dialog = replay(divan, "Uzun")
    dialog.get_by_role("button", name="Başlat").click()
    expect(dialog).to_contain_text("Bitti: 1 sorunun hepsi “Uzun” dalında")
    assert [request["model"] for request in provider.requests[before:]] == ["words-200"]
