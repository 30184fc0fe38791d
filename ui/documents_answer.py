"""What an answer took from the documents: its citation marks, its quotations, and the passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
from typing import Any

from core.conversation import Message
from core.documents import UsedPassage
from core.texts import translate
from engine.citations import Citations, Quote, citations, numbers_of
from engine.wording import MARK
from ui.markdown import settle

Marks = Callable[[re.Match[str]], str]
_HEADINGS = " › "
_SIGNS = "\\`*_$[]"
_BEGINS, _ENDS = "\ue0f8", "\ue0f9"
"""Stand around words of an unfounded quotation until the Markdown is safe."""
_QUOTED_LINE = re.compile(r"(?m)^(?:[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,3}[.)][ \t]+)?)(.*\S)")


class DocumentedAnswer:
    """An answer with the passages it was given, in one language. Buttons have the ids
    `cite-<message>-<number>` and `passage-<message>-<number>` (ui/static/citations.js)."""

    def __init__(self, message: Message, language: str) -> None:
        self._id = escape(message.id)
        self._content = re.sub(f"[{_BEGINS}{_ENDS}]", "\ufffd", message.content)
        self._passages = message.answer.passages if message.answer else ()
        self._language = language

    def content(self, links: Marks | None = None) -> str:
        """The answer's Markdown, with every mark that names a passage as a button; without
        passages as `links` draw them."""
        if not self._passages:
            change = (lambda words: MARK.sub(links, words)) if links else None
            return settle(self._content, change)
        text = settle(self._underlined(), lambda words: MARK.sub(self._buttons, words))
        span = f'<span class="divan-unfounded" title="{self._text("unfounded")}">'
        return text.replace(_BEGINS, span).replace(_ENDS, "</span>")

    def below(self) -> str:
        """HTML of what stands under the answer: unfounded quotations told, passages folded."""
        return "".join([self._unfounded_note(), self._list()]) if self._passages else ""

    def sheet(self) -> Mapping[str, Any]:
        """The same for a lane of a comparison, whose text the page paints by itself."""
        if not self._passages:
            return {}
        passages = [
            {"number": p.number, "name": p.name, "page": p.page, "heading": p.heading, "ocr": p.ocr}
            for p in self._passages
        ]
        return {"passages": passages, "unfounded": [quote.text for quote in self._unfounded]}

    @cached_property
    def _found(self) -> Citations:
        return citations(self._content, self._passages)

    @property
    def _unfounded(self) -> list[Quote]:
        return [quote for quote in self._found.quotes if quote.number is None]

    def _underlined(self) -> str:
        """The answer with signs around each line of a quotation that no passage holds."""
        text = self._content
        for quote in reversed(self._unfounded):
            start, end = quote.at
            lines = _QUOTED_LINE.sub(_signed, text[start:end])
            text = text[:start] + lines + text[end:]
        return text

    def _buttons(self, mark: re.Match[str]) -> str:
        given = {one.number for one in self._passages}
        numbers = [number for number in numbers_of(mark) if number in given]
        named = "".join(self._button("cite", number) for number in numbers)
        return named or mark[0]

    def _button(self, kind: str, number: int) -> str:
        return f'<button id="{kind}-{self._id}-{number}" class="divan-cite">{number}</button>'

    def _unfounded_note(self) -> str:
        if not self._unfounded:
            return ""
        line = self._text("unfounded_note", count=str(len(self._unfounded)))
        return f'<div class="divan-note divan-unfounded-note">{line}</div>'

    def _list(self) -> str:
        title = self._text("used", count=str(len(self._passages)))
        rows = "".join(map(self._row, self._passages))
        return (
            f'<details class="divan-passages"><summary><span>{title}</span></summary>'
            f"<ol>{rows}</ol></details>"
        )

    def _row(self, one: UsedPassage) -> str:
        read = self._text("read_by_ocr") if one.ocr else ""
        where = [self._page(one), inert(_HEADINGS.join(one.heading)), read]
        place = " · ".join(filter(None, where))
        quote = f"<q>{inert(' '.join(one.sentence.split()))}</q>" if one.sentence else ""
        button = self._button("passage", one.number)
        name = f"<strong>{inert(one.name)}</strong>"
        source = f'<div class="divan-passage-from">{name}<span>{place}</span></div>'
        return f"<li>{button}<div>{source}{quote}</div></li>"

    def _page(self, one: UsedPassage) -> str:
        return "" if one.page is None else self._text("page", page=str(one.page))

    def _text(self, key: str, **params: str) -> str:
        return escape(translate(self._language, f"documents.{key}", **params))


def _signed(line: re.Match[str]) -> str:
    at = line.start(1) - line.start()
    return f"{line[0][:at]}{_BEGINS}{line[1]}{_ENDS}"


def inert(text: str) -> str:
    """Text inside an HTML block of Markdown: nothing in it is markup, and no line is empty."""
    safe = escape(text)
    for sign in _SIGNS:
        safe = safe.replace(sign, f"&#{ord(sign)};")
    return safe.replace("\n", "<br>")
