"""RTF: the text, with its tables, heads and feet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice

from rag.loaders.tables import table
from rag.loaders.values import LoadError, Source
from rag.values import Part

_CODE_PAGE = "cp1252"
_ROW_END = "|"
_FIELD = re.compile(r"(?<!\\)\{\\field\b")
_EDGE = re.compile(r"(?<!\\)\{\\(?:header|footer)[lrf]?\b")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PAGE_CODE = re.compile(r"\\ansicpg\d+")
_MOST_EDGES = 20


def parts(source: Source) -> Iterator[Part]:
    """Heads and feet, each once, then texts and tables in turn. Raises LoadError."""
    size = source.path.stat().st_size
    if size > source.limits.file_bytes:
        raise LoadError("too_large", f"{size} bytes")
    written = source.path.read_bytes().decode("latin-1")
    for edge in dict.fromkeys(_plain(one).strip() for one in _edges(written)):
        yield Part(edge)
    whole = _plain(written)
    for is_table, lines in groupby(whole.split("\n"), key=lambda line: line.endswith(_ROW_END)):
        if is_table:
            yield Part(table(line[:-1].split(_ROW_END) for line in lines), kind="table")
        else:
            yield Part("\n".join(lines))


def _plain(written: str) -> str:
    from striprtf.striprtf import rtf_to_text

    # striprtf looks for the end of a field in its line; in a long line that would take forever.
    written = _FIELD.sub(r"\n\g<0>", written)
    text = rtf_to_text(written, _CODE_PAGE, errors="replace")  # type: ignore[no-untyped-call]
    return str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _edges(written: str) -> Iterator[str]:
    """The heads and feet as documents of their own: striprtf leaves them out."""
    page = _PAGE_CODE.search(written)
    start = f"{{\\rtf1\\ansi{page[0] if page else ''} "
    for found in islice(_EDGE.finditer(written), _MOST_EDGES):
        yield f"{start}{written[found.end() : _group_end(written, found.end())]}}}"


def _group_end(written: str, start: int) -> int:
    """Where the group ends that is open at `start`."""
    depth = 1
    for found in _BRACE.finditer(written, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.start()
    return start
