"""What a message looks like on the page: text stays text, facts are there, errors name a step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.catalog import Catalog
from core.conversation import Answer, Message, Outcome, Summary
from core.documents import UsedPassage
from core.errors import ErrorCard
from core.events import Notice, ToolCall, Usage
from core.numbers import cost, decimal, tokens
from ui.markdown import settle
from ui.paths import Elsewhere
from ui.render import Renderer, live_id
from ui.summary_card import summary_card

ANSWER = Answer(
    model="m",
    provider="p",
    started="2026-01-01T00:00:00Z",
    outcome=Outcome.COMPLETE,
    duration_s=12.345,
    first_token_s=0.5,
    usage=Usage(1234, 567),
    tokens_per_s=47.9,
    cost_usd=0.00123,
)


def shown(message: Message, language: str = "tr", painted: bool = True) -> str:
    (made,) = Renderer(Catalog(), language).messages([message], painted)
    blocks: list[Any] = made["content"]
    return str(blocks[0]["text"])


def answer(text: str = "Yanıt", **changes: Any) -> Message:
    name, measures = changes.pop("id", "a1"), replace(ANSWER, **changes.pop("answer", {}))
    return Message(name, "q1", "assistant", text, "", answer=measures, **changes)


def test_the_line_under_an_answer_counts_in_turkish() -> None:
    text = shown(answer())
    assert "12,3 sn" in text
    assert "ilk belirteç 0,50 sn" in text
    assert "1.234 → 567 belirteç" in text
    assert "47,9 belirteç/sn" in text
    assert "$0,0012" in text


def test_the_line_under_an_answer_counts_in_english() -> None:
    text = shown(answer(), "en")
    assert "1,234 → 567 tokens" in text
    assert "$0.0012" in text


def test_the_line_under_an_answer_tells_what_was_cached() -> None:
    cached = answer(answer={"usage": Usage(1234, 567, cached_tokens=1100)})
    assert "1.234 (1.100 önbellekten) → 567 belirteç" in shown(cached)
    assert "1,234 (1,100 cached) → 567 tokens" in shown(cached, "en")
    none = answer(answer={"usage": Usage(1234, 567, cached_tokens=0)})
    assert "1.234 → 567 belirteç" in shown(none)


def test_estimates_are_marked_and_an_unknown_cost_says_so() -> None:
    text = shown(answer(answer={"usage_estimated": True, "cost_usd": None}))
    assert "≈1.234 → ≈567" in text
    assert "ücret bilinmiyor" in text


def test_a_running_answer_is_a_place_to_paint_into_or_its_text_so_far() -> None:
    running = answer("yarım", answer={"outcome": Outcome.STREAMING})
    assert live_id("a1") in shown(running)
    assert "yarım" not in shown(running)
    assert shown(running, painted=False) == "yarım"


@pytest.mark.parametrize("outcome", [Outcome.STOPPED, Outcome.INTERRUPTED, Outcome.FAILED])
def test_an_answer_that_did_not_end_well_can_be_tried_again(outcome: Outcome) -> None:
    assert 'id="retry-a1"' in shown(answer(answer={"outcome": outcome}))
    assert 'id="retry-a1"' not in shown(answer())
    assert 'id="again-a1"' in shown(answer())


@pytest.mark.parametrize("text", ["yarım", ""])
def test_a_stopped_answer_says_whether_anything_had_come(text: str) -> None:
    note = shown(answer(text, answer={"outcome": Outcome.STOPPED}))
    assert ("gelen kısım saklandı" in note) is bool(text)
    assert ("İlk sözcük gelmeden durdurdunuz" in note) is (not text)


@pytest.mark.parametrize(
    ("text", "changes", "offered"),
    [
        ("yarım", {"outcome": Outcome.STOPPED}, True),
        ("yarım", {"outcome": Outcome.INTERRUPTED}, True),
        ("yarım", {"outcome": Outcome.FAILED}, True),
        ("uzun", {"finish_reason": "length"}, True),
        ("bütün", {"finish_reason": "stop"}, False),
        ("", {"outcome": Outcome.STOPPED}, False),
    ],
)
def test_what_was_cut_off_can_be_continued(
    text: str, changes: dict[str, Any], offered: bool
) -> None:
    assert ('id="continue-a1"' in shown(answer(text, answer=changes))) is offered


def test_the_newest_arrows_are_the_versions_and_each_version_can_be_compared() -> None:
    versions = {"q1": ("q1", "q2"), "a1": ("a0", "a1"), "a9": ("a9",)}
    question = Message("q1", None, "user", "Soru", "")
    last = replace(answer("Son"), id="a9")
    made = Renderer(Catalog(), "tr", versions).messages([question, answer(), last])
    texts = [str(one["content"][0]["text"]) for one in made]
    assert ['id="versions"' in text for text in texts] == [False, True, False]
    assert ['id="diff-' in text for text in texts] == [False, True, False]


def test_a_summary_stands_below_its_last_message_and_is_markdown_without_html() -> None:
    summary = Summary(
        "s1", "q1", "a1", 12, "- **önemli** </details><img src=x>\n```\naçık", "m", "",
        duration_s=1.5, usage=Usage(100, 20), cost_usd=0.0004,
    )  # fmt: skip
    renderer = Renderer(Catalog(), "tr", summaries=(summary,), in_effect=summary)
    before, below = (
        str(one["content"][0]["text"])
        for one in renderer.messages([replace(answer(), id="a0"), answer()])
    )
    assert "divan-summary" not in before
    assert "12 iletinin özeti" in below
    assert "m · 1,50 sn · 100 → 20 belirteç · $0,00040" in below
    assert "- **önemli** &lt;/details>&lt;img src=x>" in below
    assert below.count("```") == 2
    assert 'id="summary-undo-s1"' in below


@pytest.mark.parametrize(
    ("off", "in_effect", "buttons"),
    [(False, True, ["edit", "undo"]), (True, False, ["edit", "redo"]), (False, False, [])],
)
def test_a_summary_offers_what_would_change_something(
    off: bool, in_effect: bool, buttons: list[str]
) -> None:
    summary = Summary("s1", "q1", "a1", 2, "Özet", "m", "", off=off)
    card = summary_card(summary, in_effect, Catalog(), "tr")
    assert [name for name in ("edit", "undo", "redo") if f"summary-{name}-s1" in card] == buttons


def test_an_id_from_a_file_is_no_markup() -> None:
    evil = '"><a style="position:fixed" href=/logout>'
    stopped = answer("yarım", id=evil, answer={"outcome": Outcome.STOPPED})
    question = Message(evil, None, "user", "Soru " * 500, "")
    summary = Summary(evil, evil, evil, 2, "Özet", "m", "")
    versions = {evil: (evil, "a2")}
    renderer = Renderer(Catalog(), "tr", versions, (summary,), summary)
    texts = [str(one["content"][0]["text"]) for one in renderer.messages([question, stopped])]
    assert not [text for text in texts if "<a " in text]


def test_an_answer_made_from_others_names_whose_they_were() -> None:
    made = Renderer(Catalog(), "tr", fused={"a1": ("flash", "qwen")}).messages([answer("Bir")])
    assert "Kaynakları: flash, qwen" in str(made[0]["content"])


def test_a_cost_reckoned_from_estimated_tokens_is_marked() -> None:
    estimated = replace(ANSWER, usage_estimated=True)
    named = replace(estimated, usage=Usage(1234, 567, cost=0.00123))
    assert "≈$0,0012" in shown(replace(answer("Bir"), answer=estimated))
    assert "≈$" not in shown(replace(answer("Bir"), answer=named))


def test_before_a_blind_vote_nothing_tells_which_model_answered() -> None:
    card = ErrorCard("no_model", {"model": "gizli", "provider": "gizli"})
    secret = answer("Yarım", answer={"model": "gizli", "outcome": Outcome.FAILED, "error": card})
    made = str(Renderer(Catalog(), "tr", blind=True).messages([secret])[0]["content"][0]["text"])
    assert "gizli" not in made
    assert "12,3" not in made
    assert "oylamadan sonra" in made


def test_versions_are_walked_by_arrows_that_name_where_they_lead() -> None:
    def walked(*versions: str) -> str:
        renderer = Renderer(Catalog(), "tr", {"a1": versions})
        return str(renderer.messages([answer()])[0]["content"][0]["text"])

    assert "divan-versions" not in walked("a1")
    middle = walked("a0", "a1", "a2")
    assert 'id="version-a0"' in middle
    assert 'id="version-a2"' in middle
    assert "<span>2/3</span>" in middle
    assert (
        "version-" not in walked("a1", "a2").split("<span>1/2</span>")[0].split("divan-versions")[1]
    )


def test_an_error_is_a_card_with_its_next_step_and_no_markup_of_others() -> None:
    card = ErrorCard("unknown", {"provider": "P", "detail": "<img src=x onerror=alert(1)> `x`"})
    text = shown(answer("", answer={"outcome": Outcome.FAILED, "error": card}))
    assert "divan-error" in text
    assert "<img" not in text


@pytest.mark.parametrize("name", ['"><a style="position:fixed" href="/x">', "x'><a href='/x'>"])
def test_an_id_written_by_hand_opens_no_element(name: str) -> None:
    passage = UsedPassage(1, "7", "kira.pdf", "Depozito")
    question = Message(name, None, "user", "Soru", "")
    said = answer("Yanıt [1]", id=name, answer={"passages": (passage,)})
    running = answer("yarım", id=name, answer={"outcome": Outcome.STREAMING})
    summary = Summary(name, name, name, 2, "Özet", "m", "")
    known = {name: (name, f"{name}2"), f"{name}2": (name, f"{name}2")}
    elsewhere = Elsewhere(name, 1, 2)
    drawn = Renderer(Catalog(), "tr", known, (summary,), summary, elsewhere=elsewhere)
    for message in (question, said, running):
        text = str(drawn.messages([message]))
        assert "<a" not in text
        assert "&lt;a" in text


def test_reasoning_and_tool_calls_are_text_whatever_they_hold() -> None:
    text = shown(
        answer(
            reasoning="a\n\n<script>b</script> **c**",
            tool_calls=(ToolCall("1", "clock</div>", '{"zone": "<b>"}'),),
        )
    )
    assert "<script>" not in text
    assert "a<br><br>&lt;script&gt;" in text
    assert "&#42;&#42;c" in text
    assert "clock</div>" not in text
    assert "&lt;b&gt;" in text


def test_a_notice_is_kept_with_the_answer() -> None:
    notices = (Notice("fallback", {"wanted": "v0.3", "used": "v0.2"}),)
    assert "yerine v0.2 yanıtladı" in shown(answer(answer={"notices": notices}))


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("fiyatı $5 ile $10 arası", "fiyatı $5 ile $10 arası"),
        ("$x^2$", r"\(x^2\)"),
        ("$20,000 ve $30,000", "$20,000 ve $30,000"),
        (r"\$5 ve $x$", r"\$5 ve \(x\)"),
        ("$$a\nb$$", "$$a\nb$$"),
        ("`$x$` ve ``a`$y$``", "`$x$` ve ``a`$y$``"),
        ("<b>kalın</b>", "&lt;b>kalın&lt;/b>"),
        ("1 < 2 ve <https://a.b>", "1 < 2 ve <https://a.b>"),
        ("```html\n<b>$x$</b>\n```", "```html\n<b>$x$</b>\n```"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("~~~\n```\n<i>", "~~~\n```\n<i>\n~~~"),
        ("<!-- x -->", "&lt;!-- x -->"),
        ("a<br>b <br/> c", "a<br>b <br/> c"),
        ("![alt](https://x.y/z.png)", "[alt](https://x.y/z.png)"),
        ("`![alt](https://x.y)`", "`![alt](https://x.y)`"),
        ("![a](data:image/png;base64,AA)", "![a](data:image/png;base64,AA)"),
        ("", ""),
    ],
)
def test_markdown_keeps_its_meaning_and_loses_its_html(text: str, shown_as: str) -> None:
    assert settle(text) == shown_as


@pytest.mark.parametrize("text", ["$" * 30_000, "`" * 30_000, "<" * 30_000, "$a" * 20_000])
def test_hostile_text_is_settled_in_reasonable_time(text: str) -> None:
    assert settle(text) is not None


def test_numbers_read_as_in_the_language() -> None:
    assert decimal(3.14159, "tr") == "3,14"
    assert decimal(1234.5, "en") == "1,234"
    assert tokens(1234567, "tr") == "1.234.567"
    assert cost(0, "tr") == "$0"
    assert cost(1234.5, "tr") == "$1.234,50"
    assert cost(0.0000005, "en") == "$0.00000050"


def test_html_in_a_paragraph_without_end_stays_text() -> None:
    text = "word " * 5_000 + "<img src=x onerror=alert(1)>"
    assert settle(text).endswith("&lt;img src=x onerror=alert(1)>")


@pytest.mark.parametrize(
    ("limit", "blind", "said"),
    [
        (4096, False, "Yanıt uzunluk sınırında kesildi (gönderilen sınır: 4.096 belirteç)."),
        (None, False, "Yanıt, modelin uzunluk sınırında kesildi."),
        (4096, True, "Yanıt, modelin uzunluk sınırında kesildi."),
    ],
)
def test_an_answer_at_its_limit_says_so_beside_the_button(
    limit: int | None, blind: bool, said: str
) -> None:
    cut = answer(answer={"finish_reason": "length", "token_limit": limit})
    (made,) = Renderer(Catalog(), "tr", blind=blind).messages([cut])
    text = made["content"][0]["text"]
    assert said in text
    assert 'id="continue-a1"' in text
    assert "sınırında" not in shown(answer(answer={"finish_reason": "stop"}))


def test_an_answer_of_thoughts_alone_names_the_limit_and_offers_another_try() -> None:
    card = ErrorCard("only_thoughts_limit", {"model": "Lale", "limit": "400"})
    changes = {"outcome": Outcome.FAILED, "error": card}
    text = shown(answer("", reasoning="Uzun bir düşünce.", answer=changes))
    assert "400 belirtecin tamamını" in text
    assert "Uzun bir düşünce." in text
    assert 'id="retry-a1"' in text
    assert 'id="continue-a1"' not in text
