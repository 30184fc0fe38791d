"""Charts of Office: their title, and their categories and numbers as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.loaders.ooxml import a, c
from rag.loaders.tables import table

_AXES = (c("catAx"), c("dateAx"), c("valAx"), c("serAx"))
_CATEGORIES = (c("cat"), c("xVal"))
_NUMBERS = (c("val"), c("yVal"), c("bubbleSize"))
_MOST_POINTS = 100_000
_EMPTY = "–"

Column = dict[int, str]
"""Values by the number of their point; those that are missing are not in it."""


def chart(root: Any) -> str:
    """A chart's text, from the values that were saved with it: the titles of the chart and its
    axes, then a row for each category."""
    titles = [_title(one) for one in root.iter(c("chart"), *_AXES)]
    rows = list(_rows(root, titles[0] if titles else ""))
    return "\n".join([*filter(None, titles), table(rows)] if rows else filter(None, titles))


def _rows(root: Any, title: str) -> Iterator[list[str]]:
    names, columns = [], []
    categories: Column = {}
    for series in root.iter(c("ser")):
        for tag in _CATEGORIES:
            for element in series.iterchildren(tag):
                categories = {**_values(element), **categories}
        for tag in _NUMBERS:
            for element in series.iterchildren(tag):
                names.append(_name(series))
                columns.append(_values(element))
    if not columns:
        return
    yield [title or _EMPTY, *names]
    for point in sorted({*categories, *(point for one in columns for point in one)}):
        said = categories.get(point, str(point + 1))
        yield [said, *(column.get(point, _EMPTY) for column in columns)]


def _title(element: Any) -> str:
    title = element.find(c("title"))
    if title is None:
        return ""
    written = "".join(one.text or "" for one in title.iter(a("t")))
    said = written or "".join(one.text or "" for one in title.iter(c("v")))
    return " ".join(said.split())


def _name(series: Any) -> str:
    text = series.find(c("tx"))
    return "" if text is None else " ".join(one.text or "" for one in text.iter(c("v"))).strip()


def _values(element: Any) -> Column:
    """The values by their points; of categories in several levels the outermost stands first."""
    levels = list(element.iter(c("lvl")))
    if not levels:
        return _points(element)
    inner, *outer = map(_points, levels)
    return {point: " ".join([*_above(outer, point), text]) for point, text in inner.items()}


def _above(levels: list[Column], point: int) -> list[str]:
    """The names above a point, outermost first: each holds until the next of its level."""
    found = []
    for level in reversed(levels):
        begun = [one for one in level if one <= point]
        if begun:
            found.append(level[max(begun)])
    return found


def _points(element: Any) -> Column:
    percent = "%" in (element.findtext(f".//{c('formatCode')}") or "")
    found: Column = {}
    for point in element.iter(c("pt")):
        index = point.get("idx", "")
        if index.isdecimal() and len(found) < _MOST_POINTS:
            found[int(index)] = _shown(point.findtext(c("v")) or "", percent)
    return found


def _shown(text: str, percent: bool) -> str:
    """A number without the noise of its last binary digits; any other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number * 100:.12g}%" if percent else f"{number:.12g}"
