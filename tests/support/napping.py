"""Code that blocks in an event loop, as if it stood in a file of Divan or of a library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NAP = """
import time
def plain(): time.sleep(0)
async def nap(): plain()
async def swallow():
    try: plain()
    except Exception: pass
"""


def defined(name: str, source: str, file: Path) -> Callable[..., Any]:
    """A function of a source, whose frames say that they are of this file."""
    names: dict[str, Any] = {}
    exec(compile(source, str(file), "exec"), names)  # noqa: S102 - it is the tests' own
    made: Callable[..., Any] = names[name]
    return made


def main(arguments: Sequence[str]) -> int:
    """Run one of `NAP` as a program of its own."""
    asyncio.run(defined(arguments[0], NAP, ROOT / "engine" / "nap.py")())
    return 0
