"""What documents are called: their files' names, letters composed, and where two files share one,
with as much of their folders as tells them apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def composed(name: str) -> str:
    """The name with its letters composed (NFC), as it is typed; a Mac names files otherwise."""
    return unicodedata.normalize("NFC", name)


def file_part(name: str) -> str:
    """A document's name without folders."""
    return name.rpartition("/")[2]


def spellings(name: str) -> list[str]:
    """What a document of this name may be called: all of it, or with fewer of its folders."""
    parts = composed(name).split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]


def told_apart(file: str, folders: Sequence[str]) -> list[str]:
    """What to call the files of one name that lie in these folders, "" for an unknown one: the name
    where there is nothing to tell apart, else behind the fewest folders that do."""
    paths = [tuple(filter(None, folder.split("/"))) for folder in folders]
    return ["/".join((*_telling(path, paths), file)) for path in paths]


def _telling(path: tuple[str, ...], paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    others = [one for one in paths if one != path]
    for length in range(len(path) + 1):
        if all(_last(one, length) != _last(path, length) for one in others):
            return _last(path, length)
    return path


def _last(path: tuple[str, ...], length: int) -> tuple[str, ...]:
    return path[max(0, len(path) - length) :]
