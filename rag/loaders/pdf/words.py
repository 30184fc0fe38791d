"""The words of a page as pdfium has them, each with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from ctypes import byref, c_double
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
_SAMPLE = 400
_box = pdfium.FPDFText_GetLooseCharBox


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
    """Whether the fonts do not say which letters most of the glyphs are."""
    glyphs = [index for index, letter in enumerate(text) if not letter.isspace()]
    sample = glyphs[:: max(1, len(glyphs) // _SAMPLE)]
    raw, failed = text_page.raw, pdfium.FPDFText_HasUnicodeMapError
    bad = sum(bool(_NO_LETTER.match(text[at])) or failed(raw, at) == 1 for at in sample)
    return bool(2 * bad > len(sample))


def words(text_page: Any, text: str) -> list[Word]:
    """The words in the order of the file."""
    place = _Places(text_page.raw).word
    made: list[Word] = []
    end = 0
    for found in _WORD.finditer(text):
        starts = "\n" in text[end : found.start()] or text[end - 1 : end] == HYPHEN
        word = place(_whole(found[0]), found.start(), found.end() - 1, starts)
        near = made and not starts and abs(word.x0 - made[-1].x1) < _TOUCHING * word.size
        if near and _is_one(text_page.raw, found.start() - 1, made[-1], word):
            word = _joined(made.pop(), word)
        made.append(word)
        end = found.end()
    return made


def _whole(text: str) -> str:
    """Letters that come as two halves, put together."""
    if not text.isascii() and _HALF.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _is_one(raw: Any, space: int, last: Word, word: Word) -> bool:
    """Whether the space between two words that touch is only pdfium's."""
    beside = last.turn == word.turn and abs(last.base - word.base) < 0.01 * word.size
    return beside and bool(pdfium.FPDFText_IsGenerated(raw, space) == 1)


def _joined(first: Word, second: Word) -> Word:
    text = first.text + second.text
    return Word(
        text, first.x0, max(first.x1, second.x1), first.base, first.size, first.turn, first.starts
    )


class _Places:
    """Looks words up. What a word has in common with the one before, it takes from there: asking
    pdfium is most of what reading a page costs."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._first, self._last = pdfium.FS_RECTF(), pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._x, self._y = c_double(), c_double()
        self._first_ref, self._last_ref = byref(self._first), byref(self._last)
        self._matrix_ref = byref(self._matrix)
        self._x_ref, self._y_ref = byref(self._x), byref(self._y)
        self._edges = (math.nan, math.nan)
        self._known = (0.0, 0.0, 0)

    def word(self, text: str, first: int, last: int, starts: bool) -> Word:
        """The word from one character to another, by their numbers."""
        box, end = self._first, self._first
        _box(self._raw, first, self._first_ref)
        if last > first:
            _box(self._raw, last, self._last_ref)
            end = self._last
        if starts or self._edges != (box.bottom, box.top):
            self._edges = (box.bottom, box.top)
            self._known = self._asked(first)
        base, size, turn = self._known
        if not turn:
            return Word(
                text, min(box.left, end.left), max(box.right, end.right), *self._known, starts
            )
        whole = (
            min(box.left, end.left),
            min(box.bottom, end.bottom),
            max(box.right, end.right),
            max(box.top, end.top),
        )
        x0, x1, _, _ = turned(whole, turn)
        self._edges = (math.nan, math.nan)
        return Word(text, x0, x1, base, size, turn, starts)

    def _asked(self, index: int) -> tuple[float, float, int]:
        """Base, size and turn of a character."""
        pdfium.FPDFText_GetCharOrigin(self._raw, index, self._x_ref, self._y_ref)
        pdfium.FPDFText_GetMatrix(self._raw, index, self._matrix_ref)
        matrix = self._matrix
        size = pdfium.FPDFText_GetFontSize(self._raw, index) * math.hypot(matrix.c, matrix.d)
        turn = _turn(matrix.a, matrix.b)
        x, y = self._x.value, self._y.value
        return turned((x, y, x, y), turn)[2], max(size, 0.1), turn


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
