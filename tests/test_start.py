"""What happens at the start: nothing heavy is imported, and the terminal stays quiet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support import divan_app, process

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
    with divan_app.running(tmp_path, "models: []\n", fresh=True) as app:
        health = httpx.get(f"{app.url}/api/health").json()
        said, complained = app.end()
    assert health["status"] == "ok"
    assert (said, complained) == ("", "")


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with divan_app.running(tmp_path / "one", "models: []\n") as app:
        other = [*divan_app.folders(tmp_path / "one"), "--lang", "en"]
        done = process.run([*other, "--port", app.url.rsplit(":", 1)[1]], tmp_path)
    assert done.returncode == 1
    assert "taken" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_bad_login_flag_is_told_without_the_password(tmp_path: Path) -> None:
    done = process.run(["--auth", "trash:gizli-parola"], tmp_path)
    assert done.returncode == 2
    assert "--auth" in done.stderr
    assert "gizli-parola" not in done.stderr


STUCK = """
import sys, threading, time
from core.shutdown import Shutdown
shutdown = Shutdown(limit_s=float(sys.argv[1]))
shutdown.install()
threading.Thread(target=time.sleep, args=(600,)).start()
print("waiting", flush=True)
shutdown.wait()
print("in order", flush=True)
"""


def stuck(limit_s: float) -> subprocess.Popen[str]:
    """A program that waits for its end, and whose thread would keep it for ten minutes more."""
    program = subprocess.Popen(
        [sys.executable, "-c", STUCK, str(limit_s)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "waiting\n"
    return program


@pytest.mark.skipif(os.name == "nt", reason="signals of another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_that_takes_too_long_is_forced(number: int) -> None:
    with stuck(limit_s=0.1) as program:
        program.send_signal(number)
        assert program.wait(60) == 128 + number


@pytest.mark.skipif(os.name == "nt", reason="signals of another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(number: int) -> None:
    with stuck(limit_s=600) as program:
        program.send_signal(number)
        assert program.stdout is not None
        assert program.stdout.readline() == "in order\n"
        program.send_signal(number)
        assert program.wait(60) == 128 + number
