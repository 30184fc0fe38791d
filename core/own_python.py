"""`python app.py` with a Python that lacks the packages: the one in `.venv` takes over.

Needs nothing but the standard library, of any Python since 3.7. What it says is English, like the
words of scripts/install.py: the texts need a package to be read.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

_OLDEST = (3, 11)
_PACKAGES = ("dotenv", "filelock", "gradio", "httpx", "orjson", "pydantic", "starlette", "yaml")
_TAKEN_OVER = "DIVAN_TAKEN_OVER"
"""Set for the Python that takes over, so that it does not look for another one."""


def use_own_python(root: Path) -> None:
    """Return where this Python can run the program. Otherwise run the same command with the one in
    `.venv` beside it, and end with its exit code; with 2 and what to do where there is none."""
    taken_over = os.environ.pop(_TAKEN_OVER, "")
    lacking = _lacking()
    if not lacking:
        return
    own = root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not taken_over and own.is_file():
        _take_over(own, [str(own), str(root / "app.py"), *sys.argv[1:]])
    install = ("py -3" if os.name == "nt" else "python3") + " scripts/install.py"
    print(f"Divan cannot start: this Python ({sys.executable}) has no {lacking}.", file=sys.stderr)
    print(f"Run `make run` or `{install}` in {root}, then this again.", file=sys.stderr)
    sys.exit(2)


def _lacking() -> str:
    """What the program needs and this Python does not have; "" where it has everything."""
    if sys.version_info[:2] < _OLDEST:
        return "version 3.11 or newer"
    return ", ".join(name for name in _PACKAGES if importlib.util.find_spec(name) is None)


def _take_over(python: Path, command: list[str]) -> None:
    """Run the command in place of this process; returns where that Python cannot be run."""
    environment = {**os.environ, _TAKEN_OVER: "1"}
    try:
        if os.name == "nt":  # execve there would give the terminal back before the command ends
            sys.exit(subprocess.call(command, env=environment))  # noqa: S603
        os.execve(python, command, environment)  # noqa: S606
    except OSError as error:
        print(f"{python}: {error.strerror}", file=sys.stderr)
