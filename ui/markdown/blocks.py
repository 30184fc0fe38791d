"""The blocks of a text: which lines are code, and where a new list begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ui.markdown.code_blocks import fenced
from ui.markdown.fences import widened
from ui.markdown.inline import Change, shown
from ui.markdown.mathematics import hide_mathematics
from ui.markdown.placeholders import RESERVED, Placeholders

_CELL = re.compile(r"(?:\\.|[^\\|])+|\||\\", re.DOTALL)
_NUMBER = re.compile(r"\d{1,9}[.)]")
_CODE = ("fence", "code_block")
_NEW_LIST = "<!-- -->"
"""Between two items: the second begins a list of its own (CommonMark, section 5.3)."""


def settle(text: str, change: Change | None = None) -> str:
    """Markdown for the Chatbot that shows what the painter showed, with every fence closed."""
    return _made(text, change) if change else _kept(text)


@lru_cache(maxsize=128)
def _kept(text: str) -> str:
    """As `settle`; most messages of a view were in the one before it."""
    return _made(text, str)


def _made(text: str, change: Change) -> str:
    placeholders = Placeholders()
    plain = RESERVED.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    source = hide_mathematics("\n".join(widened(plain.split("\n"))), placeholders)
    return "\n".join(_Settled(source, placeholders, change).lines())


@dataclass(frozen=True)
class _Blocks:
    """What begins at a line: blocks with the line after them, new lists, and quotations."""

    tokens: Mapping[int, tuple[int, Token]]
    lists: frozenset[int]
    quotations: frozenset[int]


@dataclass(frozen=True)
class _Settled:
    source: str
    placeholders: Placeholders = field(repr=False)
    change: Change

    def lines(self) -> Iterator[str]:
        lines = self.source.split("\n")
        blocks = _blocks(self.source)
        at = 0
        while at < len(lines):
            if at in blocks.quotations and at and lines[at - 1].strip():
                yield ""  # else marked would read it as part of a list above
            if at in blocks.lists:
                # marked ends the list at the comment only behind an empty line.
                before = _before_number(lines[at])
                yield from (before.rstrip(), before + _NEW_LIST)
            end, token = blocks.tokens.get(at, (at + 1, None))
            yield from self._block(lines[at:end], token)
            at = end

    def _block(self, lines: Sequence[str], token: Token | None) -> Sequence[str]:
        if token and token.type in _CODE:
            return self._code(lines, token)
        text = "\n".join(lines)
        if token and token.type == "tr_open":
            cells = _CELL.findall(text)
            return ["".join(one if one == "|" else self._text(one) for one in cells)]
        return [self._text(text)]

    def _code(self, lines: Sequence[str], token: Token) -> Sequence[str]:
        """Code; but a formula over lines, or in the line of a fence, was no code before."""
        raw = [self.placeholders.raw(line) for line in lines]
        hidden = raw[0] != lines[0] and token.type == "fence"
        if hidden or any("\n" in line for line in raw):
            return [self._text("\n".join(raw))]
        return fenced(raw, replace(token, content=self.placeholders.raw(token.content)))

    def _text(self, text: str) -> str:
        return shown(text, self.placeholders, self.change)


def _before_number(line: str) -> str:
    number = _NUMBER.search(line)
    return line[: number.start()] if number else ""


@cache
def _parser() -> MarkdownIt:
    rules = ["html_block", "inline", "text_join"]
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(rules)


def _blocks(source: str) -> _Blocks:
    found: dict[int, tuple[int, Token]] = {}
    tokens = _parser().parse(source)
    for token in tokens:
        if token.map and token.type in (*_CODE, "tr_open", "inline"):
            found.setdefault(token.map[0], (token.map[1], token))
    quotations = (one.map[0] for one in tokens if _is_quotation(one) and one.map)
    return _Blocks(found, frozenset(_new_lists(tokens)), frozenset(quotations))


def _is_quotation(token: Token) -> bool:
    return token.type == "blockquote_open" and token.level == 0


def _new_lists(tokens: Sequence[Token]) -> Iterator[int]:
    """The lines of items whose number does not follow the one before."""
    numbers: list[int | None] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            numbers.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            numbers.pop()
        elif token.type == "list_item_open" and token.info and token.map:
            number = int(token.info)
            if numbers[-1] is not None and number != numbers[-1] + 1:
                yield token.map[0]
            numbers[-1] = number
