"""What reads scanned pages: whether it is there, and its installation where it is wanted.

It weighs some 120 MB, so that it is no part of a plain installation. Nothing but `PACKAGES` is ever
installed, none of it is built here, and its models lie in the packages.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Literal

from core.errors import RejectedInput

log = logging.getLogger(__name__)

PACKAGES = ("rapidocr>=3.10,<4", "onnxruntime>=1.32,<2")
COMMAND = "python app.py ocr"
_MODULES = ("rapidocr", "onnxruntime", "cv2")
_PIP = (
    sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
    "--only-binary=:all:", *PACKAGES,
)  # fmt: skip
_LONGEST_WORDS = 200
OcrState = Literal["off", "missing", "installing", "failed", "ready"]


def is_ocr_installed() -> bool:
    """Whether scanned pages can be read; imports nothing."""
    return all(importlib.util.find_spec(name) for name in _MODULES)


def by_hand() -> str:
    """The command that installs it without Divan."""
    quoted = " ".join(f'"{package}"' for package in PACKAGES)
    return f"{sys.executable} -m pip install {quoted}"


class Ocr:
    """Its state in this program. `is_on` is what `models.yaml` says; `may_install` says whether the
    page may install it: only where its one reader is whoever runs the program."""

    def __init__(self, is_on: bool, may_install: bool) -> None:
        self.may_install = may_install
        self.failure = ""
        """What pip said where it failed."""
        self._is_on = is_on
        self._task: asyncio.Task[bool] | None = None

    @property
    def state(self) -> OcrState:
        """How far it is."""
        if not self._is_on:
            return "off"
        if self._task and not self._task.done():
            return "installing"
        if is_ocr_installed():
            return "ready"
        return "failed" if self.failure else "missing"

    def begin(self, then: Callable[[], None]) -> None:
        """Install it in the background and call `then`, also where that failed. Raises
        RejectedInput where the page may not."""
        if not self.may_install:
            raise RejectedInput("ocr_refused", command=COMMAND)
        if self.state in ("missing", "failed"):
            self.failure = ""
            self._task = asyncio.create_task(self.install(), name="installing OCR")
            self._task.add_done_callback(lambda _: then())

    async def install(self) -> bool:
        """Install it with the running Python's pip; whether it is there now."""
        log.info("installing %s", ", ".join(PACKAGES))
        pip = await asyncio.to_thread(_started)
        try:
            _, said = await asyncio.to_thread(pip.communicate)
        finally:
            pip.kill()  # where the program ends meanwhile
        importlib.invalidate_caches()
        if is_ocr_installed():
            return True
        self.failure = _last_words(said.decode(errors="replace")) or f"pip: {pip.returncode}"
        log.error("OCR could not be installed: %s", self.failure)
        return False


def _started() -> subprocess.Popen[bytes]:
    nothing = subprocess.DEVNULL
    return subprocess.Popen(_PIP, stdin=nothing, stdout=nothing, stderr=subprocess.PIPE)  # noqa: S603


def _last_words(said: str) -> str:
    lines = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.strip()]
    return lines[-1][:_LONGEST_WORDS] if lines else ""
