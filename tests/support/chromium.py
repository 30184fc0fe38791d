"""The browser of the tests: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_NAMES = (
    "chromium-headless-shell",  # the same engine without a window around it: half the work
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find_chromium() -> str:
    """Its path; skips the test where there is none."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium: `apt install chromium`, or any Chrome on the PATH")
    return found
