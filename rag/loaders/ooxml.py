"""The names of elements and attributes in Office files."""

from __future__ import annotations

_OFFICE = "http://schemas.openxmlformats.org"
_WORD = f"{_OFFICE}/wordprocessingml/2006/main"
_DRAWING = f"{_OFFICE}/drawingml/2006/main"
_CHART = f"{_OFFICE}/drawingml/2006/chart"
_DIAGRAM = f"{_OFFICE}/drawingml/2006/diagram"
_MATH = f"{_OFFICE}/officeDocument/2006/math"
_SLIDES = f"{_OFFICE}/presentationml/2006/main"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_COMPATIBILITY = f"{_OFFICE}/markup-compatibility/2006"


def w(name: str) -> str:
    """A name of WordprocessingML."""
    return f"{{{_WORD}}}{name}"


def a(name: str) -> str:
    """A name of DrawingML."""
    return f"{{{_DRAWING}}}{name}"


def c(name: str) -> str:
    """A name of charts."""
    return f"{{{_CHART}}}{name}"


def dgm(name: str) -> str:
    """A name of SmartArt."""
    return f"{{{_DIAGRAM}}}{name}"


def m(name: str) -> str:
    """A name of equations."""
    return f"{{{_MATH}}}{name}"


def p(name: str) -> str:
    """A name of PresentationML."""
    return f"{{{_SLIDES}}}{name}"


def r(name: str) -> str:
    """A name of references to related parts."""
    return f"{{{_RELATIONS}}}{name}"


def mc(name: str) -> str:
    """A name of alternatives for older programs."""
    return f"{{{_COMPATIBILITY}}}{name}"
