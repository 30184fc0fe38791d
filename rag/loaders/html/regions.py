"""Where on a page a text stands, and which of it is the article.

A rule of the tags alone: the kept extractors weigh 15 to 70 MB, drop tables and code, or lose the
body of pages they were not made for (docs/decisions.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rag.values import Part

_UNSEEN = {
    "audio", "button", "canvas", "iframe", "math", "nav", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "video",
}  # fmt: skip
_EDGE_TAGS = {"header", "footer", "aside"}
_PLACES = {"main", "article", "dialog", *_EDGE_TAGS}
_EDGE_ROLES = {"banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Region(IntEnum):
    """Kinds of places on a page; a menu is a list or block of nothing but links."""

    UNSEEN = 0
    EDGE = 1
    MENU = 2
    PLAIN = 3
    ARTICLE = 4
    MAIN = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """A part and where it stands."""

    part: Part
    region: Region


def region_of(tag: str, attributes: Mapping[str, str], around: Region, hides: bool) -> Region:
    """The region inside an element that stands in the region `around`."""
    if around is Region.UNSEEN or tag in _UNSEEN:
        return Region.UNSEEN
    if not attributes and tag not in _PLACES:
        return around
    role = attributes.get("role", "")
    if role == "navigation" or (hides and _is_hidden(tag, attributes)):
        return Region.UNSEEN
    if tag == "main" or role == "main":
        return Region.MAIN
    if around is not Region.PLAIN:
        return around
    if tag == "article" or role == "article":
        return Region.ARTICLE
    return Region.EDGE if tag in _EDGE_TAGS or role in _EDGE_ROLES else around


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether no reader sees it. `aria-hidden` is for those who listen: the eye sees it."""
    if tag == "dialog":
        return "open" not in attributes
    if "hidden" in attributes:
        return attributes["hidden"] != "until-found"
    return bool(_HIDING.search(attributes.get("style", "")))


def article(placed: Sequence[Placed]) -> Sequence[Placed]:
    """What is in `main`, else in articles, where that is at least half of the page; else all but
    menus and edges; all where these are most of it, as on a page of links."""
    body = {Region.PLAIN, Region.ARTICLE, Region.MAIN}
    for regions in ({Region.MAIN}, {Region.ARTICLE, Region.MAIN}):
        if 2 * _length(placed, regions) >= max(1, _length(placed, body)):
            return _within(placed, regions)
    rest = {Region.EDGE, Region.MENU}
    return _within(placed, body) if _length(placed, body) >= _length(placed, rest) else placed


def _length(placed: Sequence[Placed], regions: Collection[Region]) -> int:
    return sum(len(one.part.text) for one in placed if one.region in regions)


def _within(placed: Sequence[Placed], regions: Collection[Region]) -> Sequence[Placed]:
    return [one for one in placed if one.region in regions]
