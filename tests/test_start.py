"""What happens at the start: nothing heavy is imported, and the terminal stays quiet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx

from tests.support import divan_app

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "torch",
    "transformers",
    "faiss",
    "openai",
    "google.genai",
    "ollama",
    "sentence_transformers",
)
_BUILD_THE_PAGE = """
import json, sys
from pathlib import Path
import app
from core.flags import parser
args = parser(app.ROOT).parse_args(["--chats", "c", "--data", "d"])
services = app.build_services(app.settings_of(args)[0])
from ui.page import build_page
import api.install
build_page(services, lambda request: None)
print(json.dumps(sorted(sys.modules)))
"""


def test_no_sdk_and_no_heavy_library_is_imported_at_the_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BUILD_THE_PAGE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert "gradio" in modules
    assert sorted(modules & set(HEAVY)) == []


def test_the_terminal_shows_the_address_and_then_nothing(tmp_path: Path) -> None:
    with divan_app.running(tmp_path, "models: []\n") as app:
        health = httpx.get(f"{app.url}/api/health").json()
        said, complained = app.end()
    assert health["status"] == "ok"
    assert (said, complained) == ("", "")


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with divan_app.running(tmp_path / "one", "models: []\n") as app:
        done = subprocess.run(
            [
                *(sys.executable, str(ROOT / "app.py"), "--port", app.url.rsplit(":", 1)[1]),
                *("--chats", str(tmp_path / "c"), "--data", str(tmp_path / "d"), "--lang", "en"),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert "taken" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_bad_login_flag_is_told_without_the_password(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "--auth", "trash:gizli-parola"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "--auth" in done.stderr
    assert "gizli-parola" not in done.stderr
