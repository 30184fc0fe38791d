"""RTF: the text, with its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from rag.loaders.tables import table
from rag.loaders.values import LoadError, Source
from rag.values import Part

_CODE_PAGE = "cp1252"
_ROW_END = "|"
_FIELD = re.compile(r"(?<!\\)\{\\field\b")


def parts(source: Source) -> Iterator[Part]:
    """Texts and tables in turn. Raises LoadError."""
    from striprtf.striprtf import rtf_to_text

    size = source.path.stat().st_size
    if size > source.limits.file_bytes:
        raise LoadError("too_large", f"{size} bytes")
    written = source.path.read_bytes().decode("latin-1")
    # striprtf looks for the end of a field in its line; in a long line that would take forever.
    written = _FIELD.sub(r"\n\g<0>", written)
    text = rtf_to_text(written, _CODE_PAGE, errors="replace")  # type: ignore[no-untyped-call]
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for is_table, lines in groupby(whole.split("\n"), key=lambda line: line.endswith(_ROW_END)):
        if is_table:
            yield Part(table(line[:-1].split(_ROW_END) for line in lines), kind="table")
        else:
            yield Part("\n".join(lines))
