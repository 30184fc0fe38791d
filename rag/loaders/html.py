"""HTML: the text a reader sees, under its headings, with its tables and code.

The parser tells of tags one by one and builds no tree: depth costs nothing, and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from rag.loaders.encodings import decoded
from rag.loaders.headings import Headings
from rag.loaders.tables import table
from rag.loaders.values import LoadError, Source
from rag.values import Kind, Part

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)
_HEAD = 4096
_PIECE = 1 << 16
_BYTES_OF_A_CHARACTER = 8
_UNSEEN = {
    "audio", "button", "canvas", "iframe", "math", "nav", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "video",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
}  # fmt: skip
_SPACES = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def parts(source: Source) -> Iterator[Part]:
    """Parts in reading order. Raises LoadError."""
    size = source.path.stat().st_size
    if size > source.limits.characters * _BYTES_OF_A_CHARACTER:
        raise LoadError("too_large", f"{size} bytes")
    data = source.path.read_bytes()
    named = _CHARSET.search(data[:_HEAD])
    text = decoded(data, named[1].decode("ascii", "ignore") if named else "")
    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", remove_comments=True, remove_pis=True)
    for start in range(0, len(text), _PIECE):
        parser.feed(text[start : start + _PIECE].encode("utf-8", "replace"))
    parser.close()
    return iter(page.parts)


class _Page:
    """What has been read; `start`, `end`, `data` and `close` are called by the parser."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._headings = Headings()
        self._text: list[str] = []
        self._unseen = 0
        self._verbatim = 0
        self._tables = 0
        self._rows: list[list[str]] = []
        self._title = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._unseen or tag in _UNSEEN:
            self._unseen += 1
            return
        if tag in _HEADINGS or tag == "title":
            self._flush()
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
        elif tag == "li":
            self._text.append("\n- ")
        elif tag not in _INLINE:
            self._text.append("\n")

    def end(self, tag: str) -> None:
        if self._unseen:
            self._unseen -= 1
        elif tag in _HEADINGS or tag == "title":
            self._close_heading(tag)
        elif tag == "pre" and self._verbatim:
            self._flush("code")
            self._verbatim -= 1
        elif tag == "table" and self._tables:
            self._close_table()
        elif tag in ("p", "ul", "ol", "blockquote", "section", "article", "div"):
            self._text.append("\n\n" if tag == "p" else "\n")

    def data(self, text: str) -> None:
        if not self._unseen:
            self._text.append(text if self._verbatim else _SPACES.sub(" ", text))

    def close(self) -> None:
        while self._tables:
            self._close_table()
        self._flush()

    def _flush(self, kind: Kind = "text") -> None:
        text, self._text = "".join(self._text), []
        if self._tables:
            self._cells().append(text)
        elif text.strip():
            self._add(text if kind == "code" else _tidy(text), kind)

    def _add(self, text: str, kind: Kind) -> None:
        path = self._headings.path or ((self._title,) if self._title else ())
        self.parts.append(Part(text.strip("\n"), None, path, kind))

    def _close_heading(self, tag: str) -> None:
        text, self._text = " ".join("".join(self._text).split()), []
        if tag == "title":
            self._title = self._title or text
        elif self._tables:
            self._text.append(text)
        else:
            self._headings.open(_HEADINGS[tag], text)
            self._add(text, "text")

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
