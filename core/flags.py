"""The flags of `app.py`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from core.settings import VERSION

_MOST_HITS = 50
_DEFAULT = "(default: %(default)s)"


def parser(root: Path) -> argparse.ArgumentParser:
    """Flags with their defaults; files and folders are those of the project at `root`."""
    flags = argparse.ArgumentParser(
        prog="app.py", description="Divan: talk to many models on one page, keep every chat."
    )
    _add_program(flags, root)
    commands = flags.add_subparsers(dest="command", metavar="COMMAND")
    check = commands.add_parser("check", help="ask every ready model for a word")
    check.add_argument("models", nargs="*", metavar="MODEL")
    _add_replay(commands.add_parser("replay", help="ask a saved chat again, turn by turn"))
    _add_documents(commands)
    for command in commands.choices.values():
        _add_common(command)
    return flags


def _add_program(flags: argparse.ArgumentParser, root: Path) -> None:
    flags.add_argument("--version", action="version", version=VERSION)
    flags.add_argument("--host", default="127.0.0.1", help=f"address to listen on {_DEFAULT}")
    flags.add_argument("--port", type=int, default=7860, help=f"port to listen on {_DEFAULT}")
    flags.add_argument(
        "--config", type=Path, default=root / "models.yaml", help=f"the catalog {_DEFAULT}"
    )
    flags.add_argument(
        "--chats", type=Path, default=root / "chats", help=f"folder of the chats {_DEFAULT}"
    )
    flags.add_argument(
        "--data", type=Path, default=root / "data", help=f"folder of all the rest {_DEFAULT}"
    )
    flags.add_argument("--lang", choices=("tr", "en"), help="language (default: the catalog's)")
    flags.add_argument(
        "--auth",
        action="append",
        default=[],
        metavar="USER:PASSWORD",
        help="a login; may be given more than once (or DIVAN_AUTH in the environment)",
    )
    flags.add_argument("--share", action="store_true", help="make a public link, with a login")
    flags.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another host name the page may be reached by",
    )
    flags.add_argument(
        "--open", action=argparse.BooleanOptionalAction, default=False, help="open a browser"
    )


def _add_common(command: argparse.ArgumentParser) -> None:
    """Flags that may be given behind the command, too; what stands before it is not forgotten."""
    for name, about in (("config", "the catalog"), ("data", "folder of all the rest")):
        command.add_argument(f"--{name}", type=Path, default=argparse.SUPPRESS, help=about)
    command.add_argument(
        "--lang",
        choices=("tr", "en"),
        default=argparse.SUPPRESS,
        help="language (default: the catalog's)",
    )


def _add_documents(commands: Any) -> None:
    index = commands.add_parser("index", help="take files up into the documents")
    index.add_argument("files", nargs="+", type=Path, metavar="FILE", help="file, or folder")
    search = commands.add_parser("search", help="search the documents without asking a model")
    search.add_argument("question", metavar="QUESTION")
    search.add_argument(
        "--document", action="append", default=[], metavar="NAME",
        help="search this document alone; may be given more than once",
    )  # fmt: skip
    search.add_argument(
        "--count",
        type=_count,
        default=10,
        metavar="N",
        help=f"1 to {_MOST_HITS} passages {_DEFAULT}",
    )
    evaluate = commands.add_parser("evaluate", help="measure the search with questions of your own")
    evaluate.add_argument(
        "files", nargs=1, type=Path, metavar="QUESTIONS.jsonl",
        help='lines of {"question": "...", "expected": ["file or text of a passage", ...]}',
    )  # fmt: skip
    evaluate.add_argument(
        "--documents", type=Path, metavar="DIR", help="measure these files, and keep nothing"
    )
    for command in (index, search, evaluate):
        command.add_argument(
            "--collection", action="append", default=[], metavar="NAME", help="a collection"
        )
        command.add_argument("--user", default="", metavar="LOGIN", help="whose documents they are")
    for command in (search, evaluate):
        command.add_argument("--json", action="store_true", help="print JSON")


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= _MOST_HITS:
        raise ValueError(text)
    return count


def _add_replay(replay: argparse.ArgumentParser) -> None:
    replay.add_argument("chat", metavar="CHAT", help="the chat: its id, or its file")
    replay.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="ID",
        help="model to ask (default: the chat's own); may be given more than once",
    )
    replay.add_argument(
        "--branch", metavar="NAME", help="path to ask again (default: the preferred, or chosen one)"
    )
    replay.add_argument("--system", metavar="TEXT", help="another system prompt")
    # A text: what is no number is told in the language of the program, which is not known yet.
    replay.add_argument("--temperature", metavar="X", help="another temperature")
    replay.add_argument("--user", default="", metavar="LOGIN", help="whose chat it is")
    replay.add_argument("--chats", type=Path, default=argparse.SUPPRESS, help="folder of the chats")
