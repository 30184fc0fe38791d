"""Where a continued answer meets what there was: models often begin by repeating its end."""

from __future__ import annotations

_SHORTEST_REPEAT = 12
"""Characters; what is shorter may well be meant, like a closing bracket or a digit."""


class Seam:
    """Lets new text through and drops what repeats the end of `before`, while it streams.

    New text is held back as long as it is found in `before`, for it could still run up to the end.
    """

    def __init__(self, before: str) -> None:
        self._before = before
        self._held = ""
        self._passed = not before
        self._dropped = ""

    @property
    def unseen(self) -> str:
        """What came and is not shown: held back or dropped."""
        return self._dropped + self._held

    def take(self, text: str) -> str:
        """The part of the text that is new, as far as that is known."""
        if self._passed:
            return text
        self._held += text
        if self._before.find(self._held, 0, len(self._before) - 1) >= 0:
            return ""
        return self.rest()

    def rest(self) -> str:
        """What is still held back, for when nothing more comes."""
        overlap = self._overlap()
        new, self._dropped = self._held[overlap:], self._held[:overlap]
        self._held, self._passed = "", True
        return new

    def _overlap(self) -> int:
        longest = min(len(self._held), len(self._before))
        lengths = range(longest, _SHORTEST_REPEAT - 1, -1)
        repeated = (n for n in lengths if self._before.endswith(self._held[:n]))
        found = next(repeated, 0)
        return found if any(c.isalnum() for c in self._held[:found]) else 0
