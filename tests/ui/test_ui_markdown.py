"""A settled answer's Markdown: safe whatever is in it, and made in linear time."""

from __future__ import annotations

import time

import pytest

from tests.support.data import CASES
from ui.markdown import settle


@pytest.mark.parametrize(
    "text",
    [
        "# `h\n<b>x</b>`",
        "- `a\n- <b>x</b>`",
        "| a `b | c |\n|---|---|\n| `d | <b>x</b>` |",
        "> `q\n\n<b>x</b>`",
        r"\`<b>x</b>\`",
        "`s\n===\n<b>x</b>`",
        "`t\n \n<b>x</b>`",
        "~~~ <b>x</b>",
        "```a`b\n<b>x</b>",
        "[a <b>x</b>](https://a.b)",
        "$a <b>x$, \\(<b>\\)",
        "<!-- <b>x</b> -->",
    ],
)
def test_a_tag_between_torn_marks_stays_text(text: str) -> None:
    lines = [line for line in settle(text).splitlines() if not line.startswith("    ")]
    assert "<b>" not in "\n".join(lines)


def test_code_keeps_its_letters() -> None:
    case = (CASES / "code-in-a-list.md").read_text(encoding="utf-8")
    assert settle(case).replace("\n<!-- -->\n", "") == case


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("5$, çay 3$", "5$, çay 3$"),
        ("the $n$th and $k$-th", r"the \(n\)th and \(k\)-th"),
        (r"\\(x\\), \\[y\\]", r"\(x\), \[y\]"),
        (r"\begin{align}a &= b\end{align}", r"\[\begin{align}a &= b\end{align}\]"),
        (
            r"\begin{cases}x\end{cases}$$\begin{matrix}1\end{matrix}$$",
            r"\[\begin{cases}x\end{cases}\]$$\begin{matrix}1\end{matrix}$$",
        ),
        (
            r"\begin{matrix}\begin{matrix}1\end{matrix}\end{matrix}",
            r"\[\begin{matrix}\begin{matrix}1\end{matrix}\end{matrix}\]",
        ),
        (
            "- m\n    \\begin{align}\n    a\n    \\end{align}",
            "- m\n    \\[\\begin{align}\n    a\n    \\end{align}\\]",
        ),
        ("1. a\n2. b\n7. c", "1. a\n2. b\n\n<!-- -->\n7. c"),
        ("> 1. a\n> 3. b", "> 1. a\n>\n> <!-- -->\n> 3. b"),
        ("10~20, ~~silik~~", r"10\~20, ~~silik~~"),
        ("https://a.b/türkçe'ye", "<https://a.b/türkçe>'ye"),
        ("![kedi](https://a.b/k.png) ve bu![1]", r"[kedi](https://a.b/k.png) ve bu\![1]"),
    ],
)
def test_what_was_said_is_what_is_shown(text: str, settled: str) -> None:
    assert settle(text) == settled


@pytest.mark.parametrize(
    "text",
    [
        "`\\begin{align}a\\end{align}`",
        "```latex\n\\begin{align}\na\n\\end{align}\n```",
        "\\begin{itemize}\n\\item a\n\\end{itemize}",
        "\\\\begin{align}a\\end{align}",
        "\\begin{align} bitmeyen",
        "\\begin{align}\na\n\nb\n\\end{align}",
    ],
)
def test_what_only_looks_like_an_environment_stays_as_it_is(text: str) -> None:
    assert settle(text) == text


def test_an_environment_in_code_by_indentation_stays_code() -> None:
    code = "\\begin{align}\na\n\\end{align}"
    indented = code.replace("\n", "\n    ")
    assert settle(f"Kod:\n\n    {indented}\n") == f"Kod:\n\n```\n{code}\n```\n"


@pytest.mark.parametrize(
    "unit",
    [
        "\\[",
        "![",
        "[",
        "`x ``",
        "**a ",
        "*a",
        "<a",
        "$a ",
        "\\begin{align}",
        "```md\n```x\n```\n",
        "> ",
        "3. a\n",
    ],
)
def test_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    def took(times: int, attempt: int = 0) -> float:
        began = time.process_time()
        settle(f"{attempt}\n\n" + unit * times)
        return time.process_time() - began

    few = max(min(took(1_000, attempt) for attempt in range(3)), 0.001)
    assert took(16_000) / few < 16 * 6
