"""What lies in an OpenDocument file of its own in the file: equations and charts."""

from __future__ import annotations

import posixpath
from typing import Any

from rag.loaders.odf.names import odf
from rag.loaders.odf.tables import rows
from rag.loaders.opc import DamagedPart, Package
from rag.loaders.tables import table

_MATH = odf("math:math")


class Objects:
    """Opens the objects of one file."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def __call__(self, name: str) -> tuple[str, bool]:
        """The text of an object and whether it is a table; "" where it says nothing."""
        try:
            root = self._package.part(posixpath.normpath(f"{name}/content.xml")).root
        except DamagedPart:
            return "", False
        if root.tag == _MATH:
            return _equation(root), False
        return _chart(root), True


def _equation(root: Any) -> str:
    """As its author wrote it, where that is kept."""
    written = next((one.text for one in root.iter(odf("math:annotation")) if one.text), None)
    return " ".join((written or "".join(root.itertext())).split())


def _chart(root: Any) -> str:
    def said(element: Any) -> str:
        return " ".join("".join(element.itertext()).split())

    titles = [said(one) for one in root.iter() if str(one.tag).endswith(":chart:1.0}title")]
    numbers = [table(rows(one, said)) for one in root.iter(odf("table:table"))]
    return "\n".join(filter(None, [*titles, *numbers]))
