"""What argparse says by itself, help and errors, in the language of the program."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from core.catalog_file import catalog_language
from core.texts import LANGUAGES, translate

_KEYS = {
    "usage: ": "usage",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "help",
    "%(prog)s: error: %(message)s\n": "error",
    "argument %(argument_name)s: %(message)s": "argument",
    "the following arguments are required: %s": "required",
    "one of the arguments %s is required": "one_required",
    "unrecognized arguments: %s": "unrecognized",
    "expected one argument": "one_value",
    "expected at most one argument": "no_more_than_one",
    "expected at least one argument": "at_least_one",
    "expected %s argument": "values",
    "expected %s arguments": "values",
    "invalid choice: %(value)r (choose from %(choices)s)": "choice",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "choice_close"
    ),
    "invalid %(type)s value: %(value)r": "invalid",
    "ambiguous option: %(option)s could match %(matches)s": "ambiguous",
    "ignored explicit argument %r": "no_value",
    "not allowed with argument %s": "conflict",
}
"""Messages of argparse in Python 3.11 to 3.15, and the names of their texts."""


def language_of(arguments: Sequence[str], config: Path) -> str:
    """The language the program has with these arguments: of `--lang`, wherever it stands, else of
    the catalog, which is `config` unless `--config` names another one."""
    early = _Early(add_help=False)
    early.add_argument("--lang", nargs="?")
    early.add_argument("--config", nargs="?", type=Path)
    try:
        found, _ = early.parse_known_args(arguments)
    except _UnclearError:
        return catalog_language(config)
    if found.lang in LANGUAGES:
        return str(found.lang)
    return catalog_language(found.config or config)


class _UnclearError(Exception):
    """Arguments that the real parser will refuse, too, and say why."""


class _Early(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UnclearError(message)


@contextmanager
def argparse_speaks(language: str) -> Iterator[None]:
    """Let argparse use this language as long as the block lasts.

    A subclass would not do: `ArgumentParser.error` gets finished sentences, which mix argparse's
    own words with what a person typed. Their templates pass through the two functions of gettext
    that argparse has imported, so these are replaced.
    (gettext's own way is a compiled file and an environment variable for each language.)
    A sentence that another Python words otherwise stays English.
    """

    def say(sentence: str) -> str:
        return _translated(sentence, language)

    def say_count(one: str, many: str, count: int) -> str:
        return say(one if count == 1 else many)

    names = vars(argparse)
    ours = {"_": say, "ngettext": say_count}
    theirs = {name: names[name] for name in ours if name in names}
    names.update({name: ours[name] for name in theirs})
    try:
        yield
    finally:
        names.update(theirs)


def _translated(sentence: str, language: str) -> str:
    """The text for a sentence of argparse, with the same white space around it."""
    if sentence not in _KEYS:
        return sentence
    text = translate(language, f"flags.argparse.{_KEYS[sentence]}")
    return sentence.replace(sentence.strip(), text)
