"""Code as the page's parser cannot misread it: between fences that nothing inside can close."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from ui.markdown.fences import closes


def fenced(lines: Sequence[str], code: Token) -> list[str]:
    """The lines of a block of code, as they are or with other fences around them."""
    if code.type == "code_block":
        return _from_indentation(lines, code.content.removesuffix("\n").split("\n"))
    is_closed = len(lines) > 1 and closes(lines[-1], code.markup)
    inner = lines[1:-1] if is_closed else lines[1:]
    marks = _marks(code.markup, inner)
    first = lines[0].replace(code.markup, marks, 1).partition("<")[0]
    if is_closed:
        return [first, *inner, lines[-1].replace(lines[-1].strip(" \t>"), marks, 1)]
    at_the_end = [marks] if code.level == 0 else []
    return [first, *inner, *at_the_end]


def _marks(marks: str, inner: Sequence[str]) -> str:
    """Marks that no line of the code has: parsers differ in what closes a fence."""
    runs = re.compile(marks[0] + "{3,}")
    longest = max((len(run) for line in inner for run in runs.findall(line)), default=0)
    return marks if longest < len(marks) else marks[0] * (longest + 1)


def _from_indentation(lines: Sequence[str], code: Sequence[str]) -> list[str]:
    """Code that four spaces make code: whether they do depends on all that stands above."""
    made = [_outdented(line, text) for line, text in zip(lines, code, strict=False)]
    if len(code) != len(lines) or None in made:
        return list(lines)
    first = str(made[0])
    before = first[: len(first) - len(code[0])]
    marks = _marks("```", code)
    inside = re.sub(r"[^>\s]", " ", before)
    return [before + marks, inside + code[0], *map(str, made[1:]), inside + marks]


def _outdented(line: str, code: str) -> str | None:
    """The line four spaces further left; None where it is not as the parser says."""
    if not code.strip():
        return line.rstrip()
    before = line[: len(line) - len(code)]
    if before + code != line or not before.endswith(("    ", "\t")):
        return None
    return before[: -1 if before.endswith("\t") else -4] + code
