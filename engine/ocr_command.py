"""`python app.py ocr`: install what reads scanned pages and pictures."""

from __future__ import annotations

from typing import TextIO

from core.texts import translate
from engine.ocr import Ocr, by_hand


async def run_ocr(language: str, out: TextIO, errors: TextIO) -> int:
    """Install it where it is missing. The exit code is 0 once it is there."""
    ocr = Ocr(is_on=True, may_install=True)
    if ocr.state != "ready":
        print(translate(language, "ocr_command.installing"), file=out, flush=True)
        if not await ocr.install():
            params = {"detail": ocr.failure, "command": by_hand()}
            print(translate(language, "ocr_command.failed", **params), file=errors)
            return 1
    print(translate(language, "ocr_command.ready"), file=out)
    return 0
