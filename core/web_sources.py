"""Pages of the web that a provider names beside an answer, checked before they become links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from core.counts import count
from core.events import WebSource

MOST = 100
_LONGEST_ADDRESS = 2000
_LONGEST_TITLE = 300
_LARGEST_NUMBER = 999
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+", re.I)


def checked(url: object, title: object = "", number: object = None) -> WebSource | None:
    """The source, where its address is a plain one of the web; else None. A title that is no
    text is left out."""
    if not isinstance(url, str) or len(url) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(url):
        return None
    if not host_of(url):
        return None
    known = count(number)
    fits = known is not None and 1 <= known <= _LARGEST_NUMBER
    said = " ".join(title.split())[:_LONGEST_TITLE] if isinstance(title, str) else ""
    return WebSource(url, said, known if fits else None)


def host_of(url: str) -> str:
    """The host an address leads to, without `www.`; empty where it has none, or carries a user
    name, which makes it read as another."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        return ""
    return "" if "@" in parts.netloc else host.removeprefix("www.")


def added(known: Sequence[WebSource], new: WebSource) -> tuple[WebSource, ...]:
    """The sources with one more. What comes later of the same address completes it; a number that
    two addresses claim, as may happen where an answer goes on, is neither's. Beyond `MOST` none are
    taken."""
    claimed = new.number is not None and any(
        one.number == new.number and one.url != new.url for one in known
    )
    if claimed:
        known = [replace(one, number=_other(one.number, new.number)) for one in known]
        new = replace(new, number=None)
    for place, one in enumerate(known):
        if one.url == new.url:
            number = one.number if new.number is None else new.number
            whole = WebSource(one.url, new.title or one.title, number)
            return (*known[:place], whole, *known[place + 1 :])
    return tuple([*known, new][:MOST])


def _other(number: int | None, claimed: int | None) -> int | None:
    return None if number == claimed else number


def listed(sources: Sequence[WebSource]) -> tuple[WebSource, ...]:
    """Those sources of an answer that may be shown, numbered ones first, whoever wrote the file."""
    found = [checked(one.url, one.title, one.number) for one in sources[:MOST]]
    safe = [one for one in found if one]
    return tuple(sorted(safe, key=lambda one: one.number or _LARGEST_NUMBER + 1))
