"""The path of headings above a place in a document."""

from __future__ import annotations

_LONGEST = 200


class Headings:
    """Opened in reading order; a heading closes those of its own level and deeper."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def open(self, level: int, title: str) -> None:
        """From here on the text is under this heading."""
        title = " ".join(title.split())[:_LONGEST]
        self._open = [one for one in self._open if one[0] < level]
        if title:
            self._open.append((level, title))

    @property
    def path(self) -> tuple[str, ...]:
        """The titles from the outermost inwards."""
        return tuple(title for _, title in self._open)
