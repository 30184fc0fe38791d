"""The names of elements and attributes in Office files."""

from __future__ import annotations

from collections.abc import Callable

_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_DRAWING = f"{_OFFICE}/drawingml/2006/main"
_CHART = f"{_OFFICE}/drawingml/2006/chart"
_DIAGRAM = f"{_OFFICE}/drawingml/2006/diagram"
_MATH = f"{_OFFICE}/officeDocument/2006/math"
_SLIDES = f"{_OFFICE}/presentationml/2006/main"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_COMPATIBILITY = f"{_OFFICE}/markup-compatibility/2006"


def _names(space: str) -> Callable[[str], str]:
    """A function that returns the full form of a name in a namespace, as lxml writes it."""
    return lambda name: f"{{{space}}}{name}"


w = _names(_WORD)
a = _names(_DRAWING)
c = _names(_CHART)
dgm = _names(_DIAGRAM)
m = _names(_MATH)
p = _names(_SLIDES)
r = _names(_RELATIONS)
mc = _names(_COMPATIBILITY)
