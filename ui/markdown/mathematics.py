"""Where mathematics stands in Markdown: pandoc's rule (`tex_math_dollars` in its manual), stricter
beside letters and digits, so that prices and shell variables stay text.

ui/static/markdown_source.js finds the same for a running answer.
"""

from __future__ import annotations

import re

from ui.markdown.code_spans import Backquotes
from ui.markdown.environments import Environments
from ui.markdown.fences import closes, opens
from ui.markdown.placeholders import Placeholders

_SPECIAL = re.compile(r"[\\`$\n]")
_DELIMITERS = (
    ("$$", "$$", "$$", "$$"),
    (r"\\[", r"\\]", r"\[", r"\]"),
    (r"\\(", r"\\)", r"\(", r"\)"),
    (r"\[", r"\]", r"\[", r"\]"),
    (r"\(", r"\)", r"\(", r"\)"),
)
"""What opens and closes a formula, and how the Chatbot knows it."""
_DOLLARS = re.compile(
    r"\$((?![\s$]|\d[^$\n]*\s[^\W\d_]{3,}[\s,])(?:[^$\n\\]|\\.)*?)(?<!\s)\$(?!\$|(?!(?:st|nd|rd|th)\b)\w)"
)
"""A formula between dollars. One that begins with a number and goes on in words is none: "$1 ile
… 20$". Behind it may stand the ending of an ordinal ("the $n$th")."""
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])|!(?=\[)")
"""What Markdown could take for a tag or an image; TeX does not see the space behind it."""


def hide_mathematics(text: str, placeholders: Placeholders) -> str:
    """The text with a placeholder for each formula outside code."""
    return _Scan(text, placeholders).run()


class _Scan:
    def __init__(self, text: str, placeholders: Placeholders) -> None:
        self._text, self._placeholders = text, placeholders
        self._at = 0
        self._out: list[str] = []
        self._paragraph = -1
        self._next: dict[str, int] = {}
        self._runs = Backquotes(text)
        self._environments = Environments(text)

    def run(self) -> str:
        while self._at < len(self._text):
            if not self._copied_fence():
                self._step()
        return "".join(self._out)

    def _step(self) -> None:
        special = _SPECIAL.search(self._text, self._at)
        if special is None:
            return self._take(len(self._text))
        self._take(special.start())
        if special[0] == "`":
            return self._code_span()
        if special[0] == "\n":
            return self._take(self._at + 1)
        if self._environment() or self._delimited() or self._dollars():
            return None
        return self._take(self._at + (2 if special[0] == "\\" else 1))

    def _take(self, end: int) -> None:
        self._out.append(self._text[self._at : end])
        self._at = min(end, len(self._text))

    def _copied_fence(self) -> bool:
        at_line_start = self._at == 0 or self._text[self._at - 1] == "\n"
        opening = opens(self._line(self._at)) if at_line_start else None
        if opening is None:
            return False
        while self._at < len(self._text):
            self._take(self._at + len(self._line(self._at)) + 1)
            if self._at < len(self._text) and closes(self._line(self._at), opening[2]):
                break
        self._take(self._at + len(self._line(self._at)) + 1)
        return True

    def _line(self, start: int) -> str:
        end = self._text.find("\n", start)
        return self._text[start : end if end >= 0 else len(self._text)]

    def _paragraph_end(self) -> int:
        """Nothing inside a line reaches over an empty one."""
        if self._paragraph < self._at:
            empty = _EMPTY_LINE.search(self._text, self._at)
            self._paragraph = empty.start() if empty else len(self._text)
        return self._paragraph

    def _found(self, what: str, start: int) -> int:
        """Where `what` comes next, or the end of the text; looked for once."""
        if self._next.get(what, -1) < start:
            at = self._text.find(what, start)
            self._next[what] = at if at >= 0 else len(self._text)
        return self._next[what]

    def _code_span(self) -> None:
        end = self._runs.closing(self._at, self._paragraph_end())
        self._take(end or self._at + self._runs.length(self._at))

    def _environment(self) -> bool:
        end = self._environments.closing(self._at)
        if end is None or end > self._paragraph_end():
            return False
        self._hide(end, self._text[self._at : end], r"\[", r"\]")
        return True

    def _delimited(self) -> bool:
        for left, right, *shown in _DELIMITERS:
            if not self._text.startswith(left, self._at):
                continue
            start = self._at + len(left)
            end = self._found(right, start)
            inner = self._text[start:end]
            if end + len(right) <= self._paragraph_end() and inner.strip():
                self._hide(end + len(right), inner, *shown)
                return True
        return False

    def _dollars(self) -> bool:
        before = self._text[self._at - 1 : self._at]
        if before.isalnum() or before in ("$", "_"):
            return False
        found = _DOLLARS.match(self._text, self._at)
        if found is None:
            return False
        self._hide(found.end(), found[1], r"\(", r"\)")
        return True

    def _hide(self, end: int, tex: str, left: str, right: str) -> None:
        raw = self._text[self._at : end]
        shown = left + _MARKUP.sub(r"\g<0> ", tex) + right
        self._out.append(self._placeholders.hide(raw, shown))
        self._at = end
