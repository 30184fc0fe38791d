"""What the page does while nothing happens: nothing."""

from __future__ import annotations

from tests.page.divan_page import Divan

_COUNT_FRAMES = """() => {
  const draw = window.requestAnimationFrame;
  let asked = 0;
  window.quiet = 0;
  window.requestAnimationFrame = (callback) => { asked += 1; return draw(callback); };
  setInterval(() => { window.quiet = asked ? 0 : window.quiet + 1; asked = 0; }, 100);
}"""


def test_no_frame_is_drawn_once_the_answer_is_there(unloaded: Divan) -> None:
    unloaded.page.add_init_script(f"({_COUNT_FRAMES})()")
    unloaded.open().write("Sonra dinlen")
    unloaded.settled()
    unloaded.page.wait_for_function("() => window.quiet >= 10", polling=200)
