"""Writing a file so that a crash leaves either the old content or the new."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from storage import disk


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="synced by other means there")
def test_a_save_has_reached_the_disk_before_it_takes_the_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def renamed(source: Path, target: Path) -> None:
        steps.append("name")
        replace(source, target)

    monkeypatch.setattr("os.fsync", synced)
    monkeypatch.setattr("os.replace", renamed)
    disk.replace(tmp_path / "chat.json", b"{}\n")
    assert steps == ["file", "name", "folder"]
