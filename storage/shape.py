"""Frozen dataclasses as JSON objects and back: strict on types, forgiving on what is left out.

A value that equals its default is not written. A key nobody knows is handed back to the caller;
inside, it is kept by those dataclasses that have a field `unknown` for it. A field whose type is
annotated with a function (core.counts) holds what that gives, written and read: a strange
number costs itself, never the file.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Reader = Callable[[Any], Any]
_LARGEST_INTEGER = 2**63 - 1
_UNKNOWN = "unknown"
"""The field of a dataclass that holds the keys of its object which this version does not know."""


class Unreadable(Exception):
    """The text is not what it should be; `reason` says where and why, in English."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def plain_text(text: str) -> str:
    """The text as valid Unicode: split surrogates are joined, a lone one becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def write(value: Any, always: Collection[str] = ()) -> dict[str, Any]:
    """The dataclass as a JSON object in the order of its fields, defaults left out."""
    written: dict[str, Any] = {}
    kind: Any = type(value)
    for name, default in _defaults(kind):
        held = getattr(value, name)
        if name in _checks(kind):
            held = _checks(kind)[name](held)
        if name in always or held != default:
            written[name] = plain(held)
    if _keeps_unknown(kind):
        unknown: dict[str, Any] = written.pop(_UNKNOWN, {})
        return written | unknown
    return written


def plain(value: Any) -> Any:
    """The value as JSON knows it: tuples as lists, dataclasses as objects, valid Unicode."""
    if isinstance(value, str):
        return plain_text(str(value))
    if isinstance(value, Mapping):
        return {plain_text(str(key)): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    return write(value) if is_dataclass(value) else value


def read(kind: type[Value], found: Any) -> tuple[Value, dict[str, Any]]:
    """A dataclass from a JSON object, and the keys that it does not know. Raises Unreadable."""
    if not isinstance(found, dict):
        raise Unreadable("must be an object")
    known: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    cls: Any = kind
    readers = _readers(cls)
    for key, held in found.items():
        if key not in readers:
            unknown[key] = held
            continue
        try:
            known[key] = readers[key](held)
        except Unreadable as problem:
            raise under(f".{key}", problem) from None
    try:
        return kind(**known), unknown
    except TypeError:
        missing = [name for name in _required(cls) if name not in known]
        raise Unreadable(f"has no {missing[0]}") from None


def understood(kind: Any, found: Any) -> dict[str, Any]:
    """Those keys of a JSON object whose values `read` would take, and the unknown ones."""
    readers = _readers(kind)
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: held for key, held in pairs if key not in readers or _fits(readers[key], held)}


def _fits(reader: Reader, found: Any) -> bool:
    try:
        reader(found)
    except Unreadable:
        return False
    return True


def under(place: str, problem: Unreadable) -> Unreadable:
    """The problem seen from outside: `.answer` and `.model must be text` join to one path."""
    gap = "" if problem.reason.startswith((".", "[")) else " "
    return Unreadable(f"{place}{gap}{problem.reason}")


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, _default(field)) for field in fields(kind))


def _required(kind: Any) -> tuple[str, ...]:
    return tuple(name for name, default in _defaults(kind) if default is MISSING)


@cache
def _readers(kind: Any) -> dict[str, Reader]:
    hints = get_type_hints(kind)
    named = (field.name for field in fields(kind) if field.name != _UNKNOWN)
    return {name: _checks(kind).get(name) or _reader(hints[name]) for name in named}


@cache
def _checks(kind: Any) -> dict[str, Reader]:
    """The functions that the types of fields are annotated with."""
    hints = get_type_hints(kind, include_extras=True)
    annotated = {name: hint for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {name: get_args(hint)[1] for name, hint in annotated.items()}


@cache
def _keeps_unknown(kind: Any) -> bool:
    return any(field.name == _UNKNOWN for field in fields(kind))


def _reader(hint: Any) -> Reader:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional(next(part for part in inner if part is not types.NoneType))
    if origin is Literal:
        return _one_of(inner)
    if origin is tuple:
        return _list_of(_reader(inner[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_of(_reader(inner[1]))
    if is_dataclass(hint):
        return _object_of(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _member_of(hint)
    return _SCALARS[hint]


def _object_of(kind: Any) -> Reader:
    def read_object(found: Any) -> Any:
        value, unknown = read(kind, found)
        return replace(value, unknown=unknown) if unknown and _keeps_unknown(kind) else value

    return read_object


def _optional(hint: Any) -> Reader:
    reader = _reader(hint)
    return lambda found: None if found is None else reader(found)


def _one_of(allowed: tuple[str, ...]) -> Reader:
    def reader(found: Any) -> Any:
        if found not in allowed:
            raise Unreadable(f"must be one of {', '.join(allowed)}")
        return found

    return reader


def _member_of(kind: type[StrEnum]) -> Reader:
    check = _one_of(tuple(kind))
    return lambda found: kind(check(found))


def _list_of(reader: Reader) -> Reader:
    def read_list(found: Any) -> tuple[Any, ...]:
        if not isinstance(found, list):
            raise Unreadable("must be a list")
        return tuple(_at(place, held, reader) for place, held in enumerate(found))

    return read_list


def _at(place: int, found: Any, reader: Reader) -> Any:
    try:
        return reader(found)
    except Unreadable as problem:
        raise under(f"[{place}]", problem) from None


def _mapping_of(reader: Reader) -> Reader:
    def read_mapping(found: Any) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise Unreadable("must be an object")
        return {key: reader(held) for key, held in found.items()}

    return read_mapping


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise Unreadable("must be text")
    return found


def _flag(found: Any) -> bool:
    if not isinstance(found, bool):
        raise Unreadable("must be true or false")
    return found


def _integer(found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or abs(found) > _LARGEST_INTEGER:
        raise Unreadable("must be a whole number")
    return found


def _number(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Unreadable("must be a number")
    return found


_SCALARS: dict[Any, Reader] = {
    str: _text,
    bool: _flag,
    int: _integer,
    float: _number,
    Any: lambda found: found,
}
