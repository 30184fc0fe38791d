"""Text with pieces taken out: each stands as a mark until it is put back."""

from __future__ import annotations

import re

OPEN, CLOSE = "\ue0f1", "\ue0f2"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
RESERVED = re.compile(f"[{OPEN}{CLOSE}]")


class Marks:
    """The pieces that were taken out of a text, in their order."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, str]] = []

    def hide(self, raw: str, shown: str) -> str:
        """The mark of a piece. `raw` is put back into code, `shown` anywhere else."""
        self._pieces.append((raw, shown))
        return f"{OPEN}{len(self._pieces) - 1}{CLOSE}"

    def raw(self, text: str) -> str:
        """The text as it was."""
        return MARK.sub(lambda mark: self.raw(self._pieces[int(mark[1])][0]), text)

    def shown(self, text: str) -> str:
        """The text with all pieces as the page shows them."""
        return MARK.sub(lambda mark: self.shown(self._pieces[int(mark[1])][1]), text)
