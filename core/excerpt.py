"""The words of a Markdown text without its marks: for titles and labels of one line."""

from __future__ import annotations

import re

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_FENCE = re.compile(r"^\s*(```|~~~).*$", re.MULTILINE)
_LINE_START = re.compile(r"^\s*(#{1,6}\s+|>\s?|[-*+]\s+)+", re.MULTILINE)
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]*-{3}[\s:|-]*$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_MARK = r"(?:\*{1,3}|_{1,3}|~~|`+)"
_MARKS = re.compile(
    rf"(?<!\w)(?P<name>__[a-z][a-z0-9_]*__)(?!\w)|(?<!\w){_MARK}(?=\S)|(?<=\S){_MARK}(?!\w)"
)


def plain(text: str) -> str:
    """The text in one line. What is a mark in Markdown only elsewhere stays: `C#`, `2 * 3`,
    `my_var`, `__init__`, `[1]`, `cat x | sort`, and numbers: `18. yüzyılda` begins no list."""
    text = _LINK.sub(r"\1", text)
    text = _TABLE_ROW.sub(lambda row: row[0].replace("|", " "), _TABLE_RULE.sub("", text))
    for pattern in (_FENCE, _LINE_START):
        text = pattern.sub("", text)
    text = _MARKS.sub(lambda mark: mark["name"] or "", text)
    return " ".join(text.split())
