"""OpenDocument files, as LibreOffice writes them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.documents import zipped

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "office": f"{_ODF}:office:1.0",
        "text": f"{_ODF}:text:1.0",
        "table": f"{_ODF}:table:1.0",
        "style": f"{_ODF}:style:1.0",
        "draw": f"{_ODF}:drawing:1.0",
        "presentation": f"{_ODF}:presentation:1.0",
        "svg": f"{_ODF}:svg-compatible:1.0",
        "fo": f"{_ODF}:xsl-fo-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)


def opendocument(
    kind: str,
    body: str,
    styles: str = "",
    masters: str = "",
    attributes: str = "",
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A file of a kind: text, spreadsheet or presentation."""
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind} {attributes}>{body}"
        f"</office:{kind}></office:body></office:document-content>"
    )
    shared = (
        f"<office:document-styles {SPACES}><office:master-styles>{masters}</office:master-styles>"
        "</office:document-styles>"
    )
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": content.encode(),
            "styles.xml": shared.encode(),
            **(files or {}),
        }
    )
