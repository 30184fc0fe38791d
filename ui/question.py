"""A question as it was written: nothing in it is Markdown but fenced code."""

from __future__ import annotations

from collections.abc import Iterator

from ui.documents_answer import inert
from ui.markdown import settle
from ui.markdown.fences import closes, opens, widened

_LONG = 1200
_LONG_LINES = 12
_INDENTED = ("", " ", "  ", "   ")


def is_long(text: str) -> bool:
    """Whether a question is folded at first."""
    return len(text) > _LONG or text.count("\n") > _LONG_LINES


def question(text: str) -> str:
    """Markdown for the Chatbot that shows the text letter for letter; ui/static/question.js draws
    the same in a lane."""
    parts = (
        settle(part) if is_code else f'<div class="divan-said">{inert(part)}</div>'
        for part, is_code in _parts(widened(_lines(text)))
    )
    return "\n\n".join(parts)


def _lines(text: str) -> list[str]:
    """As the browser splits them: `splitlines` knows more ends, which are letters of the text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _parts(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Text and fenced code, in turn. A fence that is never closed is text."""
    start = at = 0
    unclosed: set[str] = set()
    while at < len(lines):
        opening = opens(lines[at])
        marks = opening[2] if opening and opening[1] in _INDENTED else ""
        end = _end(lines, at, marks) if marks and marks not in unclosed else None
        if end is None:
            unclosed.add(marks)
            at += 1
            continue
        if at > start:
            yield "\n".join(lines[start:at]), False
        yield "\n".join(lines[at:end]), True
        start = at = end
    if at > start:
        yield "\n".join(lines[start:]), False


def _end(lines: list[str], at: int, marks: str) -> int | None:
    """The line after the code that begins here."""
    ends = (number + 1 for number in range(at + 1, len(lines)) if closes(lines[number], marks))
    return next(ends, None)
