"""The words of a page as pdfium has them, each with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from ctypes import byref, c_double
from typing import Any

import pypdfium2.raw as pdfium

from rag.loaders.pdf.boxes import ASKEW, Word

HYPHEN = "\u0002"
"""What pdfium writes for a hyphen at the end of a line."""
_WORD = re.compile(r"[^\s\x02]+\x02?|\x02")
_TOUCHING = 0.07
"""A space pdfium adds where letters are nearer than this, in sizes, is none."""
_MOST_ASKEW = math.radians(8)
_NO_LETTER = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_SAMPLE = 400


def characters(text_page: Any) -> str:
    """The page's characters, one for each of pdfium's; U+FFFD where a glyph has none."""
    raw, code = text_page.raw, pdfium.FPDFText_GetUnicode
    codes = [code(raw, index) for index in range(text_page.count_chars())]
    return "".join([chr(one) if 0 < one < 0x110000 else "\ufffd" for one in codes])


def is_unmapped(text_page: Any, text: str) -> bool:
    """Whether the fonts do not say which letters most of the glyphs are."""
    glyphs = [index for index, letter in enumerate(text) if not letter.isspace()]
    sample = glyphs[:: max(1, len(glyphs) // _SAMPLE)]
    raw, failed = text_page.raw, pdfium.FPDFText_HasUnicodeMapError
    bad = sum(bool(_NO_LETTER.match(text[at])) or failed(raw, at) == 1 for at in sample)
    return 2 * bad > len(sample)


def words(text_page: Any, text: str) -> list[Word]:
    """The words in the order of the file."""
    place = _places(text_page.raw)
    made: list[Word] = []
    end = 0
    for found in _WORD.finditer(text):
        starts = "\n" in text[end : found.start()] or text[end - 1 : end] == HYPHEN
        word = place(_whole(found[0]), found.start(), found.end() - 1, starts)
        if made and not starts and _touches(made[-1], word):
            if pdfium.FPDFText_IsGenerated(text_page.raw, found.start() - 1) == 1:
                word = _joined(made.pop(), word)
        made.append(word)
        end = found.end()
    return made


def _whole(text: str) -> str:
    """Letters that come as two halves, put together."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _touches(last: Word, word: Word) -> bool:
    near = abs(word.x0 - last.x1) < _TOUCHING * word.size
    return near and last.turn == word.turn and abs(last.base - word.base) < 0.01 * word.size


def _joined(first: Word, second: Word) -> Word:
    text = first.text + second.text
    return Word(
        text, first.x0, max(first.x1, second.x1), first.base, first.size, first.turn, first.starts
    )


def _places(raw: Any) -> Callable[[str, int, int, bool], Word]:
    """A function that looks a word up by the numbers of its first and last character."""
    first_box, last_box, matrix = pdfium.FS_RECTF(), pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = c_double(), c_double()
    first_ref, last_ref, matrix_ref = byref(first_box), byref(last_box), byref(matrix)
    x_ref, y_ref = byref(x), byref(y)
    box, origin = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
    transform, font_size = pdfium.FPDFText_GetMatrix, pdfium.FPDFText_GetFontSize

    def place(text: str, first: int, last: int, starts: bool) -> Word:
        box(raw, first, first_ref)
        box(raw, last, last_ref)
        origin(raw, first, x_ref, y_ref)
        transform(raw, first, matrix_ref)
        size = font_size(raw, first) * math.hypot(matrix.c, matrix.d)
        turn = _turn(matrix.a, matrix.b)
        left, right = min(first_box.left, last_box.left), max(first_box.right, last_box.right)
        low, high = min(first_box.bottom, last_box.bottom), max(first_box.top, last_box.top)
        x0, x1, _, _ = turned((left, low, right, high), turn)
        base = turned((x.value, y.value, x.value, y.value), turn)[2]
        return Word(text, x0, x1, base, max(size, 0.1), turn, starts)

    return place


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
