"""Number format codes in pieces: sections, and the tokens of each (ECMA-376, part 1, 18.8.31)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["literal", "digits", "mark", "date", "elapsed", "general", "text"]
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?) | \\(?P<escaped>.) | _(?P<space>.) | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\] | (?P<general>General) | (?P<half>AM/PM|A/P) | (?P<power>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|b+|g+|e+) | (?P<digits>[0\#?]+) | (?P<mark>[.,%/;@])
    | (?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[+-]?\d+)?)$", re.IGNORECASE)
_ELAPSED = re.compile(r"(h+|m+|s+)$", re.IGNORECASE)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_LONGEST_CODE = 255


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a section; a literal's text is what is shown."""

    kind: TokenKind
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a number must be for a section to be used."""

    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        """Whether a number fits."""
        return _COMPARE[self.sign](value, self.bound)

    @property
    def negative_only(self) -> bool:
        """Whether only numbers below zero fit, so that their sign goes without saying."""
        return self.sign in ("<", "<=") and self.bound <= 0


@dataclass(frozen=True, slots=True)
class Section:
    """One of up to four parts of a code; `language` is the LCID or tag it names, "" for none."""

    tokens: tuple[Token, ...]
    condition: Condition | None = None
    language: str = ""

    @property
    def is_date(self) -> bool:
        """Whether a number is shown as a date, a time or a duration."""
        return any(one.kind in ("date", "elapsed") for one in self.tokens)

    def has(self, kind: TokenKind, text: str = "") -> bool:
        """Whether there is a token of a kind, and with this text if one is named."""
        return any(one.kind == kind and (not text or one.text == text) for one in self.tokens)


def sections(code: str) -> tuple[Section, ...]:
    """The sections of a code, at most four."""
    found: list[Section] = []
    tokens: list[Token] = []
    condition: Condition | None = None
    language = ""
    for match in _TOKEN.finditer(code[:_LONGEST_CODE]):
        if match["mark"] == ";":
            found.append(Section(tuple(tokens), condition, language))
            tokens, condition, language = [], None, ""
        elif (inside := match["bracket"]) is not None:
            condition = _condition(inside) or condition
            language = _language(inside) or language
            tokens += _bracket(inside)
        else:
            tokens += _token(match)
    found.append(Section(tuple(tokens), condition, language))
    return tuple(found[:4])


def _token(match: re.Match[str]) -> Iterator[Token]:
    kind, text = match.lastgroup, match[0]
    if kind == "quoted":
        yield Token("literal", text.strip('"'))
    elif kind in ("escaped", "other"):
        yield Token("literal", match[kind])
    elif kind == "space":
        yield Token("literal", " ")
    elif kind == "general":
        yield Token("general", text)
    elif kind in ("half", "date"):
        yield Token("date", text.lower())
    elif kind in ("power", "mark"):
        yield Token("text" if text == "@" else "mark", text.upper())
    elif kind == "digits":
        yield Token("digits", text)


def _bracket(inside: str) -> Iterator[Token]:
    if _ELAPSED.match(inside):
        yield Token("elapsed", inside.lower())
    elif inside.startswith("$") and (symbol := inside[1:].partition("-")[0]):
        yield Token("literal", symbol)


def _condition(inside: str) -> Condition | None:
    found = _CONDITION.match(inside)
    try:
        return Condition(found[1], float(found[2])) if found else None
    except ValueError:
        return None


def _language(inside: str) -> str:
    """`41F` of `[$₺-41F]`, `tr-TR` of `[$-tr-TR]`."""
    return inside.partition("-")[2].partition(",")[0] if inside.startswith("$") else ""


def is_turkish(section: Section) -> bool:
    """Whether it names Turkish as the language of its numbers or dates."""
    language = section.language.lower()
    return language.startswith("tr") or (language[-3:] == "41f" and len(language) != 4)
