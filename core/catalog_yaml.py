"""`models.yaml` as plain values, with the keys that stand in it twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from core.texts import FAST_LOADER


@dataclass(frozen=True)
class Duplicate:
    """A key that stands twice in one mapping. `path` leads to it (keys, and positions from 1);
    lines count from 1. YAML keeps the second value."""

    path: tuple[str | int, ...]
    line: int
    second_line: int


@dataclass(frozen=True)
class Parsed:
    """What a file holds. `fault` names a text under `catalog.wrong` where it is nothing usable, and
    `place` is the line and column of that."""

    raw: dict[Any, Any] = field(default_factory=dict)
    duplicates: tuple[Duplicate, ...] = ()
    fault: str = ""
    place: str = "-"


def parse(path: Path) -> Parsed:
    """The file's content; never raises. Nothing in it is run: only plain YAML types are made."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw, duplicates = _values(text)
    except FileNotFoundError:
        return Parsed(fault="missing")
    except yaml.MarkedYAMLError:
        return Parsed(fault="syntax", place=_place_of_error(text))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        return Parsed(fault="unreadable")
    if raw is None:
        return Parsed(fault="empty")
    return Parsed(raw, duplicates) if isinstance(raw, dict) else Parsed(fault="not_a_mapping")


def _values(text: str) -> tuple[Any, tuple[Duplicate, ...]]:
    loader = FAST_LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, ()
        duplicates = tuple(_duplicates(node, (), set()))
        return loader.construct_document(node), duplicates
    finally:
        loader.dispose()


def _place_of_error(text: str) -> str:
    """Where the text stops being YAML; the loader written in Python knows it more exactly."""
    try:
        yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return f"{mark.line + 1}:{mark.column + 1}" if mark else "-"
    except (yaml.YAMLError, RecursionError, ValueError):
        pass
    return "-"


def _duplicates(
    node: yaml.Node, path: tuple[str | int, ...], seen: set[int]
) -> Iterator[Duplicate]:
    """Duplicate keys below a node, in the order of the file; an alias is walked through once."""
    if isinstance(node, yaml.ScalarNode) or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, start=1):
            yield from _duplicates(item, (*path, number), seen)
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if isinstance(key, yaml.ScalarNode) and name != "<<":
            if name in lines:
                yield Duplicate((*path, name), lines[name], line)
            lines.setdefault(name, line)
        yield from _duplicates(value, (*path, name), seen)
