"""Pages of the web that servers of the chat completions format name beside the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.events import WebSource
from core.web_sources import checked


class Sources:
    """The sources of one answer; each comes once, and again only where more is known of it."""

    def __init__(self) -> None:
        self._annotated: list[str] = []
        self._said: set[WebSource] = set()
        self._has_list = False

    def annotated(self, annotations: object) -> Iterator[WebSource]:
        """Those of `annotations` (OpenAI, OpenRouter), numbered as they come where no list is."""
        for row in _rows(annotations):
            inner = row.get("url_citation")
            found = inner if isinstance(inner, Mapping) else row
            source = checked(found.get("url"), found.get("title"))
            if source is None:
                continue
            if source.url not in self._annotated:
                self._annotated.append(source.url)
            number = None if self._has_list else self._annotated.index(source.url) + 1
            yield from self._new(WebSource(source.url, source.title, number))

    def listed(self, chunk: Mapping[str, Any]) -> Iterator[WebSource]:
        """Those of `search_results` and `citations` (Perplexity), whose order numbers them."""
        citations = chunk.get("citations")
        rows = _rows(chunk.get("search_results"))
        titles = {str(row.get("url")): row.get("title") for row in rows}
        addresses = citations if isinstance(citations, list) and citations else list(titles)
        for number, address in enumerate(addresses, 1):
            plain = address.get("url") if isinstance(address, Mapping) else address
            source = checked(plain, titles.get(str(plain)), number)
            if source:
                self._has_list = True
                yield from self._new(source)

    def _new(self, source: WebSource) -> Iterator[WebSource]:
        if source not in self._said:
            self._said.add(source)
            yield source


def _rows(found: object) -> list[Mapping[str, Any]]:
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
