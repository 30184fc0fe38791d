"""What is wrong in `models.yaml`, as lines in every language that repeat no key."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from core.catalog_allowed import allowed
from core.key_text import is_key, without_keys
from core.texts import DEFAULT_LANGUAGE, LANGUAGES, translate

FILE = "models.yaml"
_MOST_NAMES = 30
_MOST_LISTED = 100
_NEVER_SHOWN = frozenset({"api_key_env", "api_key", "base_url", "headers"})
"""Fields whose value is not repeated: a key, or an address with a password, may stand there."""
_REPR = reprlib.Repr()
"""For values of any shape: an alias that is used a thousand times would be a text of gigabytes."""
_REPR.maxstring = _REPR.maxother = 200


class Text(Protocol):
    """The translator of one language for keys under `catalog.`."""

    def __call__(self, key: str, /, **params: str) -> str: ...


Phrase = Callable[[Text], str]
"""A part of a line, in the language of the translator that it gets."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the file: which entry, which key, and a line about it in each language
    that says what is wrong and what is allowed."""

    entry: str
    key: str
    lines: Mapping[str, str]

    def line(self, language: str) -> str:
        """The problem as one line for the page and the terminal."""
        return self.lines.get(language) or self.lines[DEFAULT_LANGUAGE]


class Problems:
    """Collects the problems of one reading; no line holds what may be a key."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._unlisted = 0

    def found(self) -> tuple[Problem, ...]:
        """All problems in the order they were added; beyond a hundred they are only counted."""
        if not self._unlisted:
            return tuple(self._found)
        count = str(self._unlisted)
        lines = {language: text("further", count=count) for language, text in _TEXTS.items()}
        return (*self._found, Problem(FILE, "-", lines))

    def add(self, entry: str, key: str, wrong: Phrase, permitted: Phrase) -> None:
        """Something wrong with a key of an entry, and what is permitted there."""
        if len(self._found) >= _MOST_LISTED:
            self._unlisted += 1
            return
        entry, key = _short(without_keys(entry)), _short(without_keys(key))
        lines = {
            language: translate(
                language,
                "catalog.problem",
                entry=entry,
                key=key,
                wrong=_short(without_keys(wrong(text))),
                allowed=without_keys(permitted(text)),
            )
            for language, text in _TEXTS.items()
        }
        self._found.append(Problem(entry, key, lines))

    def explain(self, entry: str, problem: Any, kind: type[BaseModel], more: int = 0) -> None:
        """A problem as pydantic tells it, of an entry of that kind that has `more` of them."""
        key = key_of(problem)
        if problem["type"] != "missing" and is_key(_shown(problem["input"])):
            self.add(entry, key, phrase("wrong.key"), phrase("allowed.no_key"))
            return

        def wrong(text: Text) -> str:
            line = _wrong(problem, key, kind)(text)
            return f"{line} {text('wrong.more', count=str(more))}" if more else line

        self.add(entry, key, wrong, lambda text: allowed(problem, kind, text))


def line_about(entry: str, key: str) -> Problem:
    """A whole line about an entry: the text `catalog.<key>`."""
    return Problem(
        entry, "-", {language: text(key, entry=entry) for language, text in _TEXTS.items()}
    )


def phrase(key: str, /, **params: str) -> Phrase:
    """A text under `catalog.` with its parameters."""
    return lambda text: text(key, **params)


def names(listed: Collection[str]) -> Phrase:
    """Names with commas between them, no more than a line can take."""
    joined = ", ".join(list(listed)[:_MOST_NAMES])
    more = len(listed) - _MOST_NAMES
    if more <= 0:
        return lambda text: joined
    return lambda text: f"{joined} {text('wrong.more_names', count=str(more))}"


def unknown(key: str, known: Collection[str]) -> Phrase:
    """That a key is none of the known ones, and which one is nearly the same."""
    close = difflib.get_close_matches(key, list(known), n=1)
    return (
        phrase("wrong.unknown_key_close", close=close[0]) if close else phrase("wrong.unknown_key")
    )


def key_of(problem: Any) -> str:
    """The key that a problem of pydantic is about, with dots where it lies deeper."""
    return ".".join(str(part) for part in problem["loc"] if not _is_branch(part)) or "-"


def _wrong(problem: Any, key: str, kind: type[BaseModel]) -> Phrase:
    if problem["type"] == "missing":
        return phrase("wrong.missing")
    value, field = problem["input"], key.partition(".")[0]
    if problem["type"] == "extra_forbidden":
        return unknown(key, kind.model_fields)
    if field in _NEVER_SHOWN:
        return phrase("wrong.hidden")
    if problem["type"] == "string_type" and isinstance(value, bool):
        return phrase("wrong.unquoted", value=str(value).lower())
    if problem["type"] == "string_too_long":
        return phrase(
            "wrong.too_long", count=str(len(value)), limit=str(problem["ctx"]["max_length"])
        )
    return phrase("wrong.value", value=_shown(value))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else _REPR.repr(value)


def _is_branch(part: int | str) -> bool:
    """pydantic adds the tried type of a union to the path; a person does not need it."""
    return isinstance(part, str) and ("[" in part or part in ("bool", "str", "literal"))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"


def _text_of(language: str) -> Text:
    def text(key: str, /, **params: str) -> str:
        return translate(language, f"catalog.{key}", **params)

    return text


_TEXTS = {language: _text_of(language) for language in LANGUAGES}
