"""Plain text and source code."""

from __future__ import annotations

from collections.abc import Iterator

from rag.loaders.encodings import decoded
from rag.loaders.values import LoadError, Source
from rag.values import Part

_BYTES_OF_A_CHARACTER = 4


def read(source: Source) -> str:
    """The text of a file in any of the encodings Divan knows. Raises LoadError."""
    size = source.path.stat().st_size
    if size > source.limits.characters * _BYTES_OF_A_CHARACTER:
        raise LoadError("too_large", f"{size} bytes")
    return decoded(source.path.read_bytes())


def parts(source: Source) -> Iterator[Part]:
    """The whole text as one part."""
    yield Part(read(source))


def code_parts(source: Source) -> Iterator[Part]:
    """Source code, its indentation kept."""
    yield Part(read(source), kind="code")
