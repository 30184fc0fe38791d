"""OpenDocument (LibreOffice): texts, sheets and slides, as they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from rag.loaders.odf.names import odf
from rag.loaders.odf.objects import Objects
from rag.loaders.odf.pages import sheets, slides
from rag.loaders.odf.styles import Styles
from rag.loaders.odf.texts import text
from rag.loaders.opc import DamagedPart, Package, XmlPart
from rag.loaders.values import LoadError, Piece, Source

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"


def parts(source: Source) -> Iterator[Piece]:
    """Parts of a text, or for each sheet or slide. Raises LoadError."""
    with Package(source.path) as package:
        if _is_encrypted(package):
            raise LoadError("encrypted")
        content = package.main(_CONTENT)
        shared = _optional(package, _STYLES)
        roots = [one.root for one in (shared, content) if one]
        styles, objects = Styles(*roots), Objects(package)
        for body in content.root.iter(odf("office:body")):
            for kind in body:
                if kind.tag == odf("office:text"):
                    yield from text(kind, shared and shared.root, styles, objects)
                elif kind.tag == odf("office:spreadsheet"):
                    yield from sheets(kind, styles, objects, source)
                elif kind.tag in (odf("office:presentation"), odf("office:drawing")):
                    yield from slides(kind, styles, objects, source)
                else:
                    raise LoadError("unsupported", "OpenDocument")


def _is_encrypted(package: Package) -> bool:
    manifest = _optional(package, _MANIFEST)
    return manifest is not None and any(
        isinstance(one.tag, str) and one.tag.endswith("}encryption-data")
        for one in manifest.root.iter()
    )


def _optional(package: Package, name: str) -> XmlPart | None:
    try:
        return package.part(name)
    except DamagedPart:
        return None
