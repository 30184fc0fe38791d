"""The pages of a document whose text is missing, in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from core.numbers import tokens
from core.texts import translate
from engine.shelf import Shelved

if TYPE_CHECKING:
    from rag.loaders.values import Unread

_MOST = 3


def unread_pages(document: Shelved, language: str, most: int = _MOST) -> str:
    """How many pages could not be read, which and why; "" where all were. At most `most` ranges of
    pages are named, with 0 all."""
    if not document.unread:
        return ""
    count = sum(one.last - one.first + 1 for one in document.unread)
    named = document.unread[: most or None]
    reasons = [_reason(list(ranges), key, language) for key, ranges in groupby(named, _key)]
    return translate(
        language,
        "unread_page.line",
        count=tokens(count, language),
        pages=tokens(max(document.pages, document.unread[-1].last), language),
        which=", ".join(reasons + ["…"] * (len(named) < len(document.unread))),
    )


def _reason(ranges: list[Unread], key: str, language: str) -> str:
    pages = ", ".join(_range(one, language) for one in ranges)
    return f"{pages} ({translate(language, f'unread_page.{key}')})"


def _range(one: Unread, language: str) -> str:
    first, last = tokens(one.first, language), tokens(one.last, language)
    return first if first == last else f"{first}–{last}"


def _key(one: Unread) -> str:
    return one.key
