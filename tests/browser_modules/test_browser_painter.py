"""The painter on a page: frames, kept nodes, waiting, reasoning, tools, scroll, selection."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SETUP = """async () => {
  const { createPainter, followScroll } = await import("/painter.js");
  const sheet = document.head.appendChild(document.createElement("link"));
  sheet.rel = "stylesheet";
  sheet.href = "/painter.css";
  await new Promise((resolve) => (sheet.onload = resolve));
  const host = document.body.appendChild(document.createElement("div"));
  host.style.cssText = "height: 400px; overflow: auto";
  const inner = host.appendChild(document.createElement("div"));
  const labels = { reasoning: "Düşünce", reasoning_running: "Düşünüyor", tool: "Araç",
    waiting: "Bekliyor", answering: "Yanıtlıyor", done: "Bitti" };
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  window.t = { host, inner, frame, followScroll,
    start: () => createPainter(inner, { labels }), painter: createPainter(inner, { labels }) };
  await frame();
}"""


async def run(page: Page, body: str, argument: Any = None) -> Any:
    await page.evaluate(SETUP)
    return await page.evaluate(
        f"async (argument) => {{ const {{ host, inner, frame, painter }} = window.t; {body} }}",
        argument,
    )


async def test_a_burst_of_tokens_is_painted_in_one_frame(page: Page) -> None:
    seen = await run(
        page,
        """
        let paints = 0;
        const answer = painter.element.querySelector(".divan-answer");
        new MutationObserver(() => (paints += 1)).observe(answer,
          { childList: true, subtree: true, characterData: true });
        for (let i = 0; i < 2000; i += 1) painter.append(`kelime${i} `);
        const before = answer.textContent;
        await frame();
        await frame();
        return [before, paints, answer.textContent.includes("kelime1999")];
        """,
    )
    assert seen == ["", 1, True]


async def test_closed_blocks_keep_their_nodes_through_a_long_answer(page: Page) -> None:
    """12,000 tokens: what a paint touches stays in the open block, early and late alike."""
    seen = await run(
        page,
        """
        const { GrowingMarkdown } = await import("/markdown.js");
        const growing = new GrowingMarkdown(inner);
        const part = "## Bölüm\\n\\nBir **kalın** cümle ve `kod`.\\n\\n- bir\\n- iki\\n\\n" +
          "```python\\nx = 1\\ny = 2\\n```\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |\\n\\n";
        const tokens = part.repeat(400).match(/\\s*\\S+|\\s+$/g).slice(0, 12000);
        const touched = [];
        const lost = [];
        let known = [];
        const observer = new MutationObserver(() => {});
        observer.observe(inner, { childList: true, subtree: true, characterData: true });
        for (const [index, token] of tokens.entries()) {
          growing.write(token);
          touched.push(observer.takeRecords().length);
          if (index % 500) continue;
          lost.push(known.filter((node) => !node.isConnected).length);
          known = [...inner.children].slice(0, -1);
        }
        const before = [...inner.children];
        growing.finish();
        const kept = before.filter((node) => node.isConnected).length;
        const quarter = tokens.length / 4;
        const early = Math.max(...touched.slice(0, quarter));
        const late = Math.max(...touched.slice(-quarter));
        return { tokens: tokens.length, lost, blocks: before.length, kept, early, late };
        """,
    )
    assert seen["tokens"] == 12000
    assert set(seen["lost"]) == {0}
    assert seen["kept"] == seen["blocks"] > 500
    assert seen["late"] <= seen["early"] <= 60


async def test_the_items_of_one_endless_list_are_closed_as_it_grows(page: Page) -> None:
    seen = await run(
        page,
        """
        const { GrowingMarkdown } = await import("/markdown.js");
        const growing = new GrowingMarkdown(inner);
        let longest = 0;
        for (let i = 1; i <= 800; i += 1) {
          growing.write(`${i}. **madde** ve oldukça uzun bir cümle daha\\n`);
          longest = Math.max(longest, growing.tail.length);
        }
        const items = [...inner.querySelectorAll("li")];
        growing.finish();
        return { longest, items: items.length, lists: inner.children.length,
          kept: items.filter((item) => item.isConnected).length };
        """,
    )
    assert seen == {"longest": seen["longest"], "items": 800, "lists": 1, "kept": 800}
    assert seen["longest"] < 10_000


async def test_a_line_of_100000_letters_is_shown_whole(page: Page) -> None:
    assert await run(
        page,
        """
        for (let i = 0; i < 100; i += 1) { painter.append("ğ".repeat(1000)); await frame(); }
        painter.finish();
        return painter.element.querySelector(".divan-answer").textContent === "ğ".repeat(100000);
        """,
    )


@pytest.mark.parametrize("text", ["> " * 20_000, "1. " * 20_000, "*a_" * 9_000, "[" * 20_000])
async def test_text_made_to_choke_the_parser_is_still_shown(page: Page, text: str) -> None:
    shown = await run(
        page,
        """
        painter.append(argument);
        painter.finish();
        return painter.element.querySelector(".divan-answer").textContent.length;
        """,
        text,
    )
    assert shown > 8_000


async def test_waiting_is_shown_until_the_first_token(page: Page) -> None:
    seen = await run(
        page,
        """
        const box = painter.element.querySelector(".divan-waiting");
        const bar = painter.element.querySelector("progress");
        const states = [[box.hidden, box.textContent, bar.hidden]];
        painter.status({ text: "Yükleniyor", fraction: 0.4 });
        await frame();
        states.push([box.hidden, box.textContent, bar.hidden, bar.value]);
        painter.append("Merhaba");
        await frame();
        states.push([box.hidden]);
        return states;
        """,
    )
    assert seen == [[False, "Bekliyor", True], [False, "Yükleniyor", False, 0.4], [True]]


async def test_screen_readers_hear_the_start_and_the_end_only(page: Page) -> None:
    seen = await run(
        page,
        """
        const heard = painter.element.querySelector("[aria-live=polite]");
        const said = [heard.textContent];
        painter.append("bir iki üç");
        await frame();
        said.push(heard.textContent, painter.element.ariaLive, painter.element.ariaBusy);
        painter.finish();
        return [...said, heard.textContent, painter.element.ariaBusy];
        """,
    )
    assert seen == ["Yanıtlıyor", "Yanıtlıyor", "off", "true", "Bitti", "false"]


async def test_reasoning_is_folded_above_the_answer_and_says_when_it_runs(page: Page) -> None:
    seen = await run(
        page,
        """
        painter.reasoning("önce\\n");
        painter.reasoning("<b>sonra</b>");
        await frame();
        const details = painter.element.querySelector("details.divan-reasoning");
        const states = [details.open, details.classList.contains("running"),
          details.querySelector("summary").textContent,
          details.querySelector(".divan-thoughts").textContent];
        painter.append("cevap");
        await frame();
        const answer = painter.element.querySelector(".divan-answer");
        return [...states, details.classList.contains("running"),
          details.querySelector("summary").textContent,
          details.compareDocumentPosition(answer) === Node.DOCUMENT_POSITION_FOLLOWING];
        """,
    )
    thoughts = "önce\n<b>sonra</b>"
    assert seen == [False, True, "Düşünüyor", thoughts, False, "Düşünce", True]


async def test_tool_calls_are_cards_of_text(page: Page) -> None:
    seen = await run(
        page,
        """
        painter.tools([{ name: "<i>ara</i>", arguments: '{"soru":"<b>x</b>"}' }]);
        await frame();
        const first = painter.element.querySelector(".divan-tool");
        painter.tools([{ name: "<i>ara</i>", arguments: '{"soru":"<b>x</b>"}' },
          { name: "yarım", arguments: '{"a":' }]);
        await frame();
        const cards = [...painter.element.querySelectorAll(".divan-tool")];
        return [cards[0] === first, ...cards.flatMap((card) =>
          [card.querySelector("code").textContent, card.querySelector("pre").textContent])];
        """,
    )
    pretty = '{\n  "soru": "<b>x</b>"\n}'
    assert seen == [True, "<i>ara</i>", pretty, "yarım", '{"a":']


async def test_reset_starts_anew(page: Page) -> None:
    seen = await run(
        page,
        """
        painter.append("eski **metin**");
        painter.reasoning("eski");
        painter.tools([{ name: "eski", arguments: "{}" }]);
        await frame();
        painter.append("kalan");
        painter.reset();
        painter.append("yeni");
        painter.finish();
        const shown = (name) => painter.element.querySelector(name);
        return [shown(".divan-answer").textContent, shown("details").hidden, shown("ul").hidden];
        """,
    )
    assert seen == ["yeni", True, True]


async def test_a_hidden_tab_still_takes_in_what_comes(page: Page) -> None:
    """Without animation frames, as in a tab behind another, a slow timer paints instead."""
    seen = await run(
        page,
        """
        window.requestAnimationFrame = () => 1;
        const later = window.t.start();
        const answer = later.element.querySelector(".divan-answer");
        later.append("gizlide gelen");
        await new Promise((resolve) => new MutationObserver(resolve).observe(answer,
          { childList: true }));
        const byTimer = answer.textContent;
        later.append(" ve dönüşte");
        document.dispatchEvent(new Event("visibilitychange"));
        return [byTimer, answer.textContent];
        """,
    )
    assert seen == ["gizlide gelen", "gizlide gelen ve dönüşte"]


ARM = """() => { window.t.scrolled = new Promise((done) =>
  window.t.host.addEventListener("scroll", done, { once: true })); }"""
FILL = """
for (let i = 0; i < 60; i += 1) painter.append(`Paragraf ${i}\\n\\n`);
await frame();
const follow = window.t.followScroll(host);
const gap = () => Math.round(host.scrollHeight - host.scrollTop - host.clientHeight);
const atEnd = async () => { // a busy browser paints some frames later
  for (let i = 0; i < 120 && gap(); i += 1) await frame();
  return gap();
};
const scrollTo = async (top) => {
  const scrolled = new Promise((done) => host.addEventListener("scroll", done, { once: true }));
  host.scrollTop = top;
  await scrolled;
};
const more = async () => {
  for (let i = 0; i < 5; i += 1) { painter.append("Yeni paragraf\\n\\n"); await frame(); }
  await frame();
};
"""


async def test_the_bottom_is_followed_only_by_those_who_are_there(page: Page) -> None:
    seen = await run(
        page,
        FILL
        + """
        follow.stick();
        await more();
        const following = await atEnd();
        await scrollTo(host.scrollTop - 300);
        const place = host.scrollTop;
        await more();
        const stayed = host.scrollTop === place;
        await scrollTo(host.scrollHeight - host.clientHeight - 60);
        await more();
        const near = gap() > 60;
        await scrollTo(host.scrollHeight);
        await more();
        const again = await atEnd();
        follow.stop();
        await more();
        return [following, stayed, near, again, gap() > 0];
        """,
    )
    assert seen == [0, True, True, 0, True]


@pytest.mark.parametrize("step", [4, 12, 60])
async def test_small_steps_of_a_trackpad_leave_a_growing_answer(page: Page, step: int) -> None:
    await run(page, FILL + "follow.stick(); await more(); window.t.more = more;")
    box = await page.evaluate(
        "() => { const { x, y } = window.t.host.getBoundingClientRect(); return [x, y]; }"
    )
    await page.mouse.move(box[0] + 20, box[1] + 20)
    for _ in range(5):
        await page.evaluate(ARM)
        await page.mouse.wheel(0, -step)
        await page.evaluate("async () => { await window.t.scrolled; await window.t.more(); }")
    left = "({ host }) => host.scrollHeight - host.clientHeight - host.scrollTop"
    assert await page.evaluate(f"() => ({left})(window.t)") > 5 * step


async def test_a_selection_is_neither_lost_nor_scrolled_away(page: Page) -> None:
    seen = await run(
        page,
        FILL
        + """
        follow.stick();
        await frame();
        const last = painter.element.querySelector(".divan-answer").lastElementChild;
        getSelection().selectAllChildren(last);
        const [text, place] = [getSelection().toString(), host.scrollTop];
        await more();
        const kept = [getSelection().toString() === text, text !== "", host.scrollTop === place];
        getSelection().removeAllRanges();
        await more();
        return [...kept, gap()];
        """,
    )
    assert seen == [True, True, True, 0]


async def test_a_selection_in_the_growing_paragraph_is_kept(page: Page) -> None:
    assert (
        await run(
            page,
            """
        painter.append("Seçilen kelime burada ");
        await frame();
        const text = painter.element.querySelector(".divan-answer p").firstChild;
        getSelection().setBaseAndExtent(text, 0, text, 14);
        for (const piece of ["ve **kalın", " metin** ", "ile `kod` da."]) {
          painter.append(piece);
          await frame();
        }
        return getSelection().toString();
        """,
        )
        == "Seçilen kelime"
    )


async def test_nothing_moves_for_those_who_asked_for_stillness(
    browser: Browser, static_address: str
) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(static_address)
    moving = await run(
        page,
        """
        painter.reasoning("düşünce");
        await frame();
        return document.getAnimations().length;
        """,
    )
    await context.close()
    assert moving == 0


async def test_arabic_and_hebrew_paragraphs_start_on_the_right(page: Page) -> None:
    seen = await run(
        page,
        """
        painter.append("مرحبا بالعالم\\n\\nשלום\\n\\nTürkçe");
        painter.finish();
        return [...painter.element.querySelectorAll(".divan-answer p")].map((paragraph) => {
          const range = document.createRange();
          range.selectNodeContents(paragraph);
          const [words, box] = [range.getBoundingClientRect(), paragraph.getBoundingClientRect()];
          return words.left - box.left < 1 ? "left" : box.right - words.right < 1 ? "right" : "?";
        });
        """,
    )
    assert seen == ["right", "right", "left"]


@pytest.mark.parametrize(
    ("text", "equations"),
    [
        ("$x^2$ ve $$y$$ ve \\(z\\) ve \\[w\\]", ["x^2", "y", "z", "w"]),
        ("$5 ve $10 arasında", []),
        ("fiyat $20,000 ya da US$30,000", []),
        ("5$ ile 10$ ve $ x $ ve $y $", []),
        ("\\$a$ ve `$b$` ve\n```\n$c$\n```", []),
        ("$a_1 * b_2 * c$ **$d$**", ["a_1 * b_2 * c", "d"]),
        ("$$\na\n- b\n= c\n$$", ["a\n- b\n= c"]),
        ("| $a|b$ |\n|---|\n| $c$ |", ["a|b", "c"]),
        ("açık $a ve\n\nyeni b$ paragraf", []),
    ],
)
async def test_what_is_an_equation_and_what_is_money(
    page: Page, text: str, equations: list[str]
) -> None:
    seen = await run(
        page,
        """
        await (await import("/math.js")).loadKatex();
        for (const letter of argument) { painter.append(letter); await null; }
        painter.finish();
        const sources = [...painter.element.querySelectorAll("annotation")];
        return sources.map((one) => one.textContent.trim());
        """,
        text,
    )
    assert seen == equations


async def test_katex_is_fetched_with_the_first_equation_only(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await run(page, "painter.append('metin $5'); await frame();")
    assert not any("katex" in url for url in asked)
    async with page.expect_response("**/katex.min.js"):
        await page.evaluate("window.t.painter.append(' $x$ ')")
    await page.wait_for_selector(".divan-answer .katex")


async def test_what_is_unfinished_is_shown_in_its_style_at_once(page: Page) -> None:
    seen = await run(
        page,
        """
        const { GrowingMarkdown } = await import("/markdown.js");
        const shown = (text) => {
          const element = document.createElement("div");
          new GrowingMarkdown(element).write(text);
          return element.innerHTML.replace(/ (target|rel|href|class|type|title|dir)="[^"]*"/g, "");
        };
        return argument.map(shown);
        """,
        [
            "**kalın ve",
            "`kod",
            "bir [bağ](https://exa",
            "metin\n-",
            "metin\n---",
            "- a\n- *b",
            "5*3 = 15",
        ],
    )
    assert seen == [
        "<p><strong>kalın ve</strong></p>",
        "<p><code>kod</code></p>",
        "<p>bir bağ</p>",
        "<p>metin</p>",
        "<p>metin</p>",
        "<ul><li>a</li><li><em>b</em></li></ul>",
        "<p>5*3 = 15</p>",
    ]
