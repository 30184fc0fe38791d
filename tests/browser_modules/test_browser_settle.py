"""The painted answer and Gradio's settled message are the same, so that the swap has no jump."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.support.data import CASES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HERE = Path(__file__).resolve().parent / "samples"
STATIC = Path(__file__).resolve().parents[2] / "ui" / "static"
SAMPLES = {
    **{name: HERE / f"{name}.md" for name in (
        "rich", "math", "rtl", "tricky", "markup", "numbers",
    )},
    **{name: CASES / f"{name}.md" for name in (
        "prices-after-the-number", "variables-with-a-dollar", "code-in-a-list", "indented-code",
        "fence-in-a-fence", "tilde-ranges", "addresses-with-an-ending", "bold-with-an-ending",
        "ordinals", "align-without-dollars", "right-to-left",
    )},
}  # fmt: skip

PAINT_BESIDE = """async ([sample, text]) => {
  const { createPainter } = await import("/divan/painter.js");
  const { loadKatex } = await import("/divan/math.js");
  await loadKatex();
  const settled = document.querySelector(`#${sample} [data-testid="bot"] span.md`);
  const host = document.createElement("div");
  settled.parentElement.append(host);
  const painter = createPainter(host, { answerClass: settled.className });
  for (const letter of text) painter.append(letter);
  painter.finish();
  await document.fonts.ready;
  const painted = painter.element.querySelector(".divan-answer");
  const rounded = (number) => Math.round(number * 10) / 10;
  const blocks = (root) => [...root.children].map((block) => {
    const box = block.getBoundingClientRect();
    const above = box.top - root.children[0].getBoundingClientRect().top;
    const text = block.textContent.replace(/\\s+/g, "");
    const starts = [block, ...block.querySelectorAll("ol")].map((list) => list.start).join();
    return [block.tagName + starts, text, rounded(box.height), rounded(box.width), rounded(above)];
  });
  const foreign = "form, .evil, [style*=fixed], img, iframe";
  return { settled: blocks(settled), painted: blocks(painted),
    foreign: settled.querySelectorAll(foreign).length + painted.querySelectorAll(foreign).length,
    heights: [settled.getBoundingClientRect().height, painted.getBoundingClientRect().height] };
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def answers(address: str, process: asyncio.subprocess.Process) -> None:
    async with httpx.AsyncClient() as client:
        while process.returncode is None:
            try:
                await client.get(address)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return
    raise RuntimeError("the Gradio page did not start")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gradio_address() -> AsyncIterator[str]:
    port = free_port()
    files = map(str, SAMPLES.values())
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HERE / "gradio_page.py"),
        str(port),
        *files,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    async with asyncio.timeout(90):
        await answers(address, process)
    yield address
    process.terminate()
    await process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gradio_page(browser: Browser, gradio_address: str) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1100, "height": 900})
    page = await context.new_page()

    async def serve(route, request) -> None:  # type: ignore[no-untyped-def]
        await route.fulfill(path=STATIC / request.url.split("/divan/")[1])

    await page.route("**/divan/**", serve)
    await page.goto(gradio_address)
    for name in SAMPLES:
        await page.wait_for_selector(f'#{name} [data-testid="bot"] span.md > *')
    await page.wait_for_selector("#math .katex-display")
    await page.add_style_tag(path=STATIC / "painter.css")
    yield page
    await context.close()


@pytest.mark.parametrize("sample", SAMPLES)
async def test_blocks_keep_their_text_and_place_when_the_answer_settles(
    gradio_page: Page, sample: str
) -> None:
    text = SAMPLES[sample].read_text(encoding="utf-8")
    seen = await gradio_page.evaluate(PAINT_BESIDE, [sample, text])
    assert seen["foreign"] == 0
    for painted, settled in zip(seen["painted"], seen["settled"], strict=True):
        assert painted[:2] == settled[:2]
        assert painted[2:] == pytest.approx(settled[2:], abs=1)
    assert seen["heights"][0] == pytest.approx(seen["heights"][1], abs=1)
