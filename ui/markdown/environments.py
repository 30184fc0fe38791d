"""Environments of LaTeX that stand in a text without delimiters: \\begin{align} … \\end{align}.

ui/static/markdown_environments.js finds the same for a running answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

_KATEX = """
align align* aligned alignat alignat* alignedat array darray bmatrix bmatrix* Bmatrix Bmatrix* cases
dcases rcases drcases CD equation equation* gather gather* gathered matrix matrix* pmatrix pmatrix*
smallmatrix split subarray vmatrix vmatrix* Vmatrix Vmatrix*
"""
_NAMES = frozenset(_KATEX.split())
"""Those that KaTeX draws; any other, like a list, is no mathematics."""
_BORDER = re.compile(r"\\(begin|end)\{([A-Za-z]+\*?)\}")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*")
_NEAR = 200
"""Characters in which the beginning of a line is looked for."""


class Environments:
    """The environments of a text, found once."""

    def __init__(self, text: str) -> None:
        self._text = text

    def closing(self, at: int) -> int | None:
        """Where the environment that begins at `at` ends; None where none begins, where it does not
        end, and in code."""
        if not self._text.startswith("\\begin{", at) or self._is_indented_code(at):
            return None
        return self._ends.get(at)

    @cached_property
    def _ends(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        begun: dict[str, list[int]] = defaultdict(list)
        for border in _BORDER.finditer(self._text):
            name = border[2]
            if name not in _NAMES:
                continue
            if border[1] == "begin":
                begun[name].append(border.start())
            elif begun[name]:
                ends[begun[name].pop()] = border.end()
        return ends

    def _is_indented_code(self, at: int) -> bool:
        """Whether it begins a line that four spaces make code, as far as the line above tells."""
        near = self._text[max(0, at - _NEAR) : at]
        above, _, before = near.rpartition("\n")
        if not _INDENTED.fullmatch(before):
            return False
        line_above = above.rpartition("\n")[2]
        return not line_above.strip() or _INDENTED.match(line_above) is not None
