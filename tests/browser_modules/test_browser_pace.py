"""The pace of a blind comparison: no side shows more than the slower one has received."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIDES = """async (play) => {
  const { createPace } = await import("/pace.js");
  const pace = createPace();
  const enter = () => {
    const side = { text: "", reasoning: "", tools: 0, ended: false };
    const show = (frame) => {
      if (frame.reset) side.text = side.reasoning = "";
      side.text += frame.text ?? "";
      side.reasoning += frame.reasoning ?? "";
      side.tools = frame.tools?.length ?? side.tools;
    };
    const gate = pace.enter(show, () => {});
    return Object.assign(side, gate, {
      end: () => gate.end(() => { side.ended = true; }),
      length: () => side.text.length + side.reasoning.length,
    });
  };
  return new Function("pace", "enter", play)(pace, enter);
}"""


async def played(page: Page, play: str) -> Any:
    """What the script returns that plays two sides."""
    return await page.evaluate(SIDES, play)


async def test_nothing_is_shown_before_both_have_begun_and_then_as_much_as_the_slower_has(
    page: Page,
) -> None:
    seen = await played(
        page,
        """
        const [fast, slow] = [enter(), enter()];
        const seen = [];
        const look = () => seen.push([fast.text, slow.text]);
        fast.take({ text: "abcdef" }); look();
        slow.take({ text: "12" }); look();
        slow.take({ text: "3" }); look();
        return seen;
        """,
    )
    assert seen == [["", ""], ["ab", "12"], ["abc", "123"]]


async def test_a_side_that_has_ended_is_not_seen_to_have_before_the_other_has_come_as_far(
    page: Page,
) -> None:
    seen = await played(
        page,
        """
        const [fast, slow] = [enter(), enter()];
        const seen = [];
        const look = () => seen.push([fast.length(), fast.ended]);
        fast.take({ text: "abcd" });
        fast.end(); look();
        slow.take({ text: "1234" }); look();
        slow.take({ text: "5" }); look();
        slow.end();
        return [...seen, [slow.text, slow.ended]];
        """,
    )
    assert seen == [[0, False], [4, False], [4, True], ["12345", True]]


async def test_when_the_last_one_ends_all_that_is_left_is_shown(page: Page) -> None:
    seen = await played(
        page,
        """
        const [fast, slow] = [enter(), enter()];
        fast.take({ reasoning: "think", tools: [{}], text: "abcdef" });
        slow.take({ text: "1" });
        fast.end();
        slow.end();
        return [fast.reasoning, fast.tools, fast.text, fast.ended, slow.text, slow.ended];
        """,
    )
    assert seen == ["think", 1, "abcdef", True, "1", True]


async def test_a_side_that_fails_at_once_is_not_told_before_the_other_begins_or_ends(
    page: Page,
) -> None:
    seen = await played(
        page,
        """
        const [failed, other] = [enter(), enter()];
        failed.end();
        const before = failed.ended;
        other.take({ text: "x" });
        const [dead, mute] = [enter(), enter()];
        dead.end();
        mute.end();
        return [before, failed.ended, other.text, dead.ended && mute.ended];
        """,
    )
    assert seen == [False, True, "x", True]


async def test_a_side_that_waits_for_its_turn_or_has_left_holds_nobody(page: Page) -> None:
    seen = await played(
        page,
        """
        const [first, queued] = [enter(), enter()];
        queued.take({ status: { queued: true } });
        first.take({ text: "abc" });
        const alone = first.text;
        queued.take({ text: "1" });
        first.take({ text: "def" });
        const held = first.text;
        queued.leave();
        return [alone, held, first.text];
        """,
    )
    assert seen == ["abc", "abc", "abcdef"]


async def test_sides_that_are_drawn_one_after_the_other_begin_together(page: Page) -> None:
    seen = await played(
        page,
        """
        const seen = [];
        pace.batch(() => {
          const ended = enter();
          ended.take({ text: "abcdef" });
          ended.end();
          const running = enter();
          running.take({ text: "12" });
          seen.push(ended, running);
        });
        return seen.map((side) => [side.text, side.ended]);
        """,
    )
    assert seen == [["ab", False], ["12", False]]


async def test_what_begins_anew_is_shown_no_further_than_before(page: Page) -> None:
    seen = await played(
        page,
        """
        const [one, other] = [enter(), enter()];
        other.take({ text: "123" });
        one.take({ text: "abcdef" });
        one.take({ reset: true, text: "ABCDEFG" });
        return one.text;
        """,
    )
    assert seen == "ABC"


async def test_whatever_comes_in_whatever_pieces_all_of_it_is_shown_in_the_end(page: Page) -> None:
    """A thousand random rounds, with letters of two halves, which are never cut through."""
    wrong = await played(
        page,
        """
        let seed = 7;
        const random = (below) => (seed = (seed * 16807) % 2147483647) % below;
        const wrong = [];
        for (let round = 0; round < 1000; round += 1) {
          const sides = [enter(), enter()].map((side) => ({ side, text: "", done: false }));
          while (sides.some((one) => !one.done)) {
            const one = sides[random(2)];
            if (one.done) continue;
            const piece = ["a", "👩‍🚀", "ığ", ""][random(4)].repeat(random(5));
            one.text += piece;
            one.side.take(random(2) ? { text: piece } : { reasoning: "", text: piece });
            if (!random(6)) {
              one.done = true;
              one.side.end();
            }
            const [a, b] = sides.map(({ side }) => side.length());
            const both = sides.every((one) => !one.done);
            if (both && Math.abs(a - b) > 1) wrong.push(["apart", a, b]);
            if (sides.some(({ side }) => !side.text.isWellFormed())) wrong.push(["cut"]);
          }
          const whole = sides.every(({ side, text }) => side.text === text && side.ended);
          if (!whole) wrong.push(["left"]);
        }
        return wrong.slice(0, 5);
        """,
    )
    assert wrong == []
