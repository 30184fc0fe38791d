"""An answer reads as it was written: running, settled, reloaded, in a lane, on the clipboard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

from tests.page.compare_tab import CompareTab
from tests.page.divan_page import Divan
from tests.page.kept_pages import KeptPages
from tests.support import divan_app
from tests.support.data import CASES
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

CATALOG = """
language: tr
default_model: echo
providers:
  paced: {{format: openai_compatible, base_url: "{url}"}}
models:
  - {{id: echo, label: "Yankı", provider: paced, name: echo}}
  - {{id: again, label: "Yine", provider: paced, name: echo}}
"""
FACTS = """(root) => {
  const all = (selector, read) => [...root.querySelectorAll(selector)].map(read);
  const text = (element) => element.textContent;
  return {
    bold: all('strong', text),
    struck: all('del', text),
    links: all('a[href]', (link) => link.getAttribute('href')),
    code: all('pre code', text),
    formulas: all('.katex annotation', text),
    numbers: all('ol > li', (item) => item.parentElement.start
      + [...item.parentElement.children].indexOf(item)),
    cells: all('td', text),
    from_the_right: all('ul, ol, blockquote, table', (part) => part)
      .filter((part) => getComputedStyle(part).direction === 'rtl').map((part) => part.tagName),
    others: all('form, input:not([type=checkbox]), iframe, [style*=fixed], img', text),
  };
}"""
"""What of the answer is more than text; and what must never be there."""
FILE = """# Proje

Kurulum:

```bash
pip install proje
```

Sonra:

