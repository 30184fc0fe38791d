"""What an idle page does: nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.page.divan_page import Divan

_COUNT_FRAMES = """(() => {
  const draw = window.requestAnimationFrame;
  let asked = 0;
  let quiet = 0; // tenths of a second in which nothing asked for a frame
  window.requestAnimationFrame = (callback) => { asked += 1; return draw(callback); };
  setInterval(() => {
    quiet = asked ? 0 : quiet + 1;
    asked = 0;
    document.documentElement.dataset.idle = quiet >= 10;
  }, 100);
})()"""


def test_no_frame_is_drawn_once_the_answer_is_there(unloaded: Divan) -> None:
    unloaded.page.add_init_script(_COUNT_FRAMES)
    unloaded.open().write("Sonra dinlen")
    unloaded.settled()
    expect(unloaded.page.locator("html")).to_have_attribute("data-idle", "true")
