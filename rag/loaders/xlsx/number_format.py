"""Numbers as a cell shows them: `0.075` under `0.0%` is `7.5%`, and `%7,5` in Turkish.

The kept libraries that do this bring 50 MB of date tables (ssf) or cover a part (xlsx2html).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from rag.loaders.xlsx.date_format import dated
from rag.loaders.xlsx.locale import Locale
from rag.loaders.xlsx.sections import Section, Token, sections

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_LARGEST = 1e25
_LONGEST_INTEGER = 1e15
_MOST_DECIMALS = 30


class NumberFormat:
    """One format code, ready to show many numbers."""

    def __init__(self, code: str, locale: Locale, epoch_1904: bool = False) -> None:
        self._locale = locale
        self._epoch_1904 = epoch_1904
        found = sections(code)
        self._text = found[3] if len(found) == 4 else _text_section(found)
        self._numbers = found[:3]

    def number(self, value: float) -> str:
        """What a cell with this number shows; "" where the format hides it."""
        if not math.isfinite(value) or abs(value) >= _LARGEST:
            return self._locale.marked(f"{value:.15g}")
        section, signed = self._section(value)
        if section.is_date:
            shown = dated(section, value, self._locale, self._epoch_1904)
            return general(value, self._locale) if shown is None else shown
        text = _shown(section, abs(value), self._locale)
        negative = value < 0 and signed and any(c in "123456789" for c in text)
        return f"{'-' if negative else ''}{text}".strip()

    def text(self, value: str) -> str:
        """What a cell with this text shows."""
        if self._text is None:
            return value
        shown = (value if one.kind == "text" else one.text for one in self._text.tokens)
        return "".join(shown).strip()

    def _section(self, value: float) -> tuple[Section, bool]:
        """The section for a number, and whether its sign is shown."""
        found = self._numbers
        if not any(one.condition for one in found):
            at = 1 if value < 0 and len(found) > 1 else 2 if value == 0 and len(found) > 2 else 0
            return found[at], at == 0
        for index, one in enumerate(found):
            if one.condition and one.condition.holds(value):
                return one, not one.condition.negative_only
            if not one.condition and index == 1 and len(found) == 3 and value < 0:
                return one, False
        return found[-1], found[-1].condition is None


def general(value: float, locale: Locale) -> str:
    """A number without a format: all the digits that it has, which Excel cuts to the column."""
    if value == int(value) and abs(value) < _LONGEST_INTEGER:
        return str(int(value))
    return locale.marked(f"{value:.15g}")


def _text_section(found: Sequence[Section]) -> Section | None:
    """A section for text where the code has fewer than four: the last, if it names the text."""
    return found[-1] if found[-1].has("text") else None


def _shown(section: Section, value: float, locale: Locale) -> str:
    if section.has("general") or section.has("text"):
        return "".join(_around(section, general(value, locale)))
    if not section.has("digits"):
        return "".join(one.text for one in section.tokens if one.kind == "literal")
    if section.has("mark", "/"):
        return _fraction(section, value)
    if section.has("mark", "E+") or section.has("mark", "E-"):
        return _scientific(section, value, locale)
    return _decimal(section, value, locale)


def _around(section: Section, text: str) -> list[str]:
    """The literals of a section, and a text in place of what stands for the value."""
    return [
        text if one.kind in ("general", "text") else one.text
        for one in section.tokens
        if one.kind != "digits"
    ]


def _rounded(value: float, places: int) -> tuple[str, str]:
    """Digits before and after the decimal mark, halves away from zero as Excel rounds them."""
    exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), context=_EXACT)
    whole, _, rest = f"{exact:f}".partition(".")
    return whole.lstrip("0"), rest


def _decimal(section: Section, value: float, locale: Locale) -> str:
    tokens = list(section.tokens)
    point = _first(tokens, ".")
    before, after = tokens[:point], tokens[point + 1 :]
    scale = _scaling(before, after)
    percents = sum(one.text == "%" for one in tokens if one.kind == "mark")
    value = value * 100.0**percents / 1000.0**scale
    places = min(sum(len(one.text) for one in after if one.kind == "digits"), _MOST_DECIMALS)
    whole, rest = _rounded(value, places)
    shown = _integer(before, whole, locale if _is_grouped(before) else None)
    decimals = _decimals(after, rest)
    if any(c.isdigit() for c in decimals[:1]):
        decimals = locale.decimal + decimals
    return _with_percent(shown + decimals, percents, locale)


def _with_percent(text: str, percents: int, locale: Locale) -> str:
    """Excel in Turkish writes %7,5 for the code `0.0%`."""
    if percents != 1 or not locale.percent_first:
        return text
    bare = text.replace("%", "", 1)
    at = next((i for i, c in enumerate(bare) if c.isdigit()), 0)
    return f"{bare[:at]}%{bare[at:]}".rstrip()


def _first(tokens: Sequence[Token], mark: str) -> int:
    found = (i for i, one in enumerate(tokens) if one.kind == "mark" and one.text == mark)
    return next(found, len(tokens))


def _last_digits(tokens: Sequence[Token]) -> int:
    return max((i for i, one in enumerate(tokens) if one.kind == "digits"), default=-1)


def _scaling(before: Sequence[Token], after: Sequence[Token]) -> int:
    """How many commas stand right behind the last digit: each divides by a thousand."""
    tokens = after if _last_digits(after) >= 0 else before
    count = 0
    for one in tokens[_last_digits(tokens) + 1 :]:
        if (one.kind, one.text) != ("mark", ","):
            break
        count += 1
    return count


def _is_grouped(before: Sequence[Token]) -> bool:
    last = _last_digits(before)
    return any(one.kind == "mark" and one.text == "," for one in before[: max(last, 0)])


def _integer(tokens: Sequence[Token], digits: str, grouped: Locale | None) -> str:
    """Digits in their places from the right; those without a place stand before the first."""
    places = sum(len(one.text) for one in tokens if one.kind == "digits")
    spare, digits = digits[: max(0, len(digits) - places)], digits[-places:] if places else ""
    left, pieces, begun = places, list[str](), False
    for one in tokens:
        if one.kind == "literal" or one.text == "%":
            pieces.append(one.text)
        elif one.kind == "digits":
            for place in one.text:
                digit = digits[-left] if left <= len(digits) else "0" if place == "0" else ""
                fill = spare + digit if not begun else digit
                begun = True
                pieces.append(_grouped(fill, left, grouped))
                left -= 1
    return "".join(pieces)


def _grouped(digits: str, left: int, locale: Locale | None) -> str:
    """Digits of which the last has `left - 1` places behind it, with the marks of thousands."""
    if locale is None or not digits:
        return digits
    behind = left - 1
    made = ""
    for index, digit in enumerate(reversed(digits)):
        at = behind + index
        made = digit + (locale.group if at and at % 3 == 0 else "") + made
    return made


def _decimals(tokens: Sequence[Token], digits: str) -> str:
    """Digits in their places; zeros at the end only where a `0` stands."""
    places = "".join(one.text for one in tokens if one.kind == "digits")[:_MOST_DECIMALS]
    kept = len(digits)
    while kept and digits[kept - 1] == "0" and places[kept - 1] != "0":
        kept -= 1
    pieces, at = list[str](), 0
    for one in tokens:
        if one.kind == "digits":
            pieces.append(digits[at : min(kept, at + len(one.text))])
            at += len(one.text)
        elif one.kind == "literal" or one.text == "%":
            pieces.append(one.text)
    return "".join(pieces)


def _scientific(section: Section, value: float, locale: Locale) -> str:
    tokens = list(section.tokens)
    at = next(i for i, one in enumerate(tokens) if one.text in ("E+", "E-"))
    before, after = tokens[:at], tokens[at + 1 :]
    point = _first(before, ".")
    places = sum(len(one.text) for one in before[point + 1 :] if one.kind == "digits")
    width = max(1, sum(len(one.text) for one in before[:point] if one.kind == "digits"))
    power = math.floor(math.log10(value)) if value else 0
    power -= power % width if width > 1 else 0
    whole, rest = _rounded(value / 10.0**power, min(places, _MOST_DECIMALS))
    if len(whole) > width:
        power += width
        whole, rest = _rounded(value / 10.0**power, min(places, _MOST_DECIMALS))
    least = sum(len(one.text) for one in after if one.kind == "digits")
    sign = "-" if power < 0 else "+" if tokens[at].text == "E+" else ""
    mantissa = f"{whole or '0'}{locale.decimal + rest if rest else ''}"
    return f"{mantissa}E{sign}{abs(power):0{least}d}"


def _fraction(section: Section, value: float) -> str:
    tokens = list(section.tokens)
    slash = _first(tokens, "/")
    places = [one for one in tokens[:slash] if one.kind == "digits"]
    fixed, width = _denominator(tokens[slash + 1 :])
    whole = int(value) if len(places) > 1 else 0
    part = Fraction(value - whole)
    if fixed:
        above, below = math.floor(part * fixed + Fraction(1, 2)), fixed
    else:
        near = part.limit_denominator(10**width - 1)
        above, below = near.numerator, near.denominator
    if len(places) > 1 and above == below:
        whole, above = whole + 1, 0
    if not above:
        return str(whole)
    return f"{f'{whole} ' if whole else ''}{above}/{below}"


def _denominator(tokens: Sequence[Token]) -> tuple[int, int]:
    """A denominator that the code names, or 0; and how many digits one may have."""
    text = "".join(one.text for one in tokens if one.kind in ("literal", "digits")).strip()
    named = text.split(" ")[0]
    if named[:1] in "123456789" and named.isdecimal():
        return int(named[:6]), 0
    return 0, max(1, min(4, len(named.rstrip())))
