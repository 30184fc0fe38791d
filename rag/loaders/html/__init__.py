"""HTML: the article of a page under its headings, with its tables and code."""

from rag.loaders.html.reader import html_parts, parts

__all__ = ["html_parts", "parts"]
