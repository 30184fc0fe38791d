"""Sources beside an answer: listed below it, named by its marks, and nothing but links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.catalog import Catalog
from core.conversation import Answer, Message, Outcome
from core.documents import UsedPassage
from core.events import WebSource
from ui.compare_answer import AnswerSheet
from ui.render import Renderer

BRIDGE = WebSource("https://www.ornek.example/kopru?a=1&b=[2]", "Köprü <b>", 1)
TOWER = WebSource("http://kule.example/", "", None)
PASSAGE = UsedPassage(1, "7", "rapor.pdf", "Kırk ağaç.", "Kırk ağaç.")


def _message(text: str, *sources: WebSource, **changes: Any) -> Message:
    answer = Answer("m", "p", "now", Outcome.COMPLETE, web_sources=sources, **changes)
    return Message("a1", None, "assistant", text, "now", answer=answer)


def _shown(message: Message, **how: Any) -> str:
    (made,) = Renderer(Catalog(), "tr", **how).messages([message])
    return str(made["content"][0]["text"])


def test_a_mark_leads_to_its_source_and_code_is_left_alone() -> None:
    text = _shown(_message("Açıldı [1]. Yok [2]. `a[1]`", BRIDGE, TOWER))
    said, _, below = text.partition("<details")
    chip = said.partition("Açıldı ")[2]
    assert chip.startswith('<a class="divan-cite" title="Köprü &lt;b&gt;" href="https://www.ornek')
    assert 'target="_blank" rel="noopener noreferrer">1</a>. Yok [2]. `a[1]`' in chip
    assert "Kaynaklar (2)" in below
    assert below.count('rel="noopener noreferrer"') == 3
    assert "<span>ornek.example</span>" in below
    assert "http://kule.example/</strong>" in below


def test_nothing_of_a_source_is_markup() -> None:
    text = _shown(_message("Açıldı [1].", BRIDGE))
    assert "<b>" not in text
    assert "[2]" not in text.partition("Açıldı")[2]


def test_an_address_that_is_no_page_of_the_web_is_no_link() -> None:
    odd = (
        WebSource("javascript:alert(1)", "x", 1),
        WebSource('https://a.example/"onclick', "y", 2),
    )
    text = _shown(_message("Açıldı [1][2].", *odd))
    assert "javascript" not in text
    assert "onclick" not in text
    assert "[1][2]" in text
    assert "<details" not in text


def test_marks_of_an_answer_with_passages_are_those_of_the_passages() -> None:
    message = _message("Açıldı [1].", BRIDGE, passages=(PASSAGE,))
    text = _shown(message)
    assert 'id="cite-a1-1"' in text
    assert '<a class="divan-cite"' not in text
    assert "Kaynaklar (1)" in text
    (row,) = AnswerSheet("tr", painted=False).message(message)["web"]["rows"]
    assert row["number"] is None


def test_a_lane_gets_the_same_sources() -> None:
    sheet = AnswerSheet("tr", painted=False).message(_message("Açıldı [1].", BRIDGE, TOWER))
    assert sheet["web"]["unfolded"]
    assert [(row["number"], row["title"], row["host"]) for row in sheet["web"]["rows"]] == [
        (1, "Köprü <b>", "ornek.example"),
        (None, "http://kule.example/", "kule.example"),
    ]


def test_a_blind_answer_shows_no_address() -> None:
    message = _message("Açıldı [1].", BRIDGE)
    assert "ornek.example" not in _shown(message, blind=True)
    assert "web" not in AnswerSheet("tr", painted=False, masked=True).message(message)
    assert "web" not in AnswerSheet("tr", painted=False).message(_plain(message))


def _plain(message: Message) -> Message:
    assert message.answer is not None
    return replace(message, answer=replace(message.answer, web_sources=()))
