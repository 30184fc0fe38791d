"""What stands inside one block: code, links, addresses, bold. Everything else is text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from ui.markdown.code_spans import Backquotes
from ui.markdown.placeholders import OPEN, Placeholders

Change = Callable[[str], str]
"""A last change of words outside code, mathematics and links."""

_LETTER = "A-Za-z0-9À-ÖØ-öø-ɏ"
_ADDRESS = rf"(?:https?://|www\.)[{_LETTER}][{_LETTER}\-._~:/?#@!$&()*+,;=%]*"
_SPECIAL = re.compile(rf"[\\`<]|!\[|\[|(?<![{_LETTER}/@.])(?:{_ADDRESS})", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]*>|<[\w.+-]+@[\w.-]+>|<br\s*/?>", re.I)
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_LINE_START = re.compile(r"[\s>*+\-.)\d]*")
_LINK = re.compile(r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\([^\n()]*(?:\([^\n()]*\)[^\n()]*)*\)")
_OWN_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\(\s*<?data:image/")
_TRAILING = "?!.,:;*_~"
_TILDE = re.compile(r"(?<![~\\])~(?!~)")
_BOLD = re.compile(r"(?<![*\\])\*\*(?=[^\s*])((?:[^*\\]|\\.|\*(?!\*))*?[^\s*\\])\*\*(?!\*)")
_SLANTED = re.compile(
    r"(?:(?<=[\s(\[{\"“«‘—–-])|^)\*(?=[^\s*])([^*\n]*[\"”’»)\]）」』.!?…:,%])\*(?=\w)"
)
_MOST_MARKS = 3000
"""In one block; the time of the page's parser grows with their square."""


def shown(text: str, placeholders: Placeholders, change: Change = str) -> str:
    """The text of one block for the Chatbot."""
    if not text.strip():
        return text
    hidden = _Scan(text, placeholders).run()
    if len(hidden) > _MOST_MARKS and len(re.findall(r"[*_]", hidden)) > _MOST_MARKS:
        return placeholders.shown(re.sub(r"(?<!\\)([*_])", r"\\\1", hidden))
    hidden = _TILDE.sub(r"\~", hidden)
    hidden = _SLANTED.sub(r"<em>\1</em>", _BOLD.sub(_bold, hidden))
    return placeholders.shown(change(hidden))


def _bold(found: re.Match[str]) -> str:
    """HTML where CommonMark's rule would not see it: beside a letter that follows a mark."""
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    opens = not _is_mark(found[1][0]) or not _is_letter(before)
    ends = not _is_mark(found[1][-1]) or not _is_letter(after)
    return found[0] if opens and ends else f"<strong>{found[1]}</strong>"


def _is_letter(letter: str) -> bool:
    return bool(letter) and not letter.isspace() and not _is_mark(letter)


def _is_mark(letter: str) -> bool:
    return letter == OPEN or unicodedata.category(letter)[0] in "PS"


class _Scan:
    """Takes out what has rules of its own, from left to right."""

    def __init__(self, text: str, placeholders: Placeholders) -> None:
        self._text, self._placeholders = text, placeholders
        self._at = 0
        self._out: list[str] = []
        self._runs = Backquotes(text)

    def run(self) -> str:
        while special := _SPECIAL.search(self._text, self._at):
            self._out.append(self._text[self._at : special.start()])
            self._at = special.start()
            self._put(special)
        return "".join([*self._out, self._text[self._at :]])

    def _put(self, special: re.Match[str]) -> None:
        steps = {"\\": self._escape, "`": self._code, "<": self._less, "!": self._image}
        first = special[0][0]
        if first in steps:
            steps[first]()
        elif first == "[":
            self._link()
        else:
            self._address(special[0])

    def _add(self, length: int, shown: str) -> None:
        self._out.append(shown)
        self._at += length

    def _hide(self, length: int, shown: str) -> None:
        raw = self._text[self._at : self._at + length]
        self._add(length, self._placeholders.hide(raw, shown))

    def _escape(self) -> None:
        pair = self._text[self._at : self._at + 2]
        self._add(len(pair), "&lt;" if pair == "\\<" else pair)

    def _code(self) -> None:
        marks = self._runs.length(self._at)
        end = self._runs.closing(self._at)
        if end is None:
            self._add(marks, "`" * marks)
            return
        span = self._text[self._at : end]
        raw = self._placeholders.raw(span)
        self._hide(len(span), raw if not _TAG.search(raw) else _code(raw, marks))

    def _less(self) -> None:
        link = _AUTOLINK.match(self._text, self._at)
        if link:
            # A line that begins with a tag would be HTML up to the next empty line.
            begins = link[0][1] in "bB" and _LINE_START.fullmatch("".join(self._out[-2:]))
            self._hide(len(link[0]), ("&#32;" if begins else "") + link[0])
        else:
            self._add(1, "&lt;" if _TAG.match(self._text, self._at) else "<")

    def _image(self) -> None:
        """An image of the text itself stays; any other is a link."""
        if _OWN_IMAGE.match(self._text, self._at):
            self._add(2, "![")
            return
        self._add(1, "" if _LINK.match(self._text, self._at + 1) else r"\!")

    def _link(self) -> None:
        link = _LINK.match(self._text, self._at)
        if link:
            words, _, target = link[0].rpartition("](")
            label = self._placeholders.shown(_without_tags(words))
            whole = f"{label}]({self._placeholders.raw(target)}"
            self._hide(len(link[0]), _without_tags(whole))
        else:
            self._add(1, "[")

    def _address(self, found: str) -> None:
        address = _ended(found)
        if address.lower().startswith("www."):
            words = re.sub(r"([_*~])", r"\\\1", address)
            self._hide(len(address), f"[{words}](http://{address})")
        else:
            self._hide(len(address), f"<{address}>")


def _ended(address: str) -> str:
    """An address without the marks of the sentence around it; pairs of brackets stay."""
    end = len(address)
    unpaired = address.count(")") - address.count("(")
    while address[end - 1] in _TRAILING or (address[end - 1] == ")" and unpaired > 0):
        unpaired -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _code(span: str, marks: int) -> str:
    """A code span as HTML in which nothing can be taken for markup."""
    text = span[marks:-marks].replace("\n", " ")
    if text.startswith(" ") and text.endswith(" ") and text.strip():
        text = text[1:-1]
    inert = re.sub(r"[^\w\s]", lambda sign: f"&#{ord(sign[0])};", text.replace(r"\|", "|"))
    return f"<code>{inert.replace('_', '&#95;')}</code>"


def _without_tags(link: str) -> str:
    kept = re.compile(f"{_AUTOLINK.pattern}|{_TAG.pattern}", re.I)
    return kept.sub(lambda found: "&lt;" if found[0] == "<" else found[0], link)
