"""Dates, times and durations as a cell shows them.

A date in figures is 15.03.2026 where the cell shows day, month and year between points, else
2026-03-15: Excel turns formats with a slash to the reader's country, and 03/04 is two days in two
countries. Names are shown as names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from rag.loaders.xlsx.locale import ENGLISH, TURKISH, Locale
from rag.loaders.xlsx.sections import Section, Token, is_turkish

_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LEAP_DAY = 60
"""The serial number of a 29 February 1900, which Excel knows and the calendar does not."""
_LAST_DAY = 2_958_466
_SECONDS = 86_400
_ENGLISH_LCID = "409"


def dated(section: Section, value: float, locale: Locale, epoch_1904: bool) -> str | None:
    """The date, time or duration of a serial number; None where it is none."""
    tokens = _minutes_told_apart(section.tokens)
    if any(one.kind == "elapsed" for one in tokens):
        return _elapsed(tokens, value)
    moment = _moment(value, epoch_1904, tokens)
    if moment is None:
        return None
    locale = _language(section, locale)
    first = {one.text[0] for one in tokens if one.kind == "date"}
    if {"y", "m", "d"} <= first and not any(one.text.startswith("mmm") for one in tokens):
        return _in_figures(tokens, moment, locale)
    return _written(tokens, moment, locale)


def _language(section: Section, locale: Locale) -> Locale:
    if is_turkish(section):
        return TURKISH
    return ENGLISH if section.language.endswith(_ENGLISH_LCID) else locale


def _moment(value: float, epoch_1904: bool, tokens: Sequence[Token]) -> datetime | None:
    if not 0 <= value < _LAST_DAY:
        return None
    if not epoch_1904 and value < _LEAP_DAY:
        value += 1
    epoch = _EPOCH_1904 if epoch_1904 else _EPOCH
    digits = 3 if any(set(one.text) <= {"0"} for one in tokens if one.kind == "digits") else 0
    try:
        return epoch + timedelta(seconds=round(value * _SECONDS, digits))
    except OverflowError:
        return None


def _minutes_told_apart(tokens: Sequence[Token]) -> list[Token]:
    """Tokens with `m` written as `n` where it stands for minutes: after hours, before seconds."""
    made = list(tokens)
    places = [i for i, one in enumerate(tokens) if one.kind in ("date", "elapsed")]
    for order, at in enumerate(places):
        if tokens[at].kind != "date" or tokens[at].text not in ("m", "mm"):
            continue
        before = tokens[places[order - 1]].text[0] if order else ""
        after = tokens[places[order + 1]].text[0] if order + 1 < len(places) else ""
        if before == "h" or after == "s":
            made[at] = Token("date", "n" * len(tokens[at].text))
    return made


def _elapsed(tokens: Sequence[Token], value: float) -> str:
    """A duration: its largest unit counts beyond a day."""
    seconds = round(abs(value) * _SECONDS)
    units = {"h": 3600, "m": 60, "n": 60, "s": 1}
    pieces: list[str] = []
    for one in tokens:
        size = units.get(one.text[:1], 0)
        if one.kind == "elapsed" or (one.kind == "date" and size):
            pieces.append(f"{seconds // size:0{len(one.text)}d}")
            seconds %= size
        elif one.kind == "literal" or one.text in "./":
            pieces.append(one.text)
    return f"{'-' if value < 0 else ''}{''.join(pieces)}".strip()


def _in_figures(tokens: Sequence[Token], moment: datetime, locale: Locale) -> str:
    """15.03.2026 or 2026-03-15, with the weekday and the time where the cell shows them."""
    pieces = [f"{moment:%d.%m.%Y}" if _has_points(tokens) else moment.date().isoformat()]
    weekday = [one for one in tokens if one.kind == "date" and one.text.startswith("ddd")]
    pieces += [_piece(one, moment, locale, False) for one in weekday[:1]]
    clock = [i for i, one in enumerate(tokens) if one.kind == "date" and one.text[0] in "hnsa"]
    if clock and moment.time() != time.min:  # programs write dates as the first moment of a day
        pieces.append(_written(tokens[clock[0] : clock[-1] + 1], moment, locale))
    return " ".join(pieces)


def _has_points(tokens: Sequence[Token]) -> bool:
    """Whether day, month and year follow one another between points: so for every reader."""
    shown = "".join("ddd" if one.text.startswith("ddd") else one.text for one in tokens)
    return bool(re.search(r"(?<!d)dd?\.mm?\.y", shown))


def _written(tokens: Sequence[Token], moment: datetime, locale: Locale) -> str:
    half = any(one.kind == "date" and one.text in ("am/pm", "a/p") for one in tokens)
    pieces = [_piece(one, moment, locale, half) for one in tokens]
    return " ".join("".join(pieces).split())


def _piece(token: Token, moment: datetime, locale: Locale, half: bool) -> str:
    if token.kind == "digits":
        return f"{moment.microsecond:06d}"[: len(token.text)]
    if token.kind != "date":
        return token.text
    text, count = token.text, len(token.text)
    if text in ("am/pm", "a/p"):
        return "AM" if moment.hour < 12 else "PM"
    if text[0] == "m" and count > 2:
        months = locale.months_short if count == 3 else locale.months
        name = months[moment.month - 1]
        return name[:1] if count == 5 else name
    if text[0] == "d" and count > 2:
        return (locale.days_short if count == 3 else locale.days)[moment.weekday()]
    return _figure(text[0], min(count, 2), moment, half, long_year=count > 2)


def _figure(unit: str, width: int, moment: datetime, half: bool, long_year: bool) -> str:
    if unit in "yeb":
        return f"{moment.year:04d}" if long_year or unit == "e" else f"{moment.year % 100:02d}"
    hour = (moment.hour % 12 or 12) if half else moment.hour
    numbers = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute}
    return f"{numbers.get(unit, moment.second):0{width}d}" if unit in "mdhns" else ""
