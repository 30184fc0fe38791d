"""The names of elements and attributes in OpenDocument files."""

from __future__ import annotations

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {
    "office": f"{_ODF}:office:1.0",
    "text": f"{_ODF}:text:1.0",
    "table": f"{_ODF}:table:1.0",
    "style": f"{_ODF}:style:1.0",
    "draw": f"{_ODF}:drawing:1.0",
    "presentation": f"{_ODF}:presentation:1.0",
    "svg": f"{_ODF}:svg-compatible:1.0",
    "fo": f"{_ODF}:xsl-fo-compatible:1.0",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xlink": "http://www.w3.org/1999/xlink",
    "math": "http://www.w3.org/1998/Math/MathML",
    "xml": "http://www.w3.org/XML/1998/namespace",
}


def odf(name: str) -> str:
    """The full form of a name with its usual prefix, like `text:p`."""
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def whole(text: str | None, default: int) -> int:
    """A number in an attribute; the default where there is none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else default
