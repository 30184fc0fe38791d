"""Documents and chunks in SQLite: what is true; the indexes beside it can be built from it anew."""

from rag.records.chunks import ChunkRow, ChunkTable, ChunkText
from rag.records.documents import DocumentRecord, DocumentTable
from rag.records.vectors import SCALE, Embedded, VectorTable

__all__ = ["SCALE", "ChunkRow", "ChunkText", "DocumentRecord", "Embedded", "Records"]


class Records(DocumentTable, ChunkTable, VectorTable):
    """All tables of one library, in one file."""
