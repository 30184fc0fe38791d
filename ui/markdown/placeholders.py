"""Text with pieces taken out: a placeholder stands for each until it is put back."""

from __future__ import annotations

import re

OPEN, CLOSE = "\ue0f1", "\ue0f2"
PLACEHOLDER = re.compile(f"{OPEN}(\\d+){CLOSE}")
RESERVED = re.compile(f"[{OPEN}{CLOSE}]")


class Placeholders:
    """The pieces that were taken out of a text, in their order."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, str]] = []

    def hide(self, raw: str, shown: str) -> str:
        """The placeholder of a piece. `raw` is put back into code, `shown` anywhere else."""
        self._pieces.append((raw, shown))
        return f"{OPEN}{len(self._pieces) - 1}{CLOSE}"

    def raw(self, text: str) -> str:
        """The text as it was."""
        return PLACEHOLDER.sub(lambda found: self.raw(self._pieces[int(found[1])][0]), text)

    def shown(self, text: str) -> str:
        """The text with all pieces as the page shows them."""
        return PLACEHOLDER.sub(lambda found: self.shown(self._pieces[int(found[1])][1]), text)
