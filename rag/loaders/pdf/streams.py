"""The contents of a page: the operators that draw it."""

from __future__ import annotations

import zlib
from typing import Any

from pypdf.generic import ArrayObject

_OPERATORS = frozenset(
    b"b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K "
    b"k l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w "
    b"W W* y ' \"".split()
)
"""All there are, by ISO 32000-1, annex A."""
_INLINE_IMAGE = b"INLINE IMAGE"
"""What pypdf makes of BI, ID and EI."""
_SHOWS_TEXT = (b"Tj", b"TJ", b"'", b'"')
_PAINTS = (b"Do", b"sh", _INLINE_IMAGE)


def is_broken(page: Any) -> bool:
    """Whether the contents of a page that shows nothing would show text or a picture, hold what is
    no operator, or cannot be unpacked. Raises what pypdf does where it cannot follow them."""
    if any(_gives_nothing(stream) for stream in _streams(page)):
        return True
    contents = page.get_contents()
    operations = contents.operations if contents is not None else []
    return any(_is_odd(operands, operator) for operands, operator in operations)


def _is_odd(operands: Any, operator: bytes) -> bool:
    if operator in _SHOWS_TEXT:
        return bool(operands) and bool(operands[-1])
    return operator in _PAINTS or operator not in _OPERATORS


def _streams(page: Any) -> list[Any]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    contents = contents.get_object()
    many = contents if isinstance(contents, ArrayObject) else [contents]
    return [one for one in (stream.get_object() for stream in many) if one is not None]


def _gives_nothing(stream: Any) -> bool:
    """Whether a packed stream gives nothing though it is not the packed form of nothing."""
    if stream.get("/Filter") not in ("/FlateDecode", ["/FlateDecode"]) or stream.get_data():
        return False
    try:
        zlib.decompressobj().decompress(stream._data)
    except zlib.error:
        return True
    return False
