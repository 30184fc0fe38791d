"""A model's Markdown made safe and exact for Gradio's Chatbot.

The Chatbot renders raw HTML and takes every pair of dollars for mathematics; the painter of a
running answer does neither. Here a settled answer gets the painter's rules: HTML is text, remote
images are links, and a dollar opens mathematics only by pandoc's rule (`tex_math_dollars` in
pandoc's manual).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:.|\n)*?(?<!`)\1(?!`)")
_TAG_OPENER = re.compile(r"<(?=[a-zA-Z/!?])(?!https?://|mailto:|br\s*/?>)")
_REMOTE_IMAGE = re.compile(r"!(?=\[[^\]\n]*\]\(\s*<?(?!data:image/))")
_DISPLAY_MATH = re.compile(r"\$\$(?:[^$]|\$(?!\$))+?\$\$|\\\[(?:.|\n)+?\\\]")
_UNTOUCHED = re.compile(f"{_CODE_SPAN.pattern}|{_DISPLAY_MATH.pattern}")
_INLINE_MATH = re.compile(r"(?<![\\$])\$(?![\s$])((?:[^$\n\\]|\\.)*?)(?<!\s)\$(?![\d$])")
_LINK = re.compile(r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\([^\n()]*\)|<https?://[^\s<>]*>")
_BRACKET_MATH = re.compile(r"(?<!\\)\\\((?:.|\n){1,2000}?\\\)")
_NO_WORDS = re.compile(f"{_BRACKET_MATH.pattern}|{_INLINE_MATH.pattern}|{_LINK.pattern}")
_LONGEST_PIECE = 20_000


Change = Callable[[str], str]
"""A last change of words outside code, mathematics and links."""


def settle(text: str, change: Change = str) -> str:
    """Markdown for the Chatbot that shows what the painter showed, with every fence closed."""
    pieces: list[str] = []
    prose: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            pieces.append(line)
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and "`" not in mark[2]:
            pieces.extend(_prose(prose, change))
            prose = []
            pieces.append(line)
            fence = mark[1]
        else:
            prose.append(line)
    pieces.extend(_prose(prose, change))
    if fence:
        pieces.append(fence)
    return "\n".join(pieces)


def _prose(lines: list[str], change: Change) -> list[str]:
    """Lines outside fenced code, with code spans and display mathematics left as they are."""
    if not lines:
        return []
    text = "\n".join(lines)
    if len(text) > _LONGEST_PIECE and "\n\n" not in text:
        return [_TAG_OPENER.sub("&lt;", text)]
    return ["\n\n".join(_paragraph(part, change) for part in text.split("\n\n"))]


def _paragraph(text: str, change: Change) -> str:
    kept: list[str] = []
    at = 0
    for match in _UNTOUCHED.finditer(text):
        kept += [_plain(text[at : match.start()], change), match.group()]
        at = match.end()
    kept.append(_plain(text[at:], change))
    return "".join(kept)


def _plain(text: str, change: Change) -> str:
    text = _REMOTE_IMAGE.sub("", _TAG_OPENER.sub("&lt;", text))
    kept: list[str] = []
    at = 0
    for match in _NO_WORDS.finditer(text):
        inert = _INLINE_MATH.sub(lambda m: f"\\({m[1]}\\)", match[0])
        kept += [change(text[at : match.start()]), inert]
        at = match.end()
    kept.append(change(text[at:]))
    return "".join(kept)
