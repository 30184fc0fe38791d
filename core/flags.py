"""The flags of `app.py`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.arguments import argparse_speaks, language_of
from core.settings import VERSION
from core.texts import LANGUAGES, translate

_MOST_HITS = 50
_LAST_PORT = 65_535


def flags_of(root: Path, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The parsed `arguments`, by default those of the command line; files and folders are by
    default those of the project at `root`. Help and errors end the program, in the language it has
    with these arguments."""
    argv = sys.argv[1:] if arguments is None else arguments
    language = language_of(argv, _catalog(root))
    with argparse_speaks(language):
        return _parser(root, language).parse_args(argv)


def _parser(root: Path, language: str) -> argparse.ArgumentParser:
    """The flags with their defaults, and what they are for in this language."""
    text = _Texts(language)
    flags = argparse.ArgumentParser(prog="app.py", description=text("about"))
    _add_program(flags, root, text)
    commands = flags.add_subparsers(
        dest="command", metavar=text("value.command"), help=text("command")
    )
    _add_check(commands, text)
    _add_replay(commands, text)
    _add_documents(commands, text)
    commands.add_parser("ocr", help=text("ocr"))
    for command in commands.choices.values():
        _add_common(command, text)
    return flags


@dataclass(frozen=True)
class _Texts:
    """What flags are for, and what to write behind them, in one language."""

    language: str

    def __call__(self, key: str, **params: str) -> str:
        return translate(self.language, f"flags.{key}", **params)


def _catalog(root: Path) -> Path:
    return root / "models.yaml"


def _add_program(flags: argparse.ArgumentParser, root: Path, text: _Texts) -> None:
    flags.add_argument("--version", action="version", version=VERSION, help=text("version"))
    flags.add_argument(
        "--host", default="127.0.0.1", metavar=text("value.address"), help=text("host")
    )
    flags.add_argument(
        "--port", type=_between(1, _LAST_PORT, text), default=7860, help=text("port")
    )
    defaults = {"config": _catalog(root), "chats": root / "chats", "data": root / "data"}
    for name, default in defaults.items():
        _add_path(flags, name, text, default=default, help=text(f"{name}_default"))
    _add_language(flags, text, default=None)
    flags.add_argument(
        "--auth", action="append", default=[], metavar=text("value.login"), help=text("auth")
    )
    flags.add_argument("--share", action="store_true", help=text("share"))
    flags.add_argument(
        "--allow-host", action="append", default=[], metavar=text("value.name"),
        help=text("allow_host"),
    )  # fmt: skip
    flags.add_argument(
        "--open", action=argparse.BooleanOptionalAction, default=False, help=text("open")
    )


def _add_common(command: argparse.ArgumentParser, text: _Texts) -> None:
    """Flags that may be given behind the command, too; what stands before it is not forgotten."""
    for name in ("config", "data"):
        _add_path(command, name, text, default=argparse.SUPPRESS, help=text(name))
    _add_language(command, text, default=argparse.SUPPRESS)


def _add_path(flags: argparse.ArgumentParser, name: str, text: _Texts, **settings: Any) -> None:
    metavar = text("value.file" if name == "config" else "value.folder")
    flags.add_argument(f"--{name}", type=Path, metavar=metavar, **settings)


def _add_language(flags: argparse.ArgumentParser, text: _Texts, default: str | None) -> None:
    flags.add_argument("--lang", choices=LANGUAGES, default=default, help=text("lang"))


def _add_check(commands: Any, text: _Texts) -> None:
    check = commands.add_parser("check", help=text("check"))
    check.add_argument("models", nargs="*", metavar="MODEL", help=text("check_models"))


def _add_replay(commands: Any, text: _Texts) -> None:
    replay = commands.add_parser("replay", help=text("replay"))
    replay.add_argument("chat", metavar=text("value.chat"), help=text("replay_chat"))
    replay.add_argument(
        "--model", action="append", default=[], metavar="ID", help=text("replay_model")
    )
    replay.add_argument("--branch", metavar=text("value.name"), help=text("replay_branch"))
    replay.add_argument("--system", metavar=text("value.text"), help=text("replay_system"))
    # A text: the command reads it with a point or a comma, and says what is allowed.
    replay.add_argument("--temperature", metavar="X", help=text("replay_temperature"))
    replay.add_argument("--user", default="", metavar=text("value.user"), help=text("replay_user"))
    _add_path(replay, "chats", text, default=argparse.SUPPRESS, help=text("chats"))


def _add_documents(commands: Any, text: _Texts) -> None:
    index = commands.add_parser("index", help=text("index"))
    index.add_argument(
        "files", nargs="+", type=Path, metavar=text("value.file"), help=text("index_files")
    )
    search = commands.add_parser("search", help=text("search"))
    _add_search(search, text)
    evaluate = commands.add_parser("evaluate", help=text("evaluate"))
    evaluate.add_argument(
        "files", nargs=1, type=Path, metavar=text("value.questions"), help=text("evaluate_files")
    )
    _add_path(evaluate, "documents", text, help=text("evaluate_documents"))
    for command in (index, search, evaluate):
        command.add_argument(
            "--collection", action="append", default=[], metavar=text("value.name"),
            help=text("collection"),
        )  # fmt: skip
        command.add_argument("--user", default="", metavar=text("value.user"), help=text("user"))
    for command in (search, evaluate):
        command.add_argument("--json", action="store_true", help=text("json"))


def _add_search(search: argparse.ArgumentParser, text: _Texts) -> None:
    search.add_argument("question", metavar=text("value.question"), help=text("search_question"))
    search.add_argument(
        "--document", action="append", default=[], metavar=text("value.name"),
        help=text("search_document"),
    )  # fmt: skip
    search.add_argument(
        "--count", type=_between(1, _MOST_HITS, text), default=10, metavar="N",
        help=text("search_count", least="1", most=str(_MOST_HITS)),
    )  # fmt: skip


def _between(least: int, most: int, text: _Texts) -> Callable[[str], int]:
    """Reads whole numbers from `least` to `most`."""

    def number(typed: str) -> int:
        if typed.isdecimal() and len(typed) <= len(str(most)) and least <= int(typed) <= most:
            return int(typed)
        bounds = {"least": str(least), "most": str(most)}
        raise argparse.ArgumentTypeError(text("not_between", value=typed, **bounds))

    return number
