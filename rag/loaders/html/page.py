"""A page as the parser tells of it, tag by tag: depth costs nothing, and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.loaders.headings import Headings
from rag.loaders.html.regions import Placed, Region, region_of
from rag.loaders.tables import table
from rag.values import Kind, Part

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
}  # fmt: skip
_BLOCKS = ("p", "ul", "ol", "blockquote", "section", "article", "div")
_LISTS = ("ul", "ol", "menu")
_GROUPS = (*_LISTS, "div")
_FEWEST_LINKS = 3
_SPACES = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_WORDLESS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class _Group:
    """A list or block: where its text begins, and how much of it is in links."""

    tag: str
    start: int
    flushed: int
    links: int = 0
    outside: int = 0


class Page:
    """What has been read; `start`, `end`, `data` and `close` are called by the parser. `hides`
    leaves out what the page hides; `left_out` says that there was something no reader sees."""

    def __init__(self, hides: bool) -> None:
        self.placed: list[Placed] = []
        self.left_out = False
        self._hides = hides
        self._regions = [Region.PLAIN]
        self._headings = Headings()
        self._text: list[str] = []
        self._flushed = 0
        self._verbatim = 0
        self._links = 0
        self._in_heading = False
        self._groups: list[_Group] = []
        self._in_lists = 0
        self._tables = 0
        self._rows: list[list[str]] = []
        self._title = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        around = self._regions[-1]
        region = region_of(tag, attributes, around, self._hides)
        if region not in (around, Region.UNSEEN) and not self._tables:
            self._flush()
        self.left_out = self.left_out or region is Region.UNSEEN
        self._regions.append(region)
        if region is not Region.UNSEEN:
            self._open(tag)

    def end(self, tag: str) -> None:
        region = self._regions.pop() if len(self._regions) > 1 else Region.PLAIN
        if region is Region.UNSEEN:
            return
        if region is not self._regions[-1] and not self._tables:
            self._flush(region=region)
        self._close_element(tag)

    def data(self, text: str) -> None:
        if self._regions[-1] is Region.UNSEEN:
            return
        if self._in_heading and self._links and not _WORDLESS.sub("", text):
            return  # the sign that links a heading to itself
        self._text.append(text if self._verbatim else _SPACES.sub(" ", text))
        if self._groups and not self._links:
            self._groups[-1].outside += len(_WORDLESS.sub("", text))

    def close(self) -> None:
        while self._tables:
            self._close_table()
        self._flush()

    def _open(self, tag: str) -> None:
        if tag in _HEADINGS or tag == "title":
            self._flush()
            self._in_heading = True
        elif tag == "pre":
            self._flush()
            self._verbatim += 1
        elif tag == "table":
            self._open_table()
        elif self._tables and tag == "tr":
            self._close_cell()
            self._rows.append([])
        elif self._tables and tag in ("td", "th"):
            self._close_cell()
            self._cells().append("")
        elif tag == "a":
            self._links += 1
        elif tag == "li":
            self._text.append("\n- ")
        elif tag not in _INLINE:
            self._text.append("\n")
        if tag in _GROUPS:
            self._groups.append(_Group(tag, len(self._text), self._flushed))
            self._in_lists += tag in _LISTS

    def _close_element(self, tag: str) -> None:
        if tag in _HEADINGS or tag == "title":
            self._close_heading(tag)
        elif tag == "pre" and self._verbatim:
            self._flush("code")
            self._verbatim -= 1
        elif tag == "table" and self._tables:
            self._close_table()
        elif tag == "a" and self._links:
            self._links -= 1
            if self._groups:
                self._groups[-1].links += 1
        if tag in _GROUPS and self._groups:
            self._close_group(self._groups.pop())
        if tag in _BLOCKS:
            self._text.append("\n\n" if tag == "p" else "\n")

    def _close_group(self, one: _Group) -> None:
        """Set a group of nothing but links apart, where it is neither in the article nor a part of
        a list."""
        self._in_lists -= one.tag in _LISTS
        if self._groups:
            self._groups[-1].links += one.links
            self._groups[-1].outside += one.outside
        is_menu = one.links >= _FEWEST_LINKS and not one.outside
        here = self._regions[-1] is Region.PLAIN and not self._tables and not self._in_lists
        if not is_menu or not here or one.flushed != self._flushed:
            return
        links, self._text = self._text[one.start :], self._text[: one.start]
        self._flush()
        self._text = links
        self._flush(region=Region.MENU)

    def _flush(self, kind: Kind = "text", region: Region | None = None) -> None:
        text, self._text = "".join(self._text), []
        self._flushed += 1
        if self._tables:
            self._cells().append(text)
        else:
            self._add(text if kind == "code" else _tidy(text), kind, region)

    def _add(self, text: str, kind: Kind, region: Region | None = None) -> None:
        if not text.strip():
            return
        path = self._headings.path or ((self._title,) if self._title else ())
        region = self._regions[-1] if region is None else region
        self.placed.append(Placed(Part(text.strip("\n"), None, path, kind), region))

    def _close_heading(self, tag: str) -> None:
        text, self._text = " ".join("".join(self._text).split()), []
        self._in_heading = False
        if tag == "title":
            self._title = self._title or text
        elif self._tables:
            self._text.append(text)
        else:
            if self._regions[-1] is not Region.EDGE or self._is_first(tag):
                self._headings.open(_HEADINGS[tag], text)
            self._add(text, "text")

    def _is_first(self, tag: str) -> bool:
        """Whether a title above the article may be its own: many pages have it in their header."""
        return tag == "h1" and not self._headings.path

    def _open_table(self) -> None:
        if not self._tables:
            self._flush()
        self._tables += 1

    def _close_table(self) -> None:
        self._close_cell()
        self._tables -= 1
        if not self._tables:
            rows, self._rows = self._rows, []
            self._text.clear()
            self._add(table(rows), "table")

    def _close_cell(self) -> None:
        text, self._text = "".join(self._text), []
        cells = self._cells()
        if text.strip():
            cells[-1:] = [f"{cells[-1] if cells else ''} {text}".strip()]

    def _cells(self) -> list[str]:
        if not self._rows:
            self._rows.append([])
        return self._rows[-1]


def _tidy(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", "\n".join(map(str.strip, text.split("\n"))))
