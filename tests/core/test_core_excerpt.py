"""A line of a title or a label reads like the text it is of, and not like its Markdown."""

from __future__ import annotations

import pytest

from core.excerpt import plain


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Başlık", "Başlık"),
        ("**kalın** ve *eğik*, `kod` da", "kalın ve eğik, kod da"),
        (
            "Üç öneri:\n\n1. **Yerebatan** – serin\n2. Pera",
            "Üç öneri: 1. Yerebatan – serin 2. Pera",
        ),
        ("> - [x] alıntı", "[x] alıntı"),
        ("[Divan](https://example.org) sayfası", "Divan sayfası"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b 1 2"),
    ],
)
def test_marks_of_markdown_are_left_out(text: str, line: str) -> None:
    assert plain(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "C# mı, F# mı?",
        "2 * 3 * 4 kaç eder",
        "my_var_name ne işe yarar",
        "cat x | sort ne yapar",
        "18. yüzyılda __init__ var mıydı",
        "[1] nerede geçiyor",
        "2026-11-20 hangi gün",
        "3.5 GB yeter mi",
    ],
)
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("mark", ["*", "_", "|", "-", "[", "> ", "#"])
def test_many_marks_lose_no_word(mark: str) -> None:
    assert plain(mark * 2_000 + "son").endswith("son")
