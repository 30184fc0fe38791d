"""Equations of Office (OMML) in one line: F=ma, (a+b)/2, x^2, √(x+1), ∑_(i=1)^n i."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.loaders.ooxml import m, w

_VALUE = m("val")
_INTEGRAL = "∫"


def linear(element: Any) -> str:
    """An equation, or what is in one of its elements, as a line of text."""
    return "".join(map(_said, element))


def _said(element: Any) -> str:
    if element.tag in _TEXTS:
        return element.text or ""
    if element.tag in _PROPERTIES:
        return ""
    write = _WRITERS.get(element.tag, linear)
    return write(element)


def _in(element: Any, name: str) -> str:
    found = element.find(m(name))
    return "" if found is None else linear(found)


def _setting(element: Any, properties: str, name: str, default: str) -> str:
    """A character that an element sets, which may be none; the default where it sets nothing."""
    found = element.find(f"{m(properties)}/{m(name)}")
    return default if found is None else found.get(_VALUE, "")


def _bracketed(text: str) -> str:
    """In brackets where it would be read with what stands beside it."""
    text = text.strip()
    is_whole = (
        len(text) <= 1 or text.isdecimal() or (text[0] == "(" and text.find(")") == len(text) - 1)
    )
    return text if is_whole else f"({text})"


def _script(mark: str, text: str) -> str:
    return f"{mark}{_bracketed(text)}" if text.strip() else ""


def _fraction(element: Any) -> str:
    over, under = _bracketed(_in(element, "num")), _bracketed(_in(element, "den"))
    is_stack = _setting(element, "fPr", "type", "bar") == "noBar"
    return f"({over} ¦ {under})" if is_stack else f"{over}/{under}"


def _scripts(element: Any) -> str:
    scripts = _script("_", _in(element, "sub")) + _script("^", _in(element, "sup"))
    return _bracketed(_in(element, "e")) + scripts


def _before(element: Any) -> str:
    scripts = _script("_", _in(element, "sub")) + _script("^", _in(element, "sup"))
    return f"{scripts} {_in(element, 'e')}"


def _root(element: Any) -> str:
    degree = _in(element, "deg").strip()
    sign = {"": "√", "3": "∛", "4": "∜"}.get(degree, f"√[{degree}]")
    return sign + _bracketed(_in(element, "e"))


def _sum(element: Any) -> str:
    sign = _setting(element, "naryPr", "chr", _INTEGRAL)
    scripts = _script("_", _in(element, "sub")) + _script("^", _in(element, "sup"))
    return f"{sign}{scripts} {_in(element, 'e')}"


def _delimited(element: Any) -> str:
    begin = _setting(element, "dPr", "begChr", "(")
    end = _setting(element, "dPr", "endChr", ")")
    between = _setting(element, "dPr", "sepChr", "|")
    return begin + between.join(map(linear, element.iterchildren(m("e")))) + end


def _function(element: Any) -> str:
    return f"{_in(element, 'fName')} {_in(element, 'e')}"


def _limit_below(element: Any) -> str:
    return _in(element, "e") + _script("_", _in(element, "lim"))


def _limit_above(element: Any) -> str:
    return _in(element, "e") + _script("^", _in(element, "lim"))


def _accented(element: Any) -> str:
    return _in(element, "e") + _setting(element, "accPr", "chr", "\u0302")


def _barred(element: Any) -> str:
    return _in(element, "e") + "\u0305"


def _matrix(element: Any) -> str:
    rows = (", ".join(map(linear, row)) for row in element.iterchildren(m("mr")))
    return f"[{'; '.join(rows)}]"


def _lines(element: Any) -> str:
    return "; ".join(map(linear, element.iterchildren(m("e"))))


_TEXTS = {m("t"), w("t")}
_PROPERTIES = {w("rPr"), w("del"), w("moveFrom"), w("instrText")}
_WRITERS: dict[str, Callable[[Any], str]] = {
    m("f"): _fraction,
    m("sSup"): _scripts,
    m("sSub"): _scripts,
    m("sSubSup"): _scripts,
    m("sPre"): _before,
    m("rad"): _root,
    m("nary"): _sum,
    m("d"): _delimited,
    m("func"): _function,
    m("limLow"): _limit_below,
    m("limUpp"): _limit_above,
    m("acc"): _accented,
    m("bar"): _barred,
    m("m"): _matrix,
    m("eqArr"): _lines,
}
