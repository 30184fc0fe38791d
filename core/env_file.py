"""Reading `.env`, in whatever encoding an editor or a shell has written it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from core.key_text import may_be_key

_BY_MARK = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[:=]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class BadLine:
    """A line that is no `NAME=value`, by its number from 1, and the name that it begins with."""

    number: int
    name: str = ""


@dataclass(frozen=True)
class EnvFile:
    """The variables of a file and its lines that could not be understood; `is_readable` is false
    where the disk refused."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    bad_lines: tuple[BadLine, ...] = ()
    is_readable: bool = True


def read_env(path: Path) -> EnvFile:
    """What the file says; one that is not there says nothing. Never raises."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return EnvFile()
    except OSError:
        return EnvFile(is_readable=False)
    text = _text(data)
    bindings = list(parse_stream(io.StringIO(text)))
    good = "".join(one.original.string for one in bindings if not one.error)
    values = dotenv_values(stream=io.StringIO(good))
    bad = tuple(filter(None, map(_bad_line, bindings)))
    return EnvFile({name: value for name, value in values.items() if value}, bad)


def _text(data: bytes) -> str:
    """The file as text: by its byte order mark, else line by line as UTF-8 or, where a line is
    none, as Turkish Windows writes it."""
    for mark, encoding in _BY_MARK:
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding, "replace")
    return "".join(map(_line, data.splitlines(keepends=True)))


def _line(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1254", "replace")


def _bad_line(binding: Binding) -> BadLine | None:
    text = binding.original.string
    if not binding.error and (binding.key is None or _is_assignment(binding)):
        return None
    blank = len(text) - len(text.lstrip())
    number = binding.original.line + text[:blank].count("\n")
    named = _NAMED.match(text)
    return BadLine(number, named[1] if named and not may_be_key(named[1]) else "")


def _is_assignment(binding: Binding) -> bool:
    return binding.value is not None and _NAME.fullmatch(binding.key or "") is not None
