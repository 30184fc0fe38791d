"""From the search to the hit: the chat opens there, its hits are marked, and a bar steps."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Locator, expect

from core.conversation import Answer, Conversation, Message, Outcome
from storage import codec
from storage.words import fold
from tests.page.divan_page import Divan
from tests.page.drawn_answers import drawn
from tests.support.divan_app import DivanApp

_MOMENT = "2026-11-20T12:00:00.000Z"
_MARKS = """() => ['divan-found', 'divan-found-now'].map((name) =>
  [...(CSS.highlights.get(name) ?? [])].map((hit) => {
    const range = document.createRange();
    range.setStart(hit.startContainer, hit.startOffset);
    range.setEnd(hit.endContainer, hit.endOffset);
    return range.toString();
  }))"""
_IS_SEEN = """() => {
  const [hit] = CSS.highlights.get('divan-found-now') ?? [];
  if (!hit) return false;
  const range = document.createRange();
  range.setStart(hit.startContainer, hit.startOffset);
  range.setEnd(hit.endContainer, hit.endOffset);
  const [box, frame] = [range, document.querySelector('#chatbot .bubble-wrap')]
    .map((one) => one.getBoundingClientRect());
  return box.height > 0 && box.top >= frame.top && box.bottom <= frame.bottom
    && document.elementFromPoint(box.left + 1, box.top + 1)?.closest('#chatbot') !== null;
}"""
_DISTANCE = """() => {
  const { scrollHeight, scrollTop, clientHeight } = document.querySelector('#chatbot .bubble-wrap');
  return scrollHeight - scrollTop - clientHeight;
}"""
_FOLD = """async (text) => {
  const { fold } = await import('/static/found_fold.js');
  return [...text].map((character) => fold(character).folded);
}"""
FILLING = "Bu iletide aranan sözcük geçmiyor, yalnızca yer tutuyor. " * 6


def message(number: int, text: str, parent: str | None) -> Message:
    """A question, or at odd numbers an answer."""
    if number % 2 == 0:
        return Message(f"m{number}", parent, "user", text, _MOMENT)
    answer = Answer("words", "paced", _MOMENT, Outcome.COMPLETE)
    return Message(f"m{number}", parent, "assistant", text, _MOMENT, answer=answer)


def conversation(title: str, texts: Sequence[str]) -> Conversation:
    """A chat of one path with these texts."""
    path: list[Message] = []
    for number, text in enumerate(texts):
        path.append(message(number, text, path[-1].id if path else None))
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    name = f"20260101-000000-{abs(hash(title)) % 10**6:06d}"
    return Conversation(
        name, title, now, now, model="words", leaf=path[-1].id, messages=tuple(path)
    )


def put(app: DivanApp, chat: Conversation) -> str:
    """Write a chat as a file, as if another program had dropped it in; its id."""
    app.chats.mkdir(parents=True, exist_ok=True)
    (app.chats / f"{chat.id}.json").write_bytes(codec.encode(chat))
    return chat.id


def texts(length: int, **hits: str) -> list[str]:
    """Messages of filling, but for those that are named: `m3="…"`."""
    return [hits.get(f"m{n}", FILLING) for n in range(length)]


def box(divan: Divan) -> Locator:
    return divan.page.locator("#chat-search").locator("input, textarea")


def count(divan: Divan) -> Locator:
    return divan.page.locator("#found .count")


def look_for(divan: Divan, query: str) -> None:
    """Type a query, and wait for its results."""
    if box(divan).input_value() == query:
        return
    asks = f"q={quote_plus(query)}"
    with drawn(divan.page, lambda asked: "/api/chats?" in asked.url and asks in asked.url):
        box(divan).fill(query)


def search(divan: Divan, query: str, title: str) -> None:
    """Search, and press the result with this title."""
    look_for(divan, query)
    expect(divan.rows).to_have_count(1)
    expect(divan.rows).to_contain_text(title)
    divan.show(title)


def seen(divan: Divan) -> None:
    """Wait until the hit that is looked at is in view."""
    divan.page.wait_for_function(_IS_SEEN, polling=30)


def marks(divan: Divan) -> list[str]:
    """What is marked, and as the last what is looked at."""
    rest, current = divan.page.evaluate(_MARKS)
    return [*rest, *current]


def leaf_of(app: DivanApp, chat: str) -> str | None:
    data = (app.chats / f"{chat}.json").read_bytes()
    return codec.decode(data, chat).leaf


def test_a_result_opens_at_its_first_hit_with_all_hits_marked(divan: Divan, app: DivanApp) -> None:
    said = texts(40, m7="Sözü **KARPATYALI**dır.", m20="karpatyali mı?", m39="Son: Karpatyalı")
    put(app, conversation("Uzak dağlar", said))
    search(divan, "karpatyalı", "Uzak dağlar")
    expect(count(divan)).to_have_text("1 / 3")
    seen(divan)
    assert marks(divan) == ["karpatyali", "Karpatyalı", "KARPATYALIdır"]
    assert divan.page.evaluate(_DISTANCE) > 1000


def test_next_and_previous_go_from_hit_to_hit_and_around(divan: Divan, app: DivanApp) -> None:
    said = texts(30, m3="gezgin bir", m15="gezgin iki", m28="gezgin üç")
    put(app, conversation("Adım adım", said))
    search(divan, "gezgin", "Adım adım")
    expect(count(divan)).to_have_text("1 / 3")
    page = divan.page
    for name, says in (("Sonraki", "2"), ("Sonraki", "3"), ("Sonraki", "1"), ("Önceki", "3")):
        page.locator("#found").get_by_role("button", name=name).click()
        expect(count(divan)).to_have_text(f"{says} / 3")
        seen(divan)


def test_closing_and_another_chat_take_the_marks_away(divan: Divan, app: DivanApp) -> None:
    put(app, conversation("Kapanacak", texts(12, m2="pervane döner", m4="pervane durur")))
    search(divan, "pervane", "Kapanacak")
    bar = divan.page.locator("#found")
    expect(count(divan)).to_have_text("1 / 2")
    bar.get_by_role("button", name="Aramayı kapat").click()
    expect(bar).to_be_hidden()
    assert marks(divan) == []
    search(divan, "pervane döner", "Kapanacak")
    expect(bar).to_be_visible()
    divan.page.locator("#prompt textarea").press("Escape")
    expect(bar).to_be_hidden()
    search(divan, "pervane", "Kapanacak")
    expect(bar).to_be_visible()
    divan.new_chat()
    expect(bar).to_be_hidden()
    assert marks(divan) == []


def test_escape_leaves_an_edit_before_it_closes_the_bar(divan: Divan, app: DivanApp) -> None:
    put(app, conversation("Düzenlenecek", texts(4, m0="çıngırak nerede")))
    search(divan, "çıngırak", "Düzenlenecek")
    question = divan.page.locator('#chatbot [data-testid="user"]').first
    question.hover()
    question.get_by_role("button", name="Düzenle").click()
    prompt = divan.page.locator("#prompt textarea")
    expect(prompt).to_have_value("çıngırak nerede")
    prompt.press("Escape")
    expect(prompt).to_have_value("")
    expect(divan.page.locator("#found")).to_be_visible()
    prompt.press("Escape")
    expect(divan.page.locator("#found")).to_be_hidden()


def test_a_hit_in_another_version_is_shown_by_a_press_and_not_before(
    divan: Divan, app: DivanApp
) -> None:
    chat = conversation("İki sürüm", texts(6))
    old = replace(message(1, "Burada zümrüdüanka var.", "m0"), id="old")
    chat = replace(chat, messages=(*chat.messages, old))
    put(app, chat)
    search(divan, "zümrüdüanka", "İki sürüm")
    bar = divan.page.locator("#found")
    expect(bar).to_contain_text("başka bir sürümde geçiyor")
    assert leaf_of(app, chat.id) == "m5"
    bar.get_by_role("button", name="O sürümü göster").click()
    expect(count(divan)).to_have_text("1 / 1")
    seen(divan)
    assert leaf_of(app, chat.id) == "old"
    expect(divan.answer).to_contain_text("zümrüdüanka")


def test_hits_on_the_path_come_first_and_the_bar_tells_of_the_others(
    divan: Divan, app: DivanApp
) -> None:
    chat = conversation("Yolda ve yanda", texts(6, m3="Yolda lokum."))
    old = replace(message(3, "Yanda lokum.", "m2"), id="old")
    chat = replace(chat, messages=(*chat.messages, old))
    put(app, chat)
    search(divan, "lokum", "Yolda ve yanda")
    expect(count(divan)).to_have_text("1 / 1")
    for text in ("Yanda", "Yolda"):
        divan.page.get_by_role("button", name="Diğer sürümlerde").click()
        expect(divan.page.locator("#chatbot")).to_contain_text(f"{text} lokum.")
        expect(count(divan)).to_have_text("1 / 1")
        seen(divan)


def test_a_chat_found_by_its_title_says_so(divan: Divan, app: DivanApp) -> None:
    put(app, conversation("Başlıkta hokkabaz", texts(4)))
    search(divan, "hokkabaz", "Başlıkta hokkabaz")
    expect(count(divan)).to_have_text("Yalnızca başlıkta geçiyor")
    assert marks(divan) == []


def test_a_folded_question_is_unfolded_for_its_hit(divan: Divan, app: DivanApp) -> None:
    long = "bir satır\n" * 60 + "sonunda saklambaç\n" + "bir satır\n" * 10
    put(app, conversation("Uzun soru", texts(4, m0=long)))
    search(divan, "saklambaç", "Uzun soru")
    expect(divan.page.locator(".divan-long.divan-open")).to_have_count(1)
    seen(divan)
    expect(divan.page.get_by_role("button", name="Kısalt")).to_be_visible()


def test_a_very_long_chat_opens_within_reach_and_goes_further_back_on_request(
    divan: Divan, app: DivanApp
) -> None:
    said = texts(300, m20="çok eski kehribar", m270="yeni kehribar", m280="daha yeni kehribar")
    put(app, conversation("Üç yüz ileti", said))
    search(divan, "kehribar", "Üç yüz ileti")
    expect(count(divan)).to_have_text("1 / 2+")
    seen(divan)
    divan.page.locator("#found").get_by_role("button", name="Önceki").click()
    expect(count(divan)).to_have_text("1 / 3", timeout=30_000)
    seen(divan)
    assert marks(divan)[-1] == "kehribar"
    expect(divan.page.locator("#chatbot")).to_contain_text("çok eski kehribar")


@pytest.mark.parametrize(
    ("said", "query", "marked"),
    [
        ("İSTANBUL, ıstanbul ve İstanbullu", "istanbul", {"İSTANBUL", "ıstanbul", "İstanbullu"}),
        ("c dili ile C++; C#", "c++", {"C++"}),
        ("node.js ve node ile js", "node.js", {"node.js"}),
        ("明日は東京都庁で東京", "東京", {"東京"}),
        ("`kod içinde` ve\n\n```python\nprint('kod')\n```", "kod", {"kod"}),
        ("Straße ve cafe\u0301", "strasse café", {"Straße", "cafe\u0301"}),
    ],
)
def test_the_page_marks_what_the_search_found(
    divan: Divan, app: DivanApp, said: str, query: str, marked: set[str]
) -> None:
    title = f"İşaret {query}"
    put(app, conversation(title, texts(6, m3=said)))
    look_for(divan, query)
    divan.show(title)
    expect(divan.page.locator("#found")).to_be_visible()
    seen(divan)
    assert set(marks(divan)) == marked


def test_what_is_beside_the_words_of_a_message_is_no_hit(divan: Divan, app: DivanApp) -> None:
    chat = conversation("Kenarda", texts(4, m1="Kelimeler burada."))
    thinking = replace(chat.messages[3], reasoning="kelimeler üzerine düşünce")
    put(app, replace(chat, messages=(*chat.messages[:3], thinking)))
    search(divan, "kelimeler burada", "Kenarda")
    expect(count(divan)).to_have_text("1 / 2")
    box(divan).fill("")


def test_keys_go_from_the_box_to_the_results_and_back(divan: Divan, app: DivanApp) -> None:
    put(app, conversation("Birinci kırlangıç", texts(4, m2="kırlangıç uçtu")))
    put(app, conversation("İkinci", texts(4, m2="kırlangıç kondu")))
    expect(divan.rows.filter(has_text="İkinci")).to_be_visible()
    box(divan).fill("kırlangıç")
    box(divan).press("ArrowDown")
    first = divan.rows.filter(has_text="Birinci kırlangıç").locator(".divan-chat-open")
    expect(first).to_be_focused()
    divan.page.keyboard.press("ArrowDown")
    expect(divan.rows.filter(has_text="İkinci").locator(".divan-chat-open")).to_be_focused()
    divan.page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    divan.page.keyboard.press("ArrowUp")
    expect(box(divan)).to_be_focused()


def test_enter_opens_the_first_result_of_what_was_typed_and_then_steps(
    divan: Divan, app: DivanApp
) -> None:
    put(app, conversation("Leylekler", texts(8, m2="leylek geldi", m6="leylek gitti")))
    put(app, conversation("Turnalar", texts(8, m2="turna geldi", m6="turna gitti")))
    expect(divan.rows.filter(has_text="Turnalar")).to_be_visible()
    box(divan).fill("leylek")
    expect(divan.rows).to_have_count(1)
    box(divan).fill("turna")  # and Enter before the list has heard of it
    box(divan).press("Enter")
    expect(divan.page).to_have_title("Turnalar – Divan")
    expect(count(divan)).to_have_text("1 / 2")
    expect(box(divan)).to_be_focused()
    box(divan).press("Enter")
    expect(count(divan)).to_have_text("2 / 2")
    box(divan).press("Shift+Enter")
    expect(count(divan)).to_have_text("1 / 2")
    box(divan).fill("böylebirşeyyok")
    box(divan).press("Enter")
    expect(divan.rows).to_have_count(0)
    expect(divan.page).to_have_title("Turnalar – Divan")


def test_on_a_phone_the_list_folds_away_and_the_bar_fits(phone: Divan, app: DivanApp) -> None:
    chat = conversation("Telefonda", texts(20, m3="uğurböceği", m9="uğurböceği"))
    other = replace(message(9, "uğurböceği yanda", "m8"), id="other")
    put(app, replace(chat, messages=(*chat.messages, other)))
    phone.page.locator("#sidebar .toggle-button").click()
    search(phone, "uğurböceği", "Telefonda")
    expect(count(phone)).to_have_text("1 / 2")
    seen(phone)
    expect(phone.page.get_by_role("button", name="Diğer sürümlerde")).to_be_visible()
    bar, end = (phone.page.locator(part).bounding_box() for part in ("#found", "#found .close"))
    assert bar
    assert end
    assert 0 <= bar["x"] < end["x"]
    assert end["x"] + end["width"] <= bar["x"] + bar["width"] <= 390


def test_the_page_folds_each_character_as_the_search_does(divan: Divan) -> None:
    known = [chr(code) for code in range(0x20, sys.maxunicode) if _is_compared(code)]
    folded = divan.page.evaluate(_FOLD, "".join(known))
    different = [one for one, there in zip(known, folded, strict=True) if fold(one) != there]
    assert different == []


def _is_compared(code: int) -> bool:
    """Assigned characters; not Cherokee, whose case goes the other way, for nobody mixes them."""
    is_cherokee = 0x13A0 <= code <= 0x13FF or 0xAB70 <= code <= 0xABBF
    return not is_cherokee and unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
