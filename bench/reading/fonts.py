"""A font with Turkish letters for what is drawn: PDF pages and scans."""

from __future__ import annotations

from pathlib import Path

_PLACES = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "C:/Windows/Fonts/arial.ttf",
)


def font() -> str:
    """The path of the first font that is there. Raises FileNotFoundError."""
    for place in _PLACES:
        if Path(place).is_file():
            return place
    raise FileNotFoundError("python -m bench reading needs DejaVu Sans or Arial")
