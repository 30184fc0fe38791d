"""What lies on a page beside its text: the fields of a form with their values, and notes.

Nothing of a form runs: the library is built without JavaScript and XFA.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_ushort
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from rag.loaders.pdf.boxes import Word
from rag.loaders.pdf.words import turned
from rag.words import fold

_MOST = 5_000
_NOTES = {
    pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_UNDERLINE, pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_CARET, pdfium.FPDF_ANNOT_INK,
    pdfium.FPDF_ANNOT_LINE, pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE,
    pdfium.FPDF_ANNOT_POLYGON, pdfium.FPDF_ANNOT_POLYLINE, pdfium.FPDF_ANNOT_FILEATTACHMENT,
}  # fmt: skip
_HIDDEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = pdfium.FPDF_FORMFLAG_TEXT_PASSWORD
_CHOICES = (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_MARKS = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)
_MARK_ONLY = {"", "yes", "on", "off", "true", "1", "evet"}
"""Values of a tick that say no more than that it is there."""
_INSET = 2.0
_LINES_APART = 4
"""How much nearer a word beside a field is than one above it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: its name as a person is shown it, what stands in it, and where. The value
    of a box to tick is a bool, or what it stands for."""

    name: str
    value: str | bool
    box: tuple[float, float, float, float]


def fields(page: Any, form: Any) -> list[Field]:
    """The fields of a page that have a value. `form` is pdfium's form of the document."""
    made = []
    for annotation in _annotations(page):
        if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
            value = _value(form, annotation)
            if value != "":
                made.append(Field(_name(form, annotation), value, _box(annotation)))
    return made


def notes(page: Any) -> list[str]:
    """The notes people put on a page, each after its author's name."""
    made = []
    for annotation in _annotations(page):
        if pdfium.FPDFAnnot_GetSubtype(annotation) not in _NOTES:
            continue
        if pdfium.FPDFAnnot_HasKey(annotation, b"StateModel"):  # "accepted", of another note
            continue
        text, author = _string(annotation, b"Contents"), _string(annotation, b"T")
        if text:
            made.append(f"{author}: {text}" if author else text)
    return made


def as_word(field: Field, ticked: str, empty: str, turn: int) -> Word:
    """A field as a word where it stands on the page; `ticked` and `empty` say whether a box is."""
    value = field.value
    if isinstance(value, bool):
        value = ticked if value else empty
    x0, x1, top, bottom = turned(field.box, turn)
    size = min(max(bottom - top, 4.0), 11.0)
    high = bottom - top < 2 * size
    base = (top + bottom) / 2 + 0.3 * size if high else top + size
    text = f"{field.name}: {value}" if field.name else value
    return Word(" ".join(text.split()), x0 + _INSET, x1, base, size, turn, starts=True)


def inserted(fields: Sequence[tuple[str, Word]], words: Sequence[Word]) -> list[Word]:
    """The words of the page with its fields among them, each behind the word it stands nearest to:
    of a field the file does not say when it is read. Fields come with their names; where one is
    what stands before the field, the field says it, and begins where that did."""
    behind: dict[int, list[Word]] = {}
    labels: set[int] = set()
    for name, field in fields:
        nearest = _nearest(field, words)
        label = _label(name, words[: nearest + 1])
        labels.update(label)
        beside = label and abs(words[label[0]].base - field.base) < field.size
        field = field._replace(x0=words[label[0]].x0) if beside else field
        behind.setdefault(nearest, []).append(field)
    made = list(behind.get(-1, []))
    for index, word in enumerate(words):
        made += [*([] if index in labels else [word]), *behind.get(index, [])]
    return made


def _label(name: str, before: Sequence[Word]) -> range:
    """The numbers of the last words before a field that are its name; none where they are not."""
    rest = _bare(name)
    for index in range(len(before) - 1 if rest else -1, -1, -1):
        word = _bare(before[index].text)
        if not rest.endswith(word):
            break
        rest = rest.removesuffix(word)
        if not rest:
            return range(index, len(before))
    return range(0)


def _bare(text: str) -> str:
    """A label as it is compared: without case, spaces and its colon."""
    return "".join(fold(text).split()).rstrip(":")


def _nearest(field: Word, words: Sequence[Word]) -> int:
    """The number of the word to the left of a field, or else above it; -1 where there is none."""
    apart = [
        (_LINES_APART * abs(word.base - field.base) + abs(field.x0 - word.x1), index)
        for index, word in enumerate(words)
        if word.turn == field.turn and word.base < field.base + field.size and word.x0 < field.x0
    ]
    return min(apart)[1] if apart else -1


def _annotations(page: Any) -> Iterator[Any]:
    """The visible ones, each open while it is looked at."""
    count = pdfium.FPDFPage_GetAnnotCount(page.raw)
    for index in range(min(count, _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            if not pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                yield annotation
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _name(form: Any, annotation: Any) -> str:
    """The tooltip, which is written for people, else the field's own name."""
    told = _wide(pdfium.FPDFAnnot_GetFormFieldAlternateName, form, annotation)
    name = told or _wide(pdfium.FPDFAnnot_GetFormFieldName, form, annotation)
    return " ".join(name.split())


def _value(form: Any, annotation: Any) -> str | bool:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _MARKS:
        return _mark(form, annotation, kind)
    if kind not in (*_CHOICES, pdfium.FPDF_FORMFIELD_TEXTFIELD):
        return ""
    chosen = _chosen(form, annotation) if kind in _CHOICES else ""
    if chosen:
        return chosen
    if pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _wide(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation).strip()


def _mark(form: Any, annotation: Any, kind: int) -> str | bool:
    """Of a group of which one is chosen, the one; of a box, whether it is ticked."""
    stands_for = _wide(pdfium.FPDFAnnot_GetFormFieldExportValue, form, annotation).strip()
    ticked = bool(pdfium.FPDFAnnot_IsChecked(form, annotation))
    if ticked and stands_for.lower() not in _MARK_ONLY:
        return stands_for
    if not ticked and kind == pdfium.FPDF_FORMFIELD_RADIOBUTTON:
        return ""
    return ticked


def _chosen(form: Any, annotation: Any) -> str:
    """The choices as they are shown: their values may be codes."""
    count = pdfium.FPDFAnnot_GetOptionCount(form, annotation)
    return ", ".join(
        _wide(pdfium.FPDFAnnot_GetOptionLabel, form, annotation, index)
        for index in range(min(max(count, 0), _MOST))
        if pdfium.FPDFAnnot_IsOptionSelected(form, annotation, index)
    )


def _box(annotation: Any) -> tuple[float, float, float, float]:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, byref(rect))
    return rect.left, rect.bottom, rect.right, rect.top


def _string(annotation: Any, key: bytes) -> str:
    return _wide(pdfium.FPDFAnnot_GetStringValue, annotation, key).strip()


def _wide(function: Any, *given: Any) -> str:
    """A text of pdfium's, which is asked for its length first; in bytes, with its end."""
    length = function(*given, None, 0)
    if length <= 2:
        return ""
    buffer = (c_ushort * (length // 2 + 1))()
    function(*given, buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")
