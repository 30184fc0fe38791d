"""A row of the list of documents while its document is read."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROW = """async () => {
  const { createRow } = await import("/documents_row.js");
  const say = (key) => key;
  const words = {
    say, collection: say, facts: () => [], size: String, moment: say, day: say,
    state: (one) => one.state,
  };
  const document_ = (progress) => ({
    id: 7, name: "kira.pdf", state: "working", progress, unread_text: {}, bytes: 1, added: "",
  });
  window.removed = [];
  const row = createRow(words, { remove: (one) => window.removed.push(one.progress) });
  window.read = (progress) => row.show(document_(progress), false, false);
  window.read(0);
  document.body.append(row.element);
}"""


async def test_a_button_can_be_pressed_while_the_document_is_read(page: Page) -> None:
    await page.evaluate(ROW)
    button = page.get_by_role("button", name="delete: kira.pdf")
    await button.hover()
    await page.mouse.down()
    await page.evaluate("read(0.5)")
    await page.mouse.up()

    assert await page.evaluate("removed") == [0.5]
    assert await page.get_by_role("progressbar").get_attribute("value") == "0.5"


async def test_the_keyboard_stays_at_its_button_while_the_document_is_read(page: Page) -> None:
    await page.evaluate(ROW)
    button = page.get_by_role("button", name="delete: kira.pdf")
    await button.focus()
    await page.evaluate("read(0.5)")

    await expect(button).to_be_focused()
