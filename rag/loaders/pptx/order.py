"""The order in which a person reads the shapes of a slide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rag.loaders.layout import Box, in_rows
from rag.loaders.ooxml import a, mc, p

SHAPES = {p("sp"), p("graphicFrame"), p("pic"), p("grpSp"), p("cxnSp")}
GROUP = p("grpSp")
TITLES = {"title", "ctrTitle"}


Place = Callable[[Any], Any | None]
"""The element that says where a shape is, from the slide or its layout."""


def in_order(tree: Any, place: Place) -> Iterator[Any]:
    """The shapes, those of groups together: the title, then rows from the top, each from the left.
    Groups may be nested deeply."""
    waiting = list(reversed(_sorted(tree, place)))
    while waiting:
        shape = waiting.pop()
        if shape.tag == GROUP:
            waiting.extend(reversed(_sorted(shape, place)))
        else:
            yield shape


def placeholder(shape: Any) -> Any | None:
    """What a shape stands in for of its layout, or None."""
    return next(shape.iterfind(f"*/{p('nvPr')}/{p('ph')}"), None)


def placeholder_type(shape: Any) -> str:
    """What kind of content a shape stands in for; "" where for none."""
    found = placeholder(shape)
    return "" if found is None else found.get("type", "obj")


def _sorted(tree: Any, place: Place) -> list[Any]:
    """The shapes right in a tree or group. One without a place stays with the one before it in the
    file."""
    titles: list[Any] = []
    placed: list[tuple[Box, Any]] = []
    box = Box(0, 0, 0)
    for shape in _shapes(tree):
        if placeholder_type(shape) in TITLES:
            titles.append(shape)
        else:
            box = _box(place(shape)) or box
            placed.append((box, shape))
    return [*titles, *in_rows(placed)]


def _shapes(tree: Iterable[Any]) -> Iterator[Any]:
    """The shapes right in a tree or group, also those that only newer programs know."""
    for child in tree:
        if child.tag in SHAPES:
            yield child
        elif child.tag == mc("AlternateContent"):
            branch = next((one for one in child if any(True for _ in _shapes(one))), ())
            yield from _shapes(branch)


def _box(frame: Any | None) -> Box | None:
    offset = None if frame is None else frame.find(a("off"))
    extent = None if frame is None else frame.find(a("ext"))
    if offset is None or extent is None:
        return None
    try:
        return Box(int(offset.get("x")), int(offset.get("y")), int(extent.get("cy")))
    except (TypeError, ValueError):
        return None
