"""A blocking call of Divan's own code in a running event loop raises, and is reported with its
stack: also where the error is swallowed, in another thread's loop, or in a forked program.

Blamed is who called the function that blocks: the innermost frame that is neither the standard
library's nor that of a library which only does what it is told (`_TOOLS`). Gradio's and
Starlette's own calls below our middleware are theirs.
"""

from __future__ import annotations

import inspect
import os
import sys
import sysconfig
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import blockbuster.blockbuster as library

from tests.support import blocking_report

ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("api", "core", "engine", "providers", "rag", "storage", "ui")
_OURS = (*(f"{ROOT / package}{os.sep}" for package in _PACKAGES), str(ROOT / "app.py"))

_TOOLS = ("blockbuster", "dotenv", "filelock", "yaml")
_SITE = tuple({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
_PASSED_OVER = (
    *("<frozen ", __file__, str(ROOT / "tests" / "conftest.py")),
    *(f"{Path(site, tool)}{os.sep}" for site in _SITE for tool in _TOOLS),
)
_COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_TESTS = f"{ROOT / 'tests'}{os.sep}"
_STDLIB = f"{sysconfig.get_path('stdlib')}{os.sep}"

_MORE = ("builtins.open", "io.open", "os.fsync", "os.open", "sqlite3.connect")
"""What blocks, too, beside the calls that blockbuster knows."""
_ALLOWED = (
    # Log lines are written at once: what led to a crash is read there.
    ("logging/__init__.py", "callHandlers"),
    # What is imported late is meant to be; blockbuster lets most of an import pass, too.
    ("<frozen importlib._bootstrap>", "_find_and_load"),
)
"""Files and functions of them that may block."""


class Blocked(library.BlockingError):
    """A blocking call in the event loop, which is in the report."""

    def __init__(self, function: str) -> None:
        super().__init__(function)
        blocking_report.write(f"{self} in the event loop\n{_stack(sys._getframe(2))}")


@cache
def watch() -> None:
    """Make blocking calls raise `Blocked` in this process and those that are forked from it."""
    vars(library)["BlockingError"] = Blocked
    watched = library.BlockBuster().functions
    watched |= {name: library.BlockBusterFunction(None, name) for name in _MORE}
    for function in watched.values():
        function.can_block_predicate = _unless_ours(function.can_block_predicate)
        for place in _ALLOWED:
            function.can_block_in(*place)
        function.activate()


def _unless_ours(may_block: Callable[..., bool]) -> Callable[..., bool]:
    def predicate(*args: Any, **kwargs: Any) -> bool:
        if may_block(*args, **kwargs) or (args and _is_terminal(args[0])):
            return True
        return not _is_ours(sys._getframe(1))

    return predicate


def _is_terminal(file: object) -> bool:
    """Whether a command prints there; it serves nobody meanwhile."""
    streams = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    layers = [layer for s in streams for layer in (s, getattr(s, "buffer", None)) if layer]
    return any(file is layer for layer in layers)


def _is_ours(frame: FrameType | None) -> bool:
    """Whether Divan called what blocks, and not only because a test calls a plain function of it
    inside a loop."""
    called = False
    while frame and not _is_loop(frame):
        code = frame.f_code
        if code.co_filename.startswith(_OURS):
            called = True
            if code.co_flags & _COROUTINE:
                return True
        elif not _is_passed_over(code.co_filename):
            return called and not code.co_filename.startswith(_TESTS)
        frame = frame.f_back
    return called


def _is_passed_over(file: str) -> bool:
    return file.startswith(_PASSED_OVER) or (
        file.startswith(_STDLIB) and not file.startswith(_SITE)
    )


def _is_loop(frame: FrameType) -> bool:
    code = frame.f_code
    return code.co_name == "_run" and code.co_filename.endswith("asyncio/events.py")


def _stack(frame: FrameType) -> str:
    inside: list[traceback.FrameSummary] = []
    for summary in reversed(traceback.extract_stack(frame)):
        if summary.name == "_run" and summary.filename.endswith("asyncio/events.py"):
            break
        inside.insert(0, summary)
    return "".join(traceback.format_list(inside))
