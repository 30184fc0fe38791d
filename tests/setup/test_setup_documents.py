"""Documents in the real program: off, on, killed in the middle, and in a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from core.catalog import DocumentRules
from rag.chunk import Sizes, chunks
from rag.load import load
from tests.support import divan_app, process
from tests.support.divan_app import DivanApp
from tests.support.embedding_server import EmbeddingServer
from tests.support.paced_provider import PacedProvider

CATALOG = """
language: tr
default_model: words
providers:
  paced: {{format: openai_compatible, base_url: "{url}", label: Deneme}}
models:
  - {{id: words, label: Kelimeler, provider: paced, name: words-3}}
  - {{id: slow, label: "Yavaş", provider: paced, name: words-2000-every-20}}
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
TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Demlik yirmi dakika dinlenmelidir."


@pytest.fixture
def provider() -> Iterator[PacedProvider]:
    server = PacedProvider()
    yield server
    server.close()


@pytest.fixture
def folder(tmp_path: Path, provider: PacedProvider) -> Path:
    """A Divan with one chat."""
    (tmp_path / "models.yaml").write_text(CATALOG.format(url=provider.url), encoding="utf-8")
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "c1.json").write_text(json.dumps(CHAT), encoding="utf-8")
    return tmp_path


@pytest.fixture
def embedding() -> Iterator[EmbeddingServer]:
    """For what does not depend on the embedder: the real one takes two seconds to load."""
    server = EmbeddingServer()
    yield server
    server.close()


def catalog(folder: Path, embedding: EmbeddingServer | None = None) -> str:
    """The folder's catalog; with a server, documents are embedded by it."""
    text = (folder / "models.yaml").read_text(encoding="utf-8")
    if embedding is None:
        return text
    return f"{text}documents: {{embedder: ollama, model: m, base_url: '{embedding.url}'}}\n"


