"""Lines to text: broken words whole, letters as one types them."""

from __future__ import annotations

import re

_HYPHEN = re.compile(r"[-\u2010\u00ad\u0002](?<=[^\W\d_].) ?\n(?=[a-zçğıöşüâîû])")
_SPACES = re.compile(r"[ \t]{2,}")
_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "ft",
    0xFB06: "st",
}  # fmt: skip
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_MARKS = {"˘": "\u0306", "¸": "\u0327", "¨": "\u0308", "˙": "\u0307", "ˆ": "\u0302"}
_APART = re.compile(r"([˘¨˙ˆ])([^\W\d_])|([^\W\d_])(¸)")
"""Old fonts draw a letter and its mark one over the other: ˘g is ğ."""


def joined(lines: list[str]) -> str:
    """Lines below each other; a word that is broken at the end of one is whole again."""
    return plain(_HYPHEN.sub("", "\n".join(lines)))


def plain(text: str) -> str:
    """Text without ligatures, marks beside their letters, and wide spaces."""
    if not text.isascii():
        text = _APART.sub(_marked, text)
        if _LIGATURE.search(text):
            text = text.translate(_LIGATURES)
    return _SPACES.sub(" ", text.replace("\u0002", "-"))


def _marked(found: re.Match[str]) -> str:
    before, letter, first, after = found.groups()
    return (letter or first) + _MARKS[before or after]
