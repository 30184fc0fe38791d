"""The text in a paragraph of Word: as printed, with all tracked changes accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.loaders.docx.story import Field, Story
from rag.loaders.docx.styles import VALUE, is_on, value
from rag.loaders.equations import linear
from rag.loaders.flow import PAGE
from rag.loaders.ooxml import c, dgm, m, mc, w
from rag.loaders.symbols import symbol

TEXT_BOX, CHART, DIAGRAM = w("txbxContent"), c("chart"), dgm("relIds")
_RUN, _RUN_PROPERTIES, _TYPE = w("r"), w("rPr"), w("type")
_FIELD, _ASKS = w("fldChar"), w("instrText")
_DRAWN = (w("t"), TEXT_BOX, CHART, DIAGRAM, m("t"))
_PAGE_NUMBERS = {"PAGE", "NUMPAGES", "SECTIONPAGES"}
_CHECKED, _UNCHECKED = "☒", "☐"


@dataclass(slots=True)
class Inline:
    """What is in a paragraph: its text, the drawings with text of their own, and the notes it
    refers to, by the names of the elements and their numbers."""

    texts: list[str] = field(default_factory=list)
    drawings: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    hidden: bool = False

    @property
    def text(self) -> str:
        """The text; a form feed begins a page."""
        return "".join(self.texts)


def inline(paragraph: Any, style: str, story: Story) -> Inline:
    """What is in a paragraph that has this style."""
    found = Inline(hidden=story.may_hide and story.document.styles.is_hidden(style))
    _walk(paragraph, story, found)
    return found


def _walk(parent: Any, story: Story, found: Inline) -> None:
    for child in parent:
        handle = _HANDLERS.get(child.tag, _walk)
        handle(child, story, found)


def _skip(element: Any, story: Story, found: Inline) -> None:
    pass


def _leave_out(element: Any, story: Story, found: Inline) -> None:
    """Fields that begin or end in what is left out still do so."""
    for one in element.iter(_FIELD, _ASKS):
        if one.tag == _FIELD:
            _turn(one, story)
        else:
            _instruction(one, story, found)


def _run(run: Any, story: Story, found: Inline) -> None:
    if story.may_hide and _is_hidden(run, story, found):
        _leave_out(run, story, found)
    else:
        _walk(run, story, found)


def _is_hidden(run: Any, story: Story, found: Inline) -> bool:
    properties = run.find(_RUN_PROPERTIES)
    own = is_on(properties, "vanish")
    if own is not None:
        return own
    style = value(properties, "rStyle")
    return found.hidden or bool(style and story.document.styles.is_hidden(style))


def _text(element: Any, story: Story, found: Inline) -> None:
    if story.is_shown:
        found.texts.append(element.text or "")


def _constant(text: str) -> Callable[[Any, Story, Inline], None]:
    def add(element: Any, story: Story, found: Inline) -> None:
        if story.is_shown:
            found.texts.append(text)

    return add


def _break(element: Any, story: Story, found: Inline) -> None:
    if element.get(_TYPE) == "page":
        found.texts.append("" if story.rendered else PAGE)
    else:
        found.texts.append("\n")


def _symbol(element: Any, story: Story, found: Inline) -> None:
    if story.is_shown:
        found.texts.append(symbol(element.get(w("font"), ""), element.get(w("char"), "")))


def _equation(element: Any, story: Story, found: Inline) -> None:
    if story.is_shown:
        found.texts.append(" ".join(linear(element).split()))


def _drawing(element: Any, story: Story, found: Inline) -> None:
    found.drawings.append(element)


def _alternatives(element: Any, story: Story, found: Inline) -> None:
    """One of the branches that say the same for newer and older programs."""
    for branch in element:
        if next(branch.iter(*_DRAWN), None) is not None:
            _walk(branch, story, found)
            return


def _word_art(element: Any, story: Story, found: Inline) -> None:
    found.texts.append(element.get("string", ""))


def _note(element: Any, story: Story, found: Inline) -> None:
    found.notes.append((element.tag, element.get(w("id"), "")))


def _field(element: Any, story: Story, found: Inline) -> None:
    if story.is_shown:
        found.texts.append(_form_field(element))
    _turn(element, story)


def _turn(element: Any, story: Story) -> None:
    """Go on to the next part of a field: what it asks for, its result, its end."""
    kind = element.get(w("fldCharType"))
    if kind == "begin":
        story.fields.append(Field())
    elif kind == "separate" and story.fields:
        asked = story.fields[-1].asks.split()
        is_page = story.in_margin and asked[:1] != [] and asked[0].upper() in _PAGE_NUMBERS
        story.fields[-1].shows = not is_page
    elif kind == "end" and story.fields:
        story.fields.pop()


def _form_field(element: Any) -> str:
    """What a field of an old form shows that is not written into the text."""
    data = element.find(w("ffData"))
    if data is None:
        return ""
    box, choices = data.find(w("checkBox")), data.find(w("ddList"))
    if box is not None:
        checked = is_on(box, "checked")
        checked = is_on(box, "default") if checked is None else checked
        return _CHECKED if checked else _UNCHECKED
    if choices is None:
        return ""
    chosen = value(choices, "result") or "0"
    names = [one.get(VALUE, "") for one in choices.iterchildren(w("listEntry"))]
    return names[int(chosen)] if chosen.isdecimal() and int(chosen) < len(names) else ""


def _instruction(element: Any, story: Story, found: Inline) -> None:
    if story.fields:
        story.fields[-1].asks += element.text or ""


def _simple_field(element: Any, story: Story, found: Inline) -> None:
    asked = element.get(w("instr"), "").split()
    if not (story.in_margin and asked and asked[0].upper() in _PAGE_NUMBERS):
        _walk(element, story, found)


_HANDLERS: dict[Any, Callable[[Any, Story, Inline], None]] = {
    **dict.fromkeys([w("pPr"), w("rPr"), w("sdtPr"), w("sdtEndPr"), w("rt")], _skip),
    **dict.fromkeys([w("del"), w("moveFrom")], _leave_out),
    _RUN: _run,
    w("t"): _text,
    w("tab"): _constant("\t"),
    w("ptab"): _constant("\t"),
    w("cr"): _constant("\n"),
    w("noBreakHyphen"): _constant("-"),
    w("br"): _break,
    w("lastRenderedPageBreak"): _constant(PAGE),
    w("sym"): _symbol,
    m("oMath"): _equation,
    mc("AlternateContent"): _alternatives,
    "{urn:schemas-microsoft-com:vml}textpath": _word_art,
    TEXT_BOX: _drawing,
    CHART: _drawing,
    DIAGRAM: _drawing,
    w("footnoteReference"): _note,
    w("endnoteReference"): _note,
    w("commentReference"): _note,
    _FIELD: _field,
    _ASKS: _instruction,
    w("fldSimple"): _simple_field,
}
