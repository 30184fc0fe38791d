"""The chat list with 10,000 chats: bounded rows, headings, keys, actions, search, focus."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SETUP = """async (count) => {
  const { createChatList, showToast } = await import("/chat_list.js");
  const sheet = document.head.appendChild(document.createElement("link"));
  sheet.rel = "stylesheet";
  sheet.href = "/chat_list.css";
  await new Promise((resolve) => (sheet.onload = resolve));
  const host = document.body.appendChild(document.createElement("div"));
  host.style.cssText = "width: 300px; height: 640px";
  const chats = Array.from({ length: count }, (_, i) => ({ id: `c${i}`, title: `Sohbet ${i}`,
    updated: 1700000000 - i, pinned: i < 3, model: "m", messages: 2, read_only: i === 5 }));
  const calls = [];
  const pages = [];
  const state = { query: "", broken: false };
  const snippet = () => `önce \\uE000${state.query}\\uE001 sonra`;
  const found = () => chats.filter((chat) => chat.title.includes(state.query))
    .map((chat) => (state.query ? { ...chat, snippet: snippet() } : chat));
  const groups = () => {
    const pinned = chats.filter((chat) => chat.pinned).length;
    const rest = chats.length - pinned;
    return [{ key: "pinned", count: pinned }, { key: "today", count: Math.min(5, rest) },
      { key: "2026-10", count: Math.max(0, rest - 5) }];
  };
  const labels = { title: "Sohbetler", pinned: "Sabitlenenler", today: "Bugün", menu: "İşlemler",
    rename: "Ad", rename_field: "Yeni ad", pin: "Sabitle", unpin: "Bırak", delete: "Sil",
    export_markdown: "Markdown", export_json: "JSON", running: "Yazıyor", empty: "Hiç yok",
    no_hits: "Bulunamadı", failed: "Olmadı", retry: "Yeniden", untitled: "Adsız", locale: "tr" };
  const list = createChatList(host, {
    fetchOutline: async () => {
      if (state.broken) throw new Error("broken");
      const total = found().length;
      return state.query ? { total } : { total, groups: groups(), version: 1 };
    },
    fetchPage: async (offset, limit) => {
      pages.push(offset);
      return found().slice(offset, offset + limit).map((chat) => ({ ...chat }));
    },
    onOpen: (id) => calls.push(["open", id]),
    onAction: (action, id, value) => {
      calls.push([action, id, value ?? null]);
      const at = chats.findIndex((chat) => chat.id === id);
      if (action === "delete") chats.splice(at, 1);
      if (action === "rename") chats[at].title = value;
      if (action.endsWith("pin")) chats[at].pinned = action === "pin";
      list.refresh();
    },
    labels,
  });
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const settled = async () => {
    for (let i = 0; i < 100; i += 1) {
      await frame();
      if (host.querySelector(".divan-chats-state").dataset.state !== "loading"
        && !host.querySelector(".divan-chat.loading")) return;
    }
    throw new Error("rows did not come");
  };
  window.t = { host, list, chats, calls, pages, state, frame, settled, showToast,
    scroller: host.querySelector(".divan-chats-scroller") };
  await settled();
}"""


async def run(page: Page, body: str, argument: Any = None) -> Any:
    names = "host, list, chats, calls, pages, state, frame, settled, scroller, showToast"
    return await page.evaluate(
        f"async (argument) => {{ const {{ {names} }} = window.t; {body} }}", argument
    )


@pytest_asyncio.fixture(loop_scope="session")
async def shown(page: Page) -> Page:
    await page.evaluate(SETUP, 10_000)
    return page


async def calls(page: Page) -> list[list[Any]]:
    return list(await run(page, "return calls;"))


async def test_ten_thousand_chats_stay_about_forty_rows(shown: Page) -> None:
    seen = await run(
        shown,
        """
        let most = 0;
        for (let at = 0; at <= scroller.scrollHeight; at += 9000) {
          scroller.scrollTop = at;
          await frame();
          most = Math.max(most, host.querySelectorAll(".divan-chat").length);
        }
        scroller.scrollTop = scroller.scrollHeight;
        await frame();
        await settled();
        const rows = [...host.querySelectorAll(".divan-chat")];
        return { most, last: rows.at(-1).dataset.chatId, setSize: rows[0].ariaSetSize,
          position: rows.at(-1).ariaPosInSet, order: rows.every((row, at) =>
            !at || Number(row.ariaPosInSet) > Number(rows[at - 1].ariaPosInSet)) };
        """,
    )
    assert seen["most"] <= 40
    assert seen == {
        "most": seen["most"],
        "last": "c9999",
        "setSize": "10000",
        "position": "10000",
        "order": True,
    }


async def test_rows_are_asked_for_where_scrolling_ends(shown: Page) -> None:
    asked = await run(
        shown,
        """
        for (let at = 0; at < 300000; at += 10000) { scroller.scrollTop = at; await frame(); }
        await settled();
        return pages.length;
        """,
    )
    assert asked <= 12


async def test_headings_stand_above_the_first_row_of_their_group(shown: Page) -> None:
    seen = await run(
        shown,
        """
        const start = host.getBoundingClientRect().top;
        const top = (node) => Math.round(node.getBoundingClientRect().top - start);
        const headings = [...host.querySelectorAll(".divan-chats-heading")];
        return [headings.map((one) => [one.textContent, top(one)]),
          ["c0", "c3", "c8"].map((id) => top(host.querySelector(`[data-chat-id=${id}]`)))];
        """,
    )
    assert seen == [
        [["Sabitlenenler", 0], ["Bugün", 34 + 3 * 38], ["Ekim 2026", 2 * 34 + 8 * 38]],
        [34, 2 * 34 + 3 * 38, 3 * 34 + 8 * 38],
    ]


async def test_a_click_opens_and_marks_the_chat(shown: Page) -> None:
    await shown.click('[data-chat-id="c4"]')
    assert await calls(shown) == [["open", "c4"]]
    await run(shown, "list.setActive('c4');")
    assert await shown.get_attribute('[data-chat-id="c4"] .divan-chat-open', "aria-current")
    assert await shown.locator("[aria-current]").count() == 1


async def test_the_keyboard_moves_opens_and_acts(shown: Page) -> None:
    await shown.focus('[data-chat-id="c0"] .divan-chat-open')
    keys = ["ArrowDown", "ArrowDown", "Enter", "End", "Enter", "ArrowUp", "p", "Home", "Enter"]
    for key in keys:
        await shown.keyboard.press(key)
        await run(shown, "await settled();")
    assert await calls(shown) == [
        ["open", "c2"],
        ["open", "c9999"],
        ["pin", "c9998", None],
        ["open", "c0"],
    ]


async def test_tab_reaches_one_row_and_its_menu_button(shown: Page) -> None:
    reachable = "return host.querySelectorAll('[tabindex=\"0\"]').length;"
    assert await run(shown, reachable) == 2
    await shown.focus('[data-chat-id="c0"] .divan-chat-open')
    await shown.keyboard.press("ArrowDown")
    assert await run(shown, reachable) == 2
    label = await shown.get_attribute('[data-chat-id="c1"] .divan-chat-more', "aria-label")
    assert label == "İşlemler: Sohbet 1"


@pytest.mark.parametrize(
    ("action", "call"),
    [
        ("pin", ["pin", "c4", None]),
        ("export-markdown", ["export-markdown", "c4", None]),
        ("export-json", ["export-json", "c4", None]),
        ("delete", ["delete", "c4", "Sohbet 4"]),
    ],
)
async def test_the_menu_calls_back(shown: Page, action: str, call: list[Any]) -> None:
    await shown.hover('[data-chat-id="c4"]')
    await shown.click('[data-chat-id="c4"] .divan-chat-more')
    assert await shown.get_attribute(".divan-menu", "role") == "menu"
    await shown.click(f'.divan-menu [data-action="{action}"]')
    assert await calls(shown) == [call]
    assert await shown.locator(".divan-menu").count() == 0


async def test_a_pinned_chat_can_be_let_go(shown: Page) -> None:
    await shown.click('[data-chat-id="c1"]', button="right")
    assert await shown.locator('.divan-menu [data-action="pin"]').count() == 0
    await shown.click('.divan-menu [data-action="unpin"]')
    assert await calls(shown) == [["unpin", "c1", None]]


async def test_the_menu_is_walked_and_left_by_keyboard(shown: Page) -> None:
    await shown.focus('[data-chat-id="c4"] .divan-chat-open')
    await shown.keyboard.press("Shift+F10")
    walked = []
    for key in ("ArrowUp", "ArrowDown", "ArrowDown"):
        await shown.keyboard.press(key)
        walked.append(await run(shown, "return document.activeElement.dataset.action;"))
    assert walked == ["delete", "rename", "pin"]
    await shown.keyboard.press("Escape")
    assert await shown.locator(".divan-menu").count() == 0
    focused = "return document.activeElement.closest('[data-chat-id]')?.dataset.chatId;"
    assert await run(shown, focused) == "c4"


async def test_a_read_only_chat_offers_no_change(shown: Page) -> None:
    await shown.click('[data-chat-id="c5"]', button="right")
    names = (
        "return [...document.querySelectorAll('.divan-menu button')].map((b) => b.dataset.action);"
    )
    assert await run(shown, names) == ["export-markdown", "export-json", "delete"]


async def test_enter_saves_a_new_name(shown: Page) -> None:
    await shown.focus('[data-chat-id="c4"] .divan-chat-open')
    await shown.keyboard.press("F2")
    await shown.keyboard.type("  <b>Yeni</b> ad ")
    await shown.keyboard.press("Enter")
    await run(shown, "await settled();")
    assert await calls(shown) == [["rename", "c4", "<b>Yeni</b> ad"]]
    assert await shown.text_content('[data-chat-id="c4"] .divan-chat-title') == "<b>Yeni</b> ad"
    focused = "return document.activeElement.closest('[data-chat-id]')?.dataset.chatId;"
    assert await run(shown, focused) == "c4"


@pytest.mark.parametrize("text", ["başka", "", "   "])
async def test_escape_or_nothing_keeps_the_old_name(shown: Page, text: str) -> None:
    await shown.focus('[data-chat-id="c4"] .divan-chat-open')
    await shown.keyboard.press("F2")
    await shown.keyboard.press("Control+A")
    await shown.keyboard.press("Delete")
    await shown.keyboard.type(text)
    await shown.keyboard.press("Escape" if text == "başka" else "Enter")
    assert await calls(shown) == []
    assert await shown.text_content('[data-chat-id="c4"] .divan-chat-title') == "Sohbet 4"


async def test_a_refresh_does_not_disturb_a_rename(shown: Page) -> None:
    await shown.focus('[data-chat-id="c4"] .divan-chat-open')
    await shown.keyboard.press("F2")
    await shown.keyboard.type("yarım")
    await run(shown, "list.refresh(); scroller.scrollTop = 5000; await settled();")
    await shown.keyboard.type(" ad")
    await shown.keyboard.press("Enter")
    assert await calls(shown) == [["rename", "c4", "yarım ad"]]


async def test_after_a_delete_the_next_chat_has_the_focus(shown: Page) -> None:
    await shown.focus('[data-chat-id="c4"] .divan-chat-open')
    await shown.keyboard.press("Delete")
    await run(shown, "await settled();")
    focused = "return document.activeElement.closest('[data-chat-id]')?.dataset.chatId;"
    assert await run(shown, focused) == "c5"
    await shown.keyboard.press("End")
    await run(shown, "await settled();")
    await shown.keyboard.press("Delete")
    await run(shown, "await settled();")
    assert await run(shown, focused) == "c9998"


async def test_an_impatient_second_delete_spares_the_next_chat(shown: Page) -> None:
    """Twice on the same row before the first is done is one delete, and rows are never stale."""
    seen = await run(
        shown,
        """
        host.querySelector("[data-chat-id=c4] .divan-chat-open").focus();
        const press = () => document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Delete", bubbles: true }));
        press();
        press();
        const first = calls.length;
        for (let i = 0; i < 3; i += 1) { await null; press(); }
        await settled();
        return [first, calls.filter(([, id]) => id === "c4").length];
        """,
    )
    assert seen == [1, 1]


async def test_fingers_find_the_menu_button_without_hovering(
    browser: Browser, static_address: str
) -> None:
    context = await browser.new_context(
        viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True
    )
    page = await context.new_page()
    await page.goto(static_address)
    await page.evaluate(SETUP, 20)
    await page.tap('[data-chat-id="c4"] .divan-chat-more')
    opacity = "(button) => getComputedStyle(button).opacity"
    assert await page.eval_on_selector('[data-chat-id="c7"] .divan-chat-more', opacity) == "1"
    box = await page.locator(".divan-menu").bounding_box()
    await context.close()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


async def test_the_last_chat_deleted_leaves_an_empty_list(page: Page) -> None:
    await page.evaluate(SETUP, 1)
    await page.focus('[data-chat-id="c0"] .divan-chat-open')
    await page.keyboard.press("Delete")
    await run(page, "await settled();")
    assert await page.text_content(".divan-chats-state") == "Hiç yok"
    assert await run(page, "return document.activeElement === scroller;") is True


async def test_search_shows_hits_in_their_snippets(shown: Page) -> None:
    seen = await run(
        shown,
        """
        state.query = "77";
        list.setQuery("77");
        await frame();
        await settled();
        const row = host.querySelector(".divan-chat");
        return { id: row.dataset.chatId, mark: row.querySelector("mark").textContent,
          snippet: row.querySelector(".divan-chat-snippet").textContent,
          height: row.getBoundingClientRect().height,
          headings: host.querySelectorAll(".divan-chats-heading").length };
        """,
    )
    snippet = "önce 77 sonra"
    assert seen == {"id": "c77", "mark": "77", "snippet": snippet, "height": 58, "headings": 0}


async def test_a_search_without_hits_says_so_and_goes_back(shown: Page) -> None:
    seen = await run(
        shown,
        """
        state.query = "yok böyle";
        list.setQuery("yok böyle");
        await frame();
        await settled();
        const nothing = host.querySelector(".divan-chats-state").textContent;
        state.query = "";
        list.setQuery("");
        await frame();
        await settled();
        return [nothing, host.querySelector("[data-chat-id]").dataset.chatId];
        """,
    )
    assert seen == ["Bulunamadı", "c0"]


async def test_running_chats_are_marked(shown: Page) -> None:
    seen = await run(
        shown,
        """
        list.setRunning(new Set(["c4", "c9000"]));
        const marked = () => [...host.querySelectorAll(".divan-chat.running")]
          .map((row) => [row.dataset.chatId, row.textContent.includes("Yazıyor")]);
        const first = marked();
        list.setRunning(new Set());
        return [first, marked()];
        """,
    )
    assert seen == [[["c4", True]], []]


HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'


async def test_hostile_titles_and_snippets_are_text(shown: Page) -> None:
    seen = await run(
        shown,
        """
        chats[0].title = `${argument} 77 \\uE000x\\uE001`;
        state.query = "77";
        list.setQuery("77");
        await frame();
        await settled();
        const row = host.querySelector("[data-chat-id=c0]");
        row.querySelector(".divan-chat-more").click();
        await frame();
        const label = document.querySelector(".divan-menu").ariaLabel;
        showToast(argument, argument, () => {});
        await frame();
        return { title: row.querySelector(".divan-chat-title").textContent.startsWith(argument),
          elements: document.querySelectorAll("img, body script").length,
          hit: window.hit ?? null, label: label.includes("onerror") };
        """,
        HOSTILE,
    )
    assert seen == {"title": True, "elements": 0, "hit": None, "label": True}


async def test_a_failure_is_shown_and_can_be_tried_again(shown: Page) -> None:
    await run(shown, "state.broken = true; await list.refresh();")
    assert await shown.text_content('[role="alert"] .divan-chats-note') == "Olmadı"
    assert await shown.locator('[data-chat-id="c4"]').count() == 1
    await run(shown, "state.broken = false;")
    await shown.click(".divan-chats-retry")
    await shown.wait_for_selector(".divan-chats-retry", state="detached")


async def test_rows_at_hand_stay_few(shown: Page) -> None:
    seen = await run(
        shown,
        """
        const { createPages } = await import("/chat_pages.js");
        const cache = createPages(async (offset) => [{ id: offset }], () => {}, () => {});
        for (let at = 0; at < 5000; at += 50) { cache.need(at, at); await null; await null; }
        await frame();
        return [cache.size(), cache.row(4950)?.id, cache.row(0) ?? null];
        """,
    )
    assert seen == [12, 4950, None]


async def test_a_toast_offers_one_action_and_hides_by_itself(page: Page) -> None:
    await page.clock.install()
    await page.evaluate(SETUP_TOAST)
    assert await page.get_attribute(".divan-toasts", "role") == "status"
    await page.clock.run_for(5_000)
    await page.dispatch_event(".divan-toast", "pointerenter")
    await page.clock.run_for(60_000)
    assert await page.locator(".divan-toast").count() == 1
    await page.dispatch_event(".divan-toast", "pointerleave")
    await page.clock.run_for(8_000)
    assert await page.locator(".divan-toast").count() == 0
    await page.evaluate(SETUP_TOAST)
    await page.click(".divan-toast button")
    assert await page.evaluate("window.undone") is True
    assert await page.locator(".divan-toast").count() == 0


SETUP_TOAST = """async () => {
  const { showToast } = await import("/chat_list.js");
  showToast("Silindi", "Geri al", () => (window.undone = true));
}"""
