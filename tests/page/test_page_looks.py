"""What a person meets on the page: errors, settings, languages, widths, safety of what is shown."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.page.divan_page import Divan
from tests.page.drawn_answers import drawn
from tests.page.held_answers import sends
from tests.support.divan_app import ROOT, DivanApp
from tests.support.paced_provider import PacedProvider


def test_a_missing_key_is_marked_and_told_with_its_next_step(divan: Divan) -> None:
    chip = divan.page.locator("#model label", has_text="Anahtarlı")
    expect(chip).to_have_attribute("data-state", "unready")
    expect(chip).to_have_attribute("title", "Anahtar yok: .env içine GEMINI_API_KEY ekleyin")
    divan.choose("Anahtarlı")
    expect(divan.page.locator("#model-reason")).to_contain_text("GEMINI_API_KEY")
    divan.write("Anahtar olmadan")
    card = divan.answer.locator(".divan-error")
    expect(card).to_contain_text("GEMINI_API_KEY tanımlı değil")
    expect(card).to_contain_text(".env dosyasına")
    divan.reopen()
    expect(divan.answer.locator(".divan-error")).to_contain_text("GEMINI_API_KEY tanımlı değil")


def test_a_failed_answer_is_tried_again_with_another_model(
    divan: Divan, provider: PacedProvider, app: DivanApp
) -> None:
    divan.choose("Meşgul")
    divan.write("Önce düşecek")
    expect(divan.answer.locator(".divan-error")).to_be_visible()
    divan.choose("Kelimeler")
    divan.answer.locator(".divan-retry").click()
    expect(divan.answer).to_contain_text("kelime20")
    divan.settled()
    expect(divan.page.locator('#chatbot [data-testid="user"]')).to_have_count(1)
    chat = divan.page.evaluate("new URLSearchParams(location.search).get('chat')")
    saved = json.loads((app.chats / f"{chat}.json").read_text(encoding="utf-8"))
    outcomes = [m["answer"]["outcome"] for m in saved["messages"] if m["role"] == "assistant"]
    assert outcomes == ["failed", "complete"]


def test_a_ready_prompt_is_asked_with_one_click(divan: Divan, provider: PacedProvider) -> None:
    divan.page.get_by_text("Bana İstanbul'da yağmurlu bir gün").click()
    divan.settled()
    assert "İstanbul'da yağmurlu" in provider.requests[-1]["messages"][-1]["content"]


def test_settings_are_sent_kept_with_the_chat_and_shown_only_where_taken(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.page.locator("#settings .toggle-button").click()
    divan.page.get_by_label("Sistem istemi").fill("Kısa yanıt ver.")
    divan.page.get_by_label("Sıcaklık").fill("0.3")
    expect(divan.page.get_by_label("Top K")).to_be_hidden()
    divan.write("Ayarlarla")
    divan.settled()
    sent = provider.requests[-1]
    assert sent["messages"][0] == {"role": "system", "content": "Kısa yanıt ver."}
    assert sent["temperature"] == 0.3
    assert "top_p" not in sent
    divan.new_chat()
    expect(divan.page.get_by_label("Sistem istemi")).to_have_value("")
    divan.show("Ayarlarla")
    expect(divan.answer).to_contain_text("kelime20")
    expect(divan.page.get_by_label("Sistem istemi")).to_have_value("Kısa yanıt ver.")
    expect(divan.page.get_by_label("Sıcaklık")).to_have_value("0,3")


def test_a_decimal_is_typed_with_a_comma_and_shown_with_one(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.page.locator("#settings .toggle-button").click()
    divan.page.get_by_label("Sıcaklık").fill("0,7")
    divan.page.get_by_label("En çok belirteç").fill("4.096")
    divan.write("Virgülle")
    divan.settled()
    sent = provider.requests[-1]
    assert (sent["temperature"], sent["max_tokens"]) == (0.7, 4096)
    divan.reopen()
    expect(divan.page.get_by_label("Sıcaklık")).to_have_value("0,7")
    expect(divan.page.get_by_label("En çok belirteç")).to_have_value("4096")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("9", "Sıcaklık için 9 kullanılamaz. İzin verilen: 0 – 2."),
        ("2,5", "Sıcaklık için 2,5 kullanılamaz. İzin verilen: 0 – 2."),
        ("ılık", "Sıcaklık için yazdığınız “ılık” bir sayı değil."),
    ],
)
def test_a_refused_setting_is_marked_until_it_is_changed_and_the_message_stays(
    divan: Divan, provider: PacedProvider, typed: str, line: str
) -> None:
    asked = len(provider.requests)
    field = divan.page.get_by_label("Sıcaklık")
    toast = divan.page.locator(".divan-toast")
    divan.page.locator("#settings .toggle-button").click()
    field.fill(typed)
    with drawn(divan.page, sends):
        divan.write("Çok sıcak")
    expect(toast).to_contain_text(line)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(line)))
    expect(divan.page.get_by_text("Merhaba, ne konuşalım?")).to_be_visible()
    expect(divan.page.locator("#prompt textarea")).to_have_value("Çok sıcak")
    assert len(provider.requests) == asked

    field.fill("1")
    expect(toast).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    divan.page.locator("#prompt textarea").press("Enter")
    divan.settled()
    assert provider.requests[-1]["temperature"] == 1


def test_the_settled_answer_takes_over_without_a_jump(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.page.evaluate(
        """() => {
            window.places = { painted: null, settled: null };
            const look = () => {
                const found = [...document.querySelectorAll('#chatbot [data-testid=bot] p')]
                    .filter((one) => one.offsetHeight).at(-1);
                const scroller = document.querySelector('#chatbot .bubble-wrap');
                const state = document.querySelector('.divan-host') ? 'painted' : 'settled';
                if (found) {
                    const { left, top, width, height } = found.getBoundingClientRect();
                    window.places[state] = [left, top + scroller.scrollTop, width, height];
                }
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    divan.write("Sıçramadan")
    divan.page.wait_for_function("() => window.places.painted")
    provider.release()
    divan.settled()
    divan.page.wait_for_function("() => window.places.settled")
    places = divan.page.evaluate("window.places")
    assert places["settled"] == pytest.approx(places["painted"], abs=1)


def test_what_is_selected_stays_selected_when_the_answer_settles(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("Seçilecek")
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.page.evaluate(
        """() => {
            const text = document.querySelector('.divan-answer p').firstChild;
            getSelection().setBaseAndExtent(text, 4, text, 7);
        }"""
    )
    provider.release()
    divan.settled()
    assert divan.page.evaluate("getSelection().toString()") == "iki"


def test_the_models_are_one_stop_for_tab_and_arrows_choose(divan: Divan) -> None:
    divan.page.locator("#notices button").last.focus()
    divan.page.keyboard.press("Tab")
    assert divan.page.evaluate("document.activeElement.value") == "words"
    divan.page.keyboard.press("ArrowRight")
    expect(divan.page.locator("#model label.selected")).to_have_text("Uzun")
    divan.page.keyboard.press("Tab")
    assert divan.page.evaluate("document.activeElement.type") != "radio"
    assert divan.page.evaluate("document.scrollingElement.scrollLeft") == 0


def test_a_row_of_models_longer_than_the_screen_shows_that_it_goes_on(phone: Divan) -> None:
    arrows = phone.page.locator("#model .divan-more")
    expect(arrows.first).to_be_hidden()
    arrows.last.click()
    expect(arrows.first).to_be_visible()
    phone.page.locator("#model label").last.scroll_into_view_if_needed()
    expect(arrows.last).to_be_hidden()


def test_a_folded_sidebar_cannot_be_reached_and_its_handle_says_so(divan: Divan) -> None:
    handle = divan.page.locator("#sidebar .toggle-button")
    expect(handle).to_have_attribute("aria-expanded", "true")
    handle.click()
    expect(handle).to_have_attribute("aria-expanded", "false")
    expect(divan.page.locator("#new-chat")).to_be_hidden()
    settings = divan.page.locator("#settings .toggle-button")
    expect(settings).to_have_attribute("title", "Bu sohbetin ayarlarını aç ya da kapat")


def test_a_wide_table_scrolls_by_itself_with_its_words_whole(divan: Divan) -> None:
    divan.choose("Zengin")
    divan.write("Tablo")
    divan.settled()
    table = divan.answer.locator("table")
    assert table.evaluate("e => getComputedStyle(e).overflowX") == "auto"
    assert table.locator("td").first.evaluate("e => getComputedStyle(e).wordBreak") == "normal"


def test_english_is_one_click_away_and_stays(divan: Divan) -> None:
    expect(divan.page.locator("#new-chat")).to_have_text("Yeni sohbet")
    expect(divan.page.locator("html")).to_have_attribute("lang", "tr")
    divan.page.click("#language")
    expect(divan.page.locator("#new-chat")).to_have_text("New chat")
    expect(divan.page.locator("html")).to_have_attribute("lang", "en")
    expect(divan.page.locator("#prompt textarea")).to_have_attribute(
        "placeholder", "Ask something …  (Enter sends, Shift+Enter breaks the line)"
    )
    expect(divan.page.get_by_text("Hello, what shall we talk about?")).to_be_visible()
    divan.page.click("#language")
    expect(divan.page.locator("#new-chat")).to_have_text("Yeni sohbet")


def test_a_bad_entry_of_the_catalog_is_told_on_the_page(divan: Divan) -> None:
    expect(divan.page.locator("#notices")).to_contain_text("models[8] bad")


def test_a_notice_that_was_dismissed_stays_away(divan: Divan) -> None:
    notice = divan.page.locator("[data-notice=problem-0]")
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    divan.open()
    expect(notice).to_have_count(0)


def test_dark_is_one_click_away_and_stays(divan: Divan) -> None:
    before = divan.page.evaluate("document.body.classList.contains('dark')")
    divan.page.click("#theme")
    assert divan.page.evaluate("document.body.classList.contains('dark')") is not before
    divan.open()
    assert divan.page.evaluate("document.body.classList.contains('dark')") is not before


def test_on_a_narrow_screen_the_list_folds_away(phone: Divan) -> None:
    divan = phone
    divan.page.locator("#sidebar:not(.open)").wait_for(state="attached")
    divan.write("Dar ekranda uzunca bir Türkçe ileti: çekoslovakyalılaştıramadıklarımızdan")
    divan.settled()
    width = divan.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    divan.page.locator("#sidebar .toggle-button").click()
    divan.rows.first.click()
    divan.page.locator("#sidebar:not(.open)").wait_for(state="attached")
    divan.page.locator("#sidebar .toggle-button").click()
    divan.page.locator("#new-chat").click()
    divan.page.locator("#sidebar:not(.open)").wait_for(state="attached")


def test_markdown_code_mathematics_and_prices_settle_as_they_were_painted(divan: Divan) -> None:
    divan.choose("Zengin")
    divan.write("Zengin yanıt")
    divan.settled()
    answer = divan.answer
    expect(answer.locator("h1")).to_have_text("Başlık")
    expect(answer.locator("strong").first).to_have_text("kalın")
    expect(answer.locator("table td").first).to_have_text("İstanbul")
    expect(answer.locator(".katex")).to_have_count(2)
    expect(answer).to_contain_text("fiyatı $5 ile $10 arası")
    expect(answer).to_contain_text("<b>etiket değil</b>")
    expect(answer.locator("pre")).to_contain_text("    return a + b")
    assert answer.locator(".md b").count() == 0
    rtl = answer.locator("p", has_text="مرحبا")
    assert rtl.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext"


def test_copy_gives_the_answer_as_the_model_wrote_it(divan: Divan) -> None:
    divan.choose("Zengin")
    divan.write("Kopyalanacak")
    divan.settled()
    divan.answer.locator(".divan-copy").click()
    expect(divan.page.get_by_text("Kopyalandı")).to_be_visible()
    copied = divan.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("# Başlık\n\nBir **kalın** cümle, `kod` ve $a^2 + b^2$")
    assert "divan-meta" not in copied


def test_copying_works_without_the_clipboard_of_secure_pages(divan: Divan) -> None:
    divan.write("Düz http")
    divan.settled()
    divan.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    divan.page.evaluate(
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value; })"
    )
    divan.answer.locator(".divan-copy").click()
    expect(divan.page.get_by_text("Kopyalandı")).to_be_visible()
    assert divan.page.evaluate("window.copied").startswith("kelime1 kelime2")


def test_what_was_being_written_survives_a_reload_and_a_look_elsewhere(divan: Divan) -> None:
    divan.write("Birinci")
    divan.settled()
    box = divan.page.locator("#prompt textarea")
    box.fill("yarım kalan cümle")
    divan.page.reload()
    expect(box).to_have_value("yarım kalan cümle")
    divan.page.click("#new-chat")
    expect(box).to_have_value("")
    expect(divan.page).to_have_title("Divan")
    divan.page.go_back()
    expect(box).to_have_value("yarım kalan cümle")


def test_no_request_leaves_the_machine(divan: Divan, app: DivanApp) -> None:
    asked: list[str] = []
    divan.page.on("request", lambda request: asked.append(request.url))
    divan.open()
    divan.choose("Zengin")
    divan.write("Dışarı çıkma")
    divan.settled()
    assert asked
    assert [url for url in asked if not url.startswith((app.url, "data:", "blob:"))] == []


@pytest.mark.parametrize("role", ["textbox", "button", "radio"])
def test_every_control_has_a_name_for_screen_readers(divan: Divan, role: str) -> None:
    nameless = [
        control.evaluate("e => e.outerHTML.slice(0, 120)")
        for control in divan.page.get_by_role(role).all()  # type: ignore[arg-type]
        if not divan.page.evaluate(
            """e => e.ariaLabel || e.textContent.trim() || e.title || e.placeholder
                || e.labels?.length || e.getAttribute('aria-labelledby')""",
            control.element_handle(),
        )
    ]
    assert nameless == []


def test_the_tab_of_the_browser_carries_the_mark_of_divan(divan: Divan, app: DivanApp) -> None:
    mark = (ROOT / "ui" / "static" / "mark.svg").read_text(encoding="utf-8")
    icons = divan.page.evaluate(
        """async () => Promise.all([...document.querySelectorAll('link[rel~=icon]')]
          .map(async ({ href }) => (await fetch(href)).text()))"""
    )
    assert icons
    assert set(icons) == {mark}
    colour = """() => [document.querySelector('meta[name=theme-color]').content,
      getComputedStyle(document.body).backgroundColor]"""
    light, page = divan.page.evaluate(colour)
    assert light == page
    divan.page.locator("#theme").click()
    dark, page = divan.page.evaluate(colour)
    assert dark == page != light
    divan.page.locator("#theme").click()
