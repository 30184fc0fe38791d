"""The words of a page as pdfium has them, each with its place."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Sequence
from ctypes import (
    CFUNCTYPE,
    addressof,
    byref,
    c_double,
    c_int,
    c_void_p,
    cast,
    create_string_buffer,
)
from functools import cache
from itertools import repeat
from struct import Struct
from typing import Any

import pypdfium2.raw as pdfium

from rag.loaders.pdf.boxes import ASKEW, Word

HYPHEN = "\u0002"
"""What pdfium writes for a hyphen at the end of a line."""
_AT_ONCE = "\ufffe"
"""The same where pdfium is asked for the whole page."""
_WORD = re.compile(r"[^\s\x02]+\x02?|\x02")
_TOUCHING = 0.07
"""A space pdfium adds where letters are nearer than this, in sizes, is none."""
_MOST_ASKEW = math.radians(8)
_NO_LETTER = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_HALF = re.compile("[\ud800-\udfff]")
_SAMPLE = 80
_BOX = Struct("4f")
_Box = tuple[float, ...]
_Style = tuple[float, float, int]


def characters(text_page: Any) -> str:
    """The page's characters, one for each of pdfium's; U+FFFD where a glyph has none."""
    count = text_page.count_chars()
    at_once = text_page.get_text_range(0, count, errors="surrogatepass") if count else ""
    if len(at_once) == count:  # else it leaves some out
        return str(at_once).replace(_AT_ONCE, HYPHEN).replace("\x00", "\ufffd")
    raw, code = text_page.raw, pdfium.FPDFText_GetUnicode
    codes = [code(raw, index) for index in range(count)]
    return "".join([chr(one) if 0 < one < 0x110000 else "\ufffd" for one in codes])


def is_unmapped(text_page: Any, text: str) -> bool:
    """Whether the fonts do not say which letters most of the glyphs are; asked of some of them."""
    step = max(1, len(text) // _SAMPLE)
    sample = [at for at in range(0, len(text), step) if not text[at].isspace()]
    raw, failed = text_page.raw, pdfium.FPDFText_HasUnicodeMapError
    bad = sum(failed(raw, at) == 1 or bool(_NO_LETTER.match(text[at])) for at in sample)
    return bool(2 * bad > len(sample))


def words(text_page: Any, text: str) -> list[Word]:
    """The words in the order of the file."""
    spans = [found.span() for found in _WORD.finditer(text)]
    firsts = _boxes(text_page.raw, [start for start, _ in spans])
    lasts = _boxes(text_page.raw, [end - 1 for _, end in spans])
    style, known, edges = _Styles(text_page.raw), (0.0, 0.0, 0), (0.0, 0.0)
    halves = bool(_HALF.search(text))
    made: list[Word] = []
    before = 0
    for (start, end), first, last in zip(spans, firsts, lasts, strict=True):
        between = text[before:start]
        starts = between != " " and ("\n" in between or text[before - 1 : before] == HYPHEN)
        if starts or known[2] or edges != (first[1], first[3]):
            edges = first[1], first[3]
            known = style.of(start, edges[0] - edges[1])
        letters = _whole(text[start:end]) if halves else text[start:end]
        if known[2] or first[0] > last[0]:
            word = _turned_word(letters, first, last, known, starts)
        else:
            word = Word(letters, first[0], last[2], known[0], known[1], 0, starts)
        near = made and not starts and abs(word.x0 - made[-1].x1) < _TOUCHING * word.size
        if near and _is_one(text_page.raw, start - 1, made[-1], word):
            word = _joined(made.pop(), word)
        made.append(word)
        before = end
    return made


def _boxes(raw: Any, characters: Sequence[int]) -> list[_Box]:
    """Left, top, right and bottom of characters, all asked in one go."""
    room = create_string_buffer(_BOX.size * max(1, len(characters)))
    start = addressof(room)
    places = range(start, start + _BOX.size * len(characters), _BOX.size)
    handle = cast(raw, c_void_p).value
    deque(map(_loose_box(), repeat(handle), characters, places), maxlen=0)
    return list(_BOX.iter_unpack(room.raw))[: len(characters)]


@cache
def _loose_box() -> Any:
    """pdfium's function with plain numbers for arguments: boxes are most of what a page costs, and
    with the types of the binding each takes nearly twice as long."""
    address = cast(pdfium.FPDFText_GetLooseCharBox, c_void_p).value
    return CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)(address or 0)


def _turned_word(text: str, first: _Box, last: _Box, known: _Style, starts: bool) -> Word:
    base, size, turn = known
    left, right = min(first[0], last[0]), max(first[2], last[2])
    low, high = min(first[3], last[3]), max(first[1], last[1])
    x0, x1, _, _ = turned((left, low, right, high), turn)
    return Word(text, x0, x1, base, size, turn, starts)


def _whole(text: str) -> str:
    """Letters that come as two halves, put together."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_one(raw: Any, space: int, last: Word, word: Word) -> bool:
    """Whether the space between two words that touch is only pdfium's."""
    beside = last.turn == word.turn and abs(last.base - word.base) < 0.01 * word.size
    return beside and bool(pdfium.FPDFText_IsGenerated(raw, space) == 1)


def _joined(first: Word, second: Word) -> Word:
    text = first.text + second.text
    return Word(
        text, first.x0, max(first.x1, second.x1), first.base, first.size, first.turn, first.starts
    )


class _Styles:
    """Looks up where characters stand, their size and their turn."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._matrix, self._x, self._y = pdfium.FS_MATRIX(), c_double(), c_double()
        self._references = byref(self._x), byref(self._y)
        self._font = (math.nan, math.nan)
        self._sizes = (0.0, 0)

    def of(self, index: int, height: float) -> _Style:
        """Base, size and turn of a character. The last two are as before where its box is as high
        and its font as large."""
        pdfium.FPDFText_GetCharOrigin(self._raw, index, *self._references)
        font = pdfium.FPDFText_GetFontSize(self._raw, index), height
        if font != self._font:
            pdfium.FPDFText_GetMatrix(self._raw, index, byref(self._matrix))
            matrix = self._matrix
            size = max(font[0] * math.hypot(matrix.c, matrix.d), 0.1)
            self._font, self._sizes = font, (size, _turn(matrix.a, matrix.b))
        size, turn = self._sizes
        x, y = self._x.value, self._y.value
        return turned((x, y, x, y), turn)[2], size, turn


def _turn(a: float, b: float) -> int:
    angle = math.atan2(b, a)
    quarters = round(angle / (math.pi / 2))
    return ASKEW if abs(angle - quarters * math.pi / 2) > _MOST_ASKEW else quarters % 4


def turned(box: Sequence[float], turn: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the page's as x0, x1, top and bottom in the frame of a text
    that is turned so."""
    left, low, right, high = box
    if turn == 1:
        return low, high, left, right
    if turn == 2:
        return -right, -left, low, high
    if turn == 3:
        return -high, -low, -right, -left
    return left, right, -high, -low
