"""Where the shapes of a slide are: on the slide, or as its layout or master places them."""

from __future__ import annotations

from typing import Any

from rag.loaders.ooxml import a, p
from rag.loaders.opc import Package, XmlPart
from rag.loaders.pptx.order import placeholder

_FRAMES = f"{p('spPr')}/{a('xfrm')}", f"{p('grpSpPr')}/{a('xfrm')}", p("xfrm")
_BY_IDX, _BY_TYPE = "idx", "type"
_SAME_PLACE = {"ctrTitle": "title", "subTitle": "body", "obj": "body"}


class Layouts:
    """The places of the placeholders of each layout, looked up once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._places: dict[str, dict[tuple[str, str], Any]] = {}

    def of(self, slide: XmlPart) -> dict[tuple[str, str], Any]:
        """The places by the placeholders' numbers and types, of a slide's layout and master."""
        name = next(slide.targets("slideLayout"), "")
        if name not in self._places:
            layout = self._package.first(slide, "slideLayout")
            master = self._package.first(layout, "slideMaster") if layout else None
            self._places[name] = {**_places(master, _BY_TYPE), **_places(layout, _BY_IDX)}
        return self._places[name]


def frame(shape: Any) -> Any | None:
    """The element that says where a shape is, if the shape says so itself."""
    return next((found for path in _FRAMES if (found := shape.find(path)) is not None), None)


def placed(shape: Any, places: dict[tuple[str, str], Any]) -> Any | None:
    """The element that says where a shape is, or None."""
    own = frame(shape)
    stands_for = placeholder(shape)
    if own is not None or stands_for is None:
        return own
    kind = stands_for.get("type", "obj")
    found = places.get((_BY_IDX, stands_for.get("idx", "0")))
    return found if found is not None else places.get((_BY_TYPE, _SAME_PLACE.get(kind, kind)))


def _places(part: XmlPart | None, key: str) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for shape in () if part is None else part.root.iter(p("sp")):
        stands_for, where = placeholder(shape), frame(shape)
        if stands_for is not None and where is not None:
            default = "0" if key == _BY_IDX else "obj"
            found[key, stands_for.get(key, default)] = where
    return found
