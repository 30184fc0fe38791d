"""Office files written part by part, as programs other than ours leave them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from zipfile import ZipFile

from tests.support.documents import zipped

_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = f"{_OFFICE}/package/2006/relationships"
_KINDS = f"{_OFFICE}/officeDocument/2006/relationships"
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": f"{_OFFICE}/wordprocessingml/2006/main",
        "a": f"{_OFFICE}/drawingml/2006/main",
        "c": f"{_OFFICE}/drawingml/2006/chart",
        "dgm": f"{_OFFICE}/drawingml/2006/diagram",
        "m": f"{_OFFICE}/officeDocument/2006/math",
        "p": f"{_OFFICE}/presentationml/2006/main",
        "r": _KINDS,
        "mc": f"{_OFFICE}/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


def word(body: str, **parts: str) -> bytes:
    """A Word file; each further part is one of `word/NAME.xml`, related as rNAME by its kind:
    its name without digits."""
    main = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return _package("word", "document", main, parts)


def slides(*each: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A PowerPoint file with these shapes on its slides; further parts belong to the first."""
    ids = "".join(f'<p:sldId r:id="rslide{at}"/>' for at, _ in enumerate(each, 1))
    main = f"<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    made = {
        f"slide{at}": shapes if shapes.startswith("<?") or not shapes.strip() else slide(shapes)
        for at, shapes in enumerate(each, 1)
    }
    further = parts or {}
    files = {f"ppt/{name}.xml": xml.encode() for name, xml in further.items()}
    files["ppt/_rels/slide1.xml.rels"] = _relations(further)
    return _package("ppt", "presentation", main, made, files)


def slide(shapes: str, attributes: str = "") -> str:
    """The XML of a slide."""
    tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
    return f'<?xml version="1.0"?><p:sld {SPACES} {attributes}>{tree}</p:sld>'


def shape(text: str, left: int = 0, top: int = 0, stands_for: str = "") -> str:
    """A shape with text on a slide, 100 wide and high."""
    holder = f'<p:ph type="{stands_for}"/>' if stands_for else ""
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm>"
        f'<a:off x="{left}" y="{top}"/><a:ext cx="100" cy="100"/></a:xfrm></p:spPr>'
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of Word."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def rooted(tag: str, content: str) -> str:
    """A part with this element around its content."""
    return f"<{tag} {SPACES}>{content}</{tag}>"


def strict(data: bytes) -> bytes:
    """The same file in the strict form of the standard, which has other names for everything."""
    name = re.compile(rb"http://schemas\.openxmlformats\.org/(?!package)(\w+)/2006/(\w+)")
    with ZipFile(io.BytesIO(data)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    return zipped(
        {one: name.sub(rb"http://purl.oclc.org/ooxml/\1/\2", xml) for one, xml in files.items()}
    )


def _package(
    folder: str,
    main: str,
    xml: str,
    parts: Mapping[str, str],
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    made = {f"{folder}/{name}.xml": one.encode() for name, one in parts.items()}
    root = f'<Relationship Id="r" Type="{_KINDS}/officeDocument" Target="{folder}/{main}.xml"/>'
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{_TYPES}">{root}</Relationships>'.encode(),
            f"{folder}/{main}.xml": xml.encode(),
            f"{folder}/_rels/{main}.xml.rels": _relations(parts),
            **made,
            **(files or {}),
        }
    )


def _relations(names: Mapping[str, str]) -> bytes:
    each = "".join(
        f'<Relationship Id="r{name}" Type="{_KINDS}/{name.rstrip("0123456789")}" '
        f'Target="{name}.xml"/>'
        for name in names
    )
    return f'<Relationships xmlns="{_TYPES}">{each}</Relationships>'.encode()
