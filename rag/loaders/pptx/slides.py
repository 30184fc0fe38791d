"""What is on a slide: its texts in reading order, its tables and charts, and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rag.loaders.charts import chart
from rag.loaders.diagrams import diagram
from rag.loaders.ooxml import a, c, dgm, p, r
from rag.loaders.opc import DamagedPart, Package, XmlPart
from rag.loaders.pptx.order import TITLES, in_order, placeholder_type
from rag.loaders.pptx.places import Layouts, placed
from rag.loaders.pptx.texts import text
from rag.loaders.tables import table
from rag.values import Part

_MARGINS = {"ftr", "dt", "hdr"}
_PAGE_NUMBER = "sldNum"
_TREE = f"{p('cSld')}/{p('spTree')}"
"""Of a slide and of its notes."""


@dataclass(slots=True)
class _Said:
    """What has been read of a slide."""

    title: str = ""
    texts: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)


class Slides:
    """Reads the slides of one file."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._layouts = Layouts(package)
        self._margins: set[str] = set()

    def parts(self, name: str, page: int) -> Iterator[Part]:
        """The parts of a slide. Raises DamagedPart."""
        slide = self._package.part(name)
        said = _Said()
        places = self._layouts.of(slide)
        for tree in slide.root.iterfind(_TREE):
            for shape in in_order(tree, lambda one: placed(one, places)):
                self._read(shape, slide, said)
        said.texts.append(self._notes(slide))
        title = f"{said.title} {_hidden(slide.root)}".strip()
        heading = (title,) if title else ()
        yield Part("\n\n".join(filter(str.strip, said.texts)), page, heading)
        for one in said.tables:
            yield Part(one, page, heading, "table")

    def _read(self, shape: Any, slide: XmlPart, said: _Said) -> None:
        kind = placeholder_type(shape)
        if kind == _PAGE_NUMBER or _property(shape, "hidden") in ("1", "true"):
            return
        if (body := shape.find(p("txBody"))) is not None:
            self._text(text(body), kind, said)
        elif (rows := shape.find(f".//{a('tbl')}")) is not None:
            said.tables.append(table(_rows(rows)))
        elif shape.tag == p("graphicFrame"):
            self._drawn(shape, slide, said)
        elif shape.tag == p("pic"):
            said.texts.append(_description(shape))

    def _text(self, written: str, kind: str, said: _Said) -> None:
        if kind in TITLES and not said.title:
            said.title = " ".join(written.split())
        if kind in _MARGINS:
            if written in self._margins:
                return
            self._margins.add(written)
        said.texts.append(written)

    def _drawn(self, shape: Any, slide: XmlPart, said: _Said) -> None:
        for element in shape.iter(c("chart"), dgm("relIds")):
            is_chart = element.tag == c("chart")
            relation = slide.relations.get(element.get(r("id") if is_chart else r("dm"), ""))
            try:
                root = self._package.part(relation.target if relation else "").root
            except DamagedPart:
                continue
            if is_chart:
                said.tables.append(chart(root))
            else:
                said.texts.append(diagram(root))

    def _notes(self, slide: XmlPart) -> str:
        notes = self._package.first(slide, "notesSlide")
        if notes is None:
            return ""
        bodies = (
            shape.find(p("txBody"))
            for shape in notes.root.iter(p("sp"))
            if placeholder_type(shape) == "body"
        )
        return "\n".join(text(body) for body in bodies if body is not None)


def _hidden(slide: Any) -> str:
    """A mark, in the language of a slide, that it is left out when the slides are shown."""
    if slide.get("show") not in ("0", "false"):
        return ""
    spoken = next((one.get("lang", "") for one in slide.iter(a("rPr"), a("endParaRPr"))), "")
    return "[gizli]" if spoken.startswith("tr") else "[hidden]"


def _property(shape: Any, name: str) -> str:
    """What is set on a shape whatever its kind; "" where it is not."""
    found = next(shape.iterfind(f"*/{p('cNvPr')}"), None)
    return "" if found is None else found.get(name, "").strip()


def _description(picture: Any) -> str:
    """What the author wrote about a picture; programs write the name of its file there."""
    said = _property(picture, "descr")
    is_name = " " not in said and "." in said.strip(".")
    return "" if is_name else said


def _rows(element: Any) -> Iterator[list[str]]:
    """A cell over several columns stands in the first, one over several rows in each."""
    above: list[str] = []
    for row in element.iterchildren(a("tr")):
        cells: list[str] = []
        for column, cell in enumerate(row.iterchildren(a("tc"))):
            body = cell.find(a("txBody"))
            if cell.get("vMerge") in ("1", "true"):
                cells.append(above[column] if column < len(above) else "")
            elif cell.get("hMerge") in ("1", "true") or body is None:
                cells.append("")
            else:
                cells.append(text(body))
        above = cells
        yield cells