def until(fits: Callable[[], Any], seconds: float = 60) -> Any:
    """What `fits` gives once it is something."""
    end = time.monotonic() + seconds
    while not (found := fits()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
    return found


def upload(app: DivanApp, files: Mapping[str, bytes]) -> None:
    sent = [("files", (name, data)) for name, data in files.items()]
    httpx.post(f"{app.url}/api/documents", files=sent, timeout=60).raise_for_status()


def shelved(app: DivanApp) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{app.url}/api/documents").json()["documents"]
    return found


def settled(app: DivanApp) -> list[dict[str, Any]]:
    def all_done() -> Any:
        found = shelved(app)
        return found if all(d["state"] in ("ready", "failed") for d in found) else None

    done: list[dict[str, Any]] = until(all_done)
    return done


def asked_again(app: DivanApp, model: str = "words") -> dict[str, Any]:
    """The answer of a real turn, as it is saved."""
    body = {"model": model, "leaf": "a"}
    replay = httpx.post(f"{app.url}/api/chats/c1/replay", json=body).json()["replay"]
    ended = until(
        lambda: (
            found
            if (found := httpx.get(f"{app.url}/api/replays/{replay}").json())["state"] != "running"
            else None
        )
    )
    chat = json.loads((app.chats / "c1.json").read_text(encoding="utf-8"))
    return next(m for m in chat["messages"] if m["id"] == ended["new_leaf"])


def test_a_chat_with_the_switch_on_is_given_passages_and_keeps_them(
    folder: Path, provider: PacedProvider
) -> None:
    with divan_app.running(folder, catalog(folder)) as app:
        upload(app, {"cay.txt": TEA.encode()})
        (document,) = settled(app)
        httpx.post(f"{app.url}/api/chats/c1/documents", json={"on": True})
        answer = asked_again(app)["answer"]
        httpx.delete(f"{app.url}/api/documents/{document['id']}")
        without = asked_again(app)["answer"]
    assert [(p["number"], p["name"]) for p in answer["passages"]] == [(1, "cay.txt")]
    assert "notices" not in answer
    first, last = (request["messages"][0] for request in provider.requests)
    assert first["role"] == "system"
    assert TEA in first["content"]
    assert "none of these is before you" in last["content"]
    assert [notice["key"] for notice in without["notices"]] == ["no_documents"]
    assert "passages" not in without


FILES = 12


def some_files() -> dict[str, bytes]:
    """Real files of several formats; each says something that no other one says."""
    import io

    from docx import Document
    from fpdf import FPDF

    files: dict[str, bytes] = {}
    for number in range(FILES):
        said = [f"Dosya {number}, madde {line}: kod X{number}Y{line}. " * 12 for line in range(40)]
        if number % 3 == 0:
            pdf = FPDF()
            pdf.set_font("helvetica", size=9)
            for start in range(0, len(said), 10):
                pdf.add_page()
                pdf.multi_cell(0, text="\n".join(said[start : start + 10]))
            files[f"{number}.pdf"] = bytes(pdf.output())
        elif number % 3 == 1:
            word, held = Document(), io.BytesIO()
            for line in said:
                word.add_paragraph(line)
            word.save(held)
            files[f"{number}.docx"] = held.getvalue()
        else:
            files[f"{number}.txt"] = "\n\n".join(said).encode()
    return files


def chunks_of(files: Mapping[str, bytes], folder: Path) -> dict[str, int]:
    """How many chunks each file has, by its name."""
    rules = DocumentRules()
    sizes = Sizes(rules.chunk_characters, rules.chunk_overlap)
    found = {}
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        found[name] = len(list(chunks(load(path, name).parts, sizes)))
    return found


def kill_while_held(app: DivanApp, embedding: EmbeddingServer) -> int:
    """Kill the program in the middle of a document; how many others were ready."""
    assert embedding.held.wait(60)
    ready = [d for d in shelved(app) if d["state"] == "ready"]
    app.kill()
    return len(ready)


def test_kill_9_while_indexing_costs_nothing_and_doubles_nothing(
    folder: Path, tmp_path: Path, embedding: EmbeddingServer
) -> None:
    files = some_files()
    (tmp_path / "files").mkdir()
    expected = {name: ("ready", n) for name, n in chunks_of(files, tmp_path / "files").items()}
    quick = catalog(folder, embedding)
    embedding.hold("X0Y39")
    with divan_app.running(folder, quick) as app:
        upload(app, files)
        assert kill_while_held(app, embedding) == 0
    embedding.hold("X7Y20")
    with divan_app.running(folder, quick) as app:
        assert 0 < kill_while_held(app, embedding) < FILES
    embedding.release()
    with divan_app.running(folder, quick) as app:
        until(lambda: sum(d["state"] == "ready" for d in shelved(app)) > FILES // 2)
        app.kill()
    with divan_app.running(folder, quick) as app:
        assert {d["name"]: (d["state"], d["chunks"]) for d in settled(app)} == expected
        points = httpx.get(f"{app.url}/api/documents/map").json()["points"]
        assert len({point["chunk"] for point in points}) == len(points)
        assert len(points) == sum(count for _, count in expected.values())
        for number in range(FILES):
            address = f"{app.url}/api/documents/search?count=1&q=X{number}Y39"
            hits = httpx.get(address).json()["hits"]
            assert hits[0]["name"].partition(".")[0] == str(number)
            assert f"X{number}Y39" in hits[0]["text"]


def test_an_answer_goes_on_while_a_document_is_indexed(
    folder: Path, embedding: EmbeddingServer
) -> None:
    """How evenly it goes on is measured: `python -m bench while_indexing`."""
    embedding.hold("Çay")
    with divan_app.running(folder, catalog(folder, embedding)) as app:
        body = {"model": "slow", "leaf": "a"}
        turn = httpx.post(f"{app.url}/api/chats/c1/replay", json=body).json()["new_leaf"]
        with connect(app.url.replace("http", "ws") + "/ws", max_size=None) as page:
            page.send(json.dumps({"type": "follow", "turn": turn, "after": 0}))
            upload(app, {"cay.txt": TEA.encode()})
            assert embedding.held.wait(60)
            assert [d["state"] for d in shelved(app)] == ["working"]
            frames = 0
            while frames < 20:
                frames += json.loads(page.recv(timeout=60))["type"] == "frame"
            assert [d["state"] for d in shelved(app)] == ["working"]
            embedding.release()
            assert [d["state"] for d in settled(app)] == ["ready"]


def terminal(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    config = ["--config", str(folder / "models.yaml"), "--chats", str(folder / "chats")]
    return process.run(["--lang", "en", *config, *arguments], folder)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    place = tmp_path / "papers"
    (place / "sub").mkdir(parents=True)
    (place / "cay.md").write_text(f"# Çay\n\n{TEA}", encoding="utf-8")
    (place / "sub" / "bridge.txt").write_text("The bridge was opened in 1973.", encoding="utf-8")
    (place / ".hidden.txt").write_text("gizli", encoding="utf-8")
    return place


@pytest.fixture
def quick(folder: Path, embedding: EmbeddingServer) -> None:
    """The folder's catalog names the server as embedder."""
    (folder / "models.yaml").write_text(catalog(folder, embedding), encoding="utf-8")


@pytest.mark.usefixtures("quick")
def test_a_terminal_indexes_searches_and_measures(folder: Path, papers: Path) -> None:
    data = ("--data", str(folder / "elsewhere"))
    index = terminal(folder, "index", str(papers), *data)
    assert (index.returncode, index.stderr) == (0, "")
    assert sorted(index.stdout.splitlines()) == ["✓ bridge.txt: 1 passage", "✓ cay.md: 1 passage"]
    found = terminal(folder, "search", "When was the bridge opened?", "--json", *data)
    rows = json.loads(found.stdout)
    assert (rows[0]["rank"], rows[0]["file"], rows[0]["page"]) == (1, "bridge.txt", None)
    assert rows[0]["text"] == "The bridge was opened in 1973."
    assert rows[0]["score"] >= rows[1]["score"]
    shown = terminal(folder, *data, "search", "Çay nerede yetişir?")
    assert shown.stdout.startswith("1. cay.md › Çay")
    one = ("--document", "bridge.txt", "--json")
    only = terminal(folder, *data, "search", "Çay nerede yetişir?", *one)
    assert [row["file"] for row in json.loads(only.stdout)] == ["bridge.txt"]
    unknown = terminal(folder, *data, "search", "Çay?", "--document", "kahve.md")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "no document or collection called “kahve.md”" in unknown.stderr
    (folder / "q.jsonl").write_text(
        '{"question": "Çay nerede yetişir?", "expected": ["cay.md"]}\n', encoding="utf-8"
    )
    measured = terminal(folder, "evaluate", str(folder / "q.jsonl"), *data)
    assert measured.returncode == 0
    assert "nDCG@10" in measured.stdout
    assert "both" in measured.stdout


def test_a_folder_can_be_measured_without_keeping_it(folder: Path, papers: Path) -> None:
    data = ("--data", str(folder / "elsewhere"))
    (folder / "q.jsonl").write_text('{"question": "When was it opened?", "expected": "1973"}')
    arguments = ("evaluate", str(folder / "q.jsonl"), "--documents", str(papers), "--json")
    measured = terminal(folder, *arguments, *data)
    settings = {one["name"]: one for one in json.loads(measured.stdout)["settings"]}
    assert settings["both"]["recall_1"] == 1.0
    assert "bridge.txt" in measured.stderr
    empty = terminal(folder, "search", "bridge", *data)
    assert empty.returncode == 1
    assert "no documents" in empty.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("index", "/nowhere/a.txt"), 2, "/nowhere/a.txt is not there"),
        (("evaluate", "/nowhere/q.jsonl"), 2, "/nowhere/q.jsonl is not there"),
        (("evaluate", "{folder}/models.yaml"), 2, "Line 2 of the question file"),
        (("search", " "), 2, "no question to search for"),
        (("search", "a", "--count", "0"), 2, "--count"),
        (("index", "{folder}/bad.pdf"), 1, "✗ bad.pdf: The file is damaged"),
        (("index", "{folder}/models.yaml", "--collection", " "), 2, "cannot have this name"),
    ],
)
def test_what_cannot_be_is_told_with_its_exit_code(
    folder: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    named = [argument.format(folder=folder) for argument in arguments]
    done = terminal(folder, *named, "--data", str(folder / "data"))
    assert said in done.stdout + done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("quick")
def test_a_missing_file_costs_the_others_nothing(folder: Path, papers: Path) -> None:
    files = ("/nowhere/a.txt", str(papers / "cay.md"))
    done = terminal(folder, "index", *files, "--data", str(folder / "data"))
    assert done.stdout.splitlines() == ["✓ cay.md: 1 passage"]
    assert "/nowhere/a.txt is not there" in done.stderr
    assert done.returncode == 1


@pytest.mark.usefixtures("quick")
def test_a_reader_that_leaves_ends_the_search_without_a_word(folder: Path, papers: Path) -> None:
    data = ("--data", str(folder / "data"))
    terminal(folder, "index", str(papers), *data)
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "wb") as pipe:
        done = subprocess.run(
            [*process.command(), "search", "çay", *data],
            stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=120,
        )  # fmt: skip
    assert done.stderr == b""
    assert done.returncode == 141


@pytest.mark.usefixtures("quick")
def test_an_embedder_that_is_away_is_told_by_every_command(
    folder: Path, papers: Path, embedding: EmbeddingServer
) -> None:
    data = ("--data", str(folder / "data"))
    assert terminal(folder, "index", str(papers), *data).returncode == 0
    embedding.close()
    (folder / "q.jsonl").write_text('{"question": "a", "expected": "b"}', encoding="utf-8")
    for command in (("search", "çay"), ("evaluate", str(folder / "q.jsonl"))):
        done = terminal(folder, *command, *data)
        assert done.returncode == 1
        assert done.stderr.startswith("The server of the embedder")
        assert "CRITICAL" not in done.stderr


def test_language_and_folder_may_stand_behind_the_command(folder: Path) -> None:
    done = terminal(folder, "search", "", "--lang", "tr", "--data", str(folder / "data"))
    assert "soru yok" in done.stderr
    told = terminal(folder, "check", "--help").stdout
    assert "--lang" in told
    assert "--data" in told
