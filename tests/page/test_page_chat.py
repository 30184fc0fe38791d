"""The main path on the real page: write, watch, stop, switch, come back."""

from __future__ import annotations

import json

from playwright.sync_api import BrowserContext, WebSocketRoute, expect

from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider


def test_a_question_is_answered_and_kept_in_a_file_the_address_names(
    divan: Divan, app: DivanApp
) -> None:
    divan.write("Merhaba dünya")
    divan.settled()
    expect(divan.answer).to_contain_text("kelime1 kelime2")
    expect(divan.answer.locator(".divan-facts")).to_contain_text("11 → 22 belirteç")
    expect(divan.answer.locator(".divan-facts")).to_contain_text("$0,000055")
    expect(divan.page).to_have_title("Merhaba dünya – Divan")
    chat = divan.page.evaluate("new URLSearchParams(location.search).get('chat')")
    saved = json.loads((app.chats / f"{chat}.json").read_text(encoding="utf-8"))
    assert saved["messages"][0]["content"] == "Merhaba dünya"
    assert saved["messages"][1]["answer"]["outcome"] == "complete"


def test_an_answer_is_seen_while_it_is_made_and_the_settled_one_takes_over(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("Yarısını göster")
    expect(divan.answer).to_contain_text("bir iki üç")
    expect(divan.page.locator("#stop")).to_be_visible()
    expect(divan.page.locator("#send")).to_be_hidden()
    expect(divan.page.locator("#prompt textarea")).to_have_value("")
    provider.release()
    divan.settled()
    expect(divan.answer).to_contain_text("bir iki üç dört beş")
    expect(divan.page.locator(".divan-host")).to_have_count(0)


def test_a_waiting_animation_is_shown_until_the_first_token(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Sessiz")
    divan.write("Bekle")
    waiting = divan.page.locator(".divan-waiting")
    expect(waiting).to_be_visible()
    expect(waiting).to_contain_text("Sessiz bekleniyor")
    provider.release()
    divan.settled()
    expect(waiting).to_have_count(0)


def test_stop_keeps_what_came_and_closes_the_connection(
    divan: Divan, provider: PacedProvider
) -> None:
    provider.closed_early.clear()
    divan.choose("Bekleyen")
    divan.write("Dur")
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.page.click("#stop")
    divan.settled()
    expect(divan.answer).to_contain_text("Siz durdurdunuz")
    expect(divan.answer).to_contain_text("bir iki üç")
    assert provider.closed_early.wait(5)


def test_escape_stops_too_and_what_is_being_written_stays(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("Bir")
    expect(divan.answer).to_contain_text("bir iki üç")
    asked = len(provider.requests)
    divan.page.locator("#prompt textarea").fill("sonra sorulacak")
    divan.page.keyboard.press("Escape")
    divan.settled()
    assert len(provider.requests) == asked
    expect(divan.page.locator("#prompt textarea")).to_have_value("sonra sorulacak")


def test_shift_enter_breaks_the_line(divan: Divan, provider: PacedProvider) -> None:
    box = divan.page.locator("#prompt textarea")
    box.fill("bir")
    box.press("Shift+Enter")
    box.press_sequentially("iki")
    expect(box).to_have_value("bir\niki")
    box.press("Enter")
    divan.settled()
    assert provider.requests[-1]["messages"][-1]["content"] == "bir\niki"


def test_another_model_goes_on_in_the_middle_of_a_chat(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.write("Birinci")
    divan.settled()
    divan.choose("Zengin")
    divan.write("İkinci")
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(2)
    divan.settled()
    expect(divan.answer.locator(".divan-facts")).to_contain_text("Zengin")
    sent = provider.requests[-1]
    assert sent["model"] == "rich"
    assert [m["role"] for m in sent["messages"]] == ["user", "assistant", "user"]


def test_a_view_that_comes_after_the_end_of_its_answer_does_not_bring_stop_back(
    divan: Divan,
) -> None:
    shown = divan.page.evaluate(
        """async () => {
            const { createLive } = await import('/static/live.js');
            const told = { answering: [], settled: 0 };
            let view = null;
            const live = createLive({
                follower: { follow: (_, given) => { view = given; }, unfollow: () => {} },
                labels: {},
                settle: () => { told.settled += 1; },
                answering: (turn) => told.answering.push(turn),
            });
            live.show('early');
            view.end();
            live.show('early');
            return told;
        }"""
    )
    assert shown == {"answering": ["early", None], "settled": 2}


A_PAGE = """
  const { createLive } = await import('/static/live.js');
  const seen = { unfollowed: [], settled: 0, answering: [] };
  const views = {};
  const live = createLive({
    follower: {
      follow: (turn, view) => { views[turn] = view; },
      unfollow: (turn) => seen.unfollowed.push(turn),
    },
    labels: {},
    settle: () => { seen.settled += 1; },
    answering: (turn) => seen.answering.push(turn),
  });
  const frames = async (count) => {
    for (; count; count -= 1) await new Promise((done) => requestAnimationFrame(done));
  };
  const bubbles = document.createElement('div');
  bubbles.className = 'bubble-wrap';
  document.getElementById('chatbot').append(bubbles);
  const draw = (turn) => {
    bubbles.innerHTML = `<div class="message-row"><div class="message-content">
      <div class="md">before <i id="divan-live-${turn}"></i></div></div></div>`;
  };
  const say = (turn, text) => views[turn].frame({ text, status: null });
  const told = () => {
    seen.text = bubbles.querySelector('.divan-host').textContent;
    const result = structuredClone(seen);
    bubbles.remove();
    return result;
  };
"""

TWO_TURNS = f"""async () => {{
  {A_PAGE}
  draw('first');
  live.show('first');
  say('first', 'one');
  bubbles.innerHTML = '<div class="message-content"><div class="md">another chat</div></div>';
  await frames(2);
  say('first', 'still one');
  draw('second');
  live.show('second');
  say('second', 'two');
  say('first', 'and one');
  views.first.end();
  await frames(10);
  return told();
}}"""

DRAWN_ANEW = f"""async () => {{
  {A_PAGE}
  draw('first');
  live.show('first');
  say('first', 'one');
  bubbles.innerHTML = '<div class="message-content"><div class="md">the question</div></div>';
  await frames(2);
  draw('first');
  say('first', 'two');
  await frames(10);
  views.first.end();
  return told();
}}"""


def test_what_one_answer_says_is_never_painted_into_another(divan: Divan) -> None:
    seen = divan.page.evaluate(TWO_TURNS)
    assert seen["unfollowed"] == ["first"]
    assert seen["settled"] == 0
    assert "two" in seen["text"]
    assert "one" not in seen["text"]


def test_an_answer_whose_bubble_is_drawn_anew_goes_on_in_it_to_its_end(divan: Divan) -> None:
    seen = divan.page.evaluate(DRAWN_ANEW)
    assert seen["unfollowed"] == []
    assert "onetwo" in seen["text"]
    assert seen["answering"] == ["first", None]
    assert seen["settled"] == 1


def test_a_reload_in_mid_answer_joins_it_where_it_is(divan: Divan, provider: PacedProvider) -> None:
    divan.choose("Bekleyen")
    divan.write("Yeniden yükle")
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.page.reload()
    expect(divan.answer).to_contain_text("bir iki üç")
    expect(divan.page.locator("#stop")).to_be_visible()
    provider.release()
    divan.settled()
    expect(divan.answer).to_contain_text("bir iki üç dört beş")


def test_the_answer_goes_on_when_the_tab_is_closed(
    divan: Divan, context: BrowserContext, provider: PacedProvider
) -> None:
    closed = Divan(context.new_page(), divan.url).open()
    closed.choose("Bekleyen")
    closed.write("Sekmeyi kapat")
    expect(closed.answer).to_contain_text("bir iki üç")
    closed.page.close()
    provider.release()
    divan.show("Sekmeyi kapat")
    divan.settled()
    expect(divan.answer).to_contain_text("bir iki üç dört beş")


def test_a_second_tab_joins_the_running_answer_and_both_see_its_end(
    divan: Divan, other: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("İki sekme")
    expect(divan.answer).to_contain_text("bir iki üç")
    other.join(divan)
    expect(other.answer).to_contain_text("bir iki üç")
    provider.release()
    for tab in (divan, other):
        tab.settled()
        expect(tab.answer).to_contain_text("bir iki üç dört beş")


def test_a_tab_that_shows_the_chat_sees_what_another_tab_asks(divan: Divan, other: Divan) -> None:
    divan.write("Önce burada")
    divan.settled()
    other.join(divan)
    divan.choose("Bekleyen")
    divan.write("Sonra öbüründe de")
    expect(other.answer).to_contain_text("bir iki üç")


def test_two_chats_answer_at_once_and_switching_disturbs_neither(
    divan: Divan, provider: PacedProvider
) -> None:
    divan.choose("Bekleyen")
    divan.write("Birinci sohbet")
    expect(divan.answer).to_contain_text("bir iki üç")
    divan.page.click("#new-chat")
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(0)
    divan.choose("Bekleyen")
    divan.write("İkinci sohbet")
    expect(divan.answer).to_contain_text("bir iki üç")
    expect(divan.rows.first).to_contain_text("İkinci sohbet")
    divan.show("Birinci sohbet")
    expect(divan.answer).to_contain_text("bir iki üç")
    provider.release()
    divan.settled()
    divan.show("İkinci sohbet").settled()
    expect(divan.answer).to_contain_text("bir iki üç dört beş")


def test_a_lost_connection_comes_back_where_it_was(
    unloaded: Divan, provider: PacedProvider
) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_on(websocket: WebSocketRoute) -> None:
        sockets.append(websocket)
        websocket.connect_to_server()

    unloaded.page.route_web_socket("**/ws*", pass_on)
    divan = unloaded.open()
    divan.choose("Bekleyen")
    divan.write("Ağ kopsun")
    expect(divan.answer).to_contain_text("bir iki üç")
    sockets[-1].close()
    provider.release()
    divan.settled()
    expect(divan.answer).to_contain_text("bir iki üç dört beş")
    assert len(sockets) > 1


def test_a_chat_that_is_gone_is_told_and_an_empty_page_is_shown(divan: Divan) -> None:
    divan.open("/?chat=20200101-000000-nobody")
    expect(divan.page.get_by_text("Bu sohbet artık yerinde değil.").first).to_be_visible()
    expect(divan.page.locator('#chatbot [data-testid="bot"]')).to_have_count(0)