```python
print("bitti")
```
"""
SAID: Mapping[str, Mapping[str, Sequence[Any]]] = {
    "prices-after-the-number": {
        "bold": ["3$", "5$"],
        "formulas": ["E=mc^2", "x_1", r"\$0.60"],
        "cells": ["Kalem 2$", "Defter 4$"],
    },
    "variables-with-a-dollar": {},
    "code-in-a-list": {
        "numbers": [1, 2, 10],
        "code": [
            '<div class="kart">\n  <b>$x</b>\n\n  <p>a &amp; b</p>\n</div>\n',
            'if (a < b && c) {\n\n  x = "<T>" + `$1`;\n}\n',
            "<kok>\n\n<dal/>\n</kok>\n",
        ],
    },
    "indented-code": {"code": ["<ul>\n  <li>bir</li>\n\n  <li>$a$ ve $b$</li>\n</ul>\n"]},
    "fence-in-a-fence": {"code": [FILE]},
    "tilde-ranges": {"struck": ["Bu silinmiştir"], "cells": ["Salı", "3~5 / 8~9"]},
    "addresses-with-an-ending": {
        "bold": ["https://ornek.example/h"],
        "links": [
            *(f"https://ornek.example/{page}" for page in ("kilavuz", "a", "b", "e", "f")),
            "http://www.ornek.example/g",
            *(f"https://ornek.example/{page}" for page in ("docs", "c", "wiki/Python_(dil)")),
            *(f"https://ornek.example/{page}" for page in ("i", "h")),
        ],
    },
    "bold-with-an-ending": {
        "bold": [
            '"Kurtuluş"', "«Saatler»", "(çok önemli)", "Sonuç:", "Markdown（マークダウン）",
            "“重点”", "마크다운(Markdown)", "Ankara", "kedi", "%50",
        ],
    },
    "ordinals": {"numbers": [15, 18, 21, 3, 2]},
    "align-without-dollars": {
        "formulas": ["\\begin{align}\na &= b + c \\\\\nd &= e\n\\end{align}"],
    },
    "right-to-left": {"from_the_right": ["UL"]},
}  # fmt: skip
ANSWER = '#chatbot [data-testid="bot"] .md'
KINDS = (
    "bold",
    "struck",
    "links",
    "code",
    "formulas",
    "numbers",
    "cells",
    "from_the_right",
    "others",
)


@pytest.fixture(scope="module")
def served(
    provider: PacedProvider, desktop: KeptPages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DivanApp]:
    catalog = CATALOG.format(url=provider.url)
    with divan_app.running(tmp_path_factory.mktemp("said"), catalog) as app:
        yield app
        desktop.forget(app.url)


@pytest.fixture
def divan(pages: KeptPages, served: DivanApp, held: PacedProvider) -> Divan:
    return pages.open(served.url)


def text_of(case: str) -> str:
    return (CASES / f"{case}.md").read_text(encoding="utf-8").strip()


def expected(case: str) -> dict[str, Any]:
    return {kind: list(SAID[case].get(kind, ())) for kind in KINDS}


def reads(page: Page, where: str, case: str) -> None:
    """Wait until the last element there reads as the case should."""
    read = f"([where]) => ({FACTS})([...document.querySelectorAll(where)].at(-1))"
    same = f"([where, said]) => JSON.stringify(({read})([where])) === said"
    said = expected(case)
    packed = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    with suppress(TimeoutError):
        page.wait_for_function(same, arg=[where, packed], polling=30, timeout=5_000)
    assert page.evaluate(read, [where]) == said


@pytest.mark.parametrize("case", SAID)
def test_an_answer_reads_as_it_was_said(divan: Divan, held: PacedProvider, case: str) -> None:
    page = divan.page
    divan.write(text_of(case))
    expect(divan.answer.locator(".divan-answer > *").first).to_be_visible()
    reads(page, "#chatbot .divan-answer", case)
    held.release()
    divan.settled()
    reads(page, ANSWER, case)
    page.locator(".divan-copy").last.click()
    expect(page.locator(".divan-toast")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.reload()
    divan.ready().settled()
    reads(page, ANSWER, case)
    assert copied == text_of(case)


@pytest.mark.parametrize("case", SAID)
def test_a_question_is_shown_as_it_was_written(
    divan: Divan, held: PacedProvider, case: str
) -> None:
    held.release()
    tab = CompareTab(divan.page, divan.url).begin("echo", "again")
    tab.write(text_of(case))
    lane = tab.lane(1).locator(".lane-question-text")
    expect(lane).to_be_visible()
    assert written(lane) == words(case)
    tab.settled(1, 2)
    divan.page.click("#tab-chat")
    assert written(divan.page.locator('#chatbot [data-testid="user"] .md')) == words(case)


def written(question: Locator) -> str:
    """The text of a question, without the marks around its code."""
    parts = question.locator(".divan-said, pre code").all_inner_texts()
    return "\n".join(part.strip("\n") for part in parts)


def words(case: str) -> str:
    text = text_of(case)
    return text.replace(f"\n\n```markdown\n{FILE}```\n\n", f"\n{FILE.rstrip()}\n")


def test_a_lane_reads_as_it_was_said(divan: Divan, held: PacedProvider) -> None:
    held.release()
    for number, case in enumerate(SAID):
        if number % 5 == 0:
            tab = CompareTab(divan.page, divan.url).begin("echo", "again")
        tab.write(text_of(case))
        tab.settled(1, 2, answers=number % 5 + 1)
        for lane in (1, 2):
            reads(tab.page, f"#lane-{lane} .lane-answer .lane-prose", case)


def test_a_long_question_is_folded_and_can_be_read_whole(divan: Divan, held: PacedProvider) -> None:
    held.release()
    tab = CompareTab(divan.page, divan.url).begin("echo", "again")
    tab.write("\n".join(f"{number}. satır" for number in range(1, 61)))
    tab.settled(1, 2)
    lane = tab.lane(1)
    folded = lane.locator(".lane-bubble").bounding_box()
    lane.get_by_role("button", name="Tamamını göster").click()
    unfolded = lane.locator(".lane-bubble").bounding_box()
    assert height_of(folded) < height_of(unfolded) / 2

    divan.page.click("#tab-chat")
    question = divan.page.locator('#chatbot [data-testid="user"]')
    last = question.get_by_text("60. satır")
    expect(last).not_to_be_in_viewport()
    short = question.bounding_box()
    question.get_by_role("button", name="Tamamını göster").click()
    whole = question.bounding_box()
    assert height_of(short) < height_of(whole) / 2
    question.get_by_role("button", name="Kısalt").click()
    expect(question.get_by_role("button", name="Tamamını göster")).to_be_visible()


def height_of(box: FloatRect | None) -> float:
    assert box is not None
    return box["height"]


def test_a_done_task_looks_done(divan: Divan, held: PacedProvider) -> None:
    divan.write("- [x] biten iş\n- [ ] bekleyen iş")
    for where in ("#chatbot .divan-answer", ANSWER):
        boxes = divan.page.locator(f"{where} input[type=checkbox]")
        expect(boxes).to_have_count(2)
        expect(boxes.first).to_be_checked()
        pictures = [boxes.nth(number).screenshot() for number in range(2)]
        assert pictures[0] != pictures[1]
        style = "(box) => getComputedStyle(box).appearance + getComputedStyle(box).backgroundImage"
        assert boxes.first.evaluate(style) == "autonone"
        held.release()
        divan.settled()


RIGHT_TO_LEFT = """- عنصر `x = 1`

  ```
  kod
  ```

> اقتباس

| أ | ب |
|---|---|
| ج | د |

- bir

> iki
"""


def test_lists_quotations_and_tables_begin_where_their_text_does(
    divan: Divan, held: PacedProvider
) -> None:
    held.release()
    divan.write(RIGHT_TO_LEFT)
    divan.settled()
    facts = divan.page.locator(ANSWER).last.evaluate(FACTS)
    assert facts["from_the_right"] == ["UL", "BLOCKQUOTE", "TABLE"]
    borders = divan.page.locator(f"{ANSWER} blockquote").evaluate_all(
        "(all) => all.map((one) => [one.clientLeft > 0, getComputedStyle(one).borderRightWidth])"
    )
    assert borders == [[False, "5px"], [True, "0px"]]
    code = divan.page.locator(f"{ANSWER} li pre").last
    assert code.evaluate("(pre) => getComputedStyle(pre).direction") == "ltr"


@pytest.mark.parametrize(("tab", "box"), [("chat", "#prompt"), ("compare", "#compare-prompt")])
def test_a_message_box_writes_each_line_from_where_it_begins(
    divan: Divan, tab: str, box: str
) -> None:
    divan.page.click(f"#tab-{tab}")
    style = divan.page.locator(f"{box} textarea").evaluate(
        "(area) => [getComputedStyle(area).unicodeBidi, getComputedStyle(area).textAlign]"
    )
    assert style == ["plaintext", "start"]
