"""Pictures: pages without a text, which OCR can read."""

from __future__ import annotations

from collections.abc import Iterator

from rag.loaders.values import Piece, Source, Unread

EXTENSIONS = {".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp", ".bmp"}
_HEADS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")


def is_picture(head: bytes) -> bool:
    """Whether a file begins as a PNG, JPEG, GIF, TIFF, WebP or BMP."""
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    return head.startswith(_HEADS) or is_webp or is_bitmap


def parts(source: Source) -> Iterator[Piece]:
    """One page that was not read; `rag.ocr.reader` knows how many there are."""
    yield Unread(1, 1, "scanned")
