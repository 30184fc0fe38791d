"""XLSX: what the cells of a workbook show, read sheet by sheet."""

from rag.loaders.xlsx.reader import parts

__all__ = ["parts"]
