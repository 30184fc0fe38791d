"""Pages of the web that an answer's provider named: a list below it, and its marks as links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from core.conversation import Message
from core.events import WebSource
from core.texts import translate
from core.web_sources import host_of, listed
from engine.citations import numbers_of
from ui.documents_answer import inert

_MOST_UNFOLDED = 5


class WebSources:
    """The sources of one answer, in one language. With passages of documents, its marks are
    theirs, and no source has a number."""

    def __init__(self, message: Message, language: str) -> None:
        answer = message.answer
        self._sources: Sequence[WebSource] = listed(answer.web_sources) if answer else ()
        self._has_passages = bool(answer and answer.passages)
        self._language = language

    def links(self, mark: re.Match[str]) -> str:
        """A mark of the text as links to the sources it names; as it is where it names none."""
        named = [one for number in numbers_of(mark) for one in self._sources
                 if self._number(one) == number]  # fmt: skip
        return "".join(map(self._chip, named)) or mark[0]

    def below(self) -> str:
        """HTML of what stands under the answer: the sources, unfolded where they are few."""
        if not self._sources:
            return ""
        title = escape(
            translate(self._language, "answer.web_sources", count=str(len(self._sources)))
        )
        rows = "".join(map(self._row, self._sources))
        unfolded = " open" if len(self._sources) <= _MOST_UNFOLDED else ""
        return (
            f'<details class="divan-passages divan-web"{unfolded}><summary><span>{title}</span>'
            f"</summary><ol>{rows}</ol></details>"
        )

    def sheet(self) -> Mapping[str, Any]:
        """The same for a lane of a comparison, whose text the page paints by itself."""
        if not self._sources:
            return {}
        rows = [
            {
                "number": self._number(one),
                "url": one.url,
                "title": one.title or one.url,
                "host": host_of(one.url),
            }
            for one in self._sources
        ]
        return {"web": {"unfolded": len(rows) <= _MOST_UNFOLDED, "rows": rows}}

    def _number(self, one: WebSource) -> int | None:
        return None if self._has_passages else one.number

    def _row(self, one: WebSource) -> str:
        chip = self._chip(one) if self._number(one) else ""
        name = _link(one, "", f"<strong>{inert(one.title or one.url)}</strong>")
        host = f"<span>{inert(host_of(one.url))}</span>"
        return f'<li>{chip}<div><div class="divan-passage-from">{name}{host}</div></div></li>'

    def _chip(self, one: WebSource) -> str:
        return _link(one, "divan-cite", str(one.number))


def _link(one: WebSource, style: str, inner: str) -> str:
    named = f'class="{style}" title="{inert(one.title or one.url)}" ' if style else ""
    return (
        f'<a {named}href="{inert(one.url)}" target="_blank" rel="noopener noreferrer">{inner}</a>'
    )
