"""Damaged files and bombs end in a clear line each, and the rest goes on."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from time import monotonic

import psutil
import pytest

from rag.load import LoadError, LoadLimits, load
from tests.support import damage, documents

MB = 1 << 20
REFUSED = {
    "unpacked.docx": "too_large",
    "entries.docx": "too_large",
    "laughs.docx": "damaged",
    "deep.docx": "damaged",
    "loop.pdf": "damaged",
    "brackets.pdf": "damaged",
}
"""Bombs that are no documents; the others are small enough once they are read with care."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("slow") / "slow.docx"
    path.write_bytes(damage.slow_docx())
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.pdf"
    path.write_bytes(documents.pdf(documents.TURKISH))
    return path


def workers() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "rag.loaders.worker" in child.cmdline()
    ]


@pytest.fixture
def worker(good: Path) -> psutil.Process:
    """A new worker, the only one, which has loaded a file."""
    for one in workers():
        one.kill()
        one.wait()
    load(good, "good.pdf")
    (made,) = workers()
    return made


def outcome(path: Path, name: str, data: bytes, limits: LoadLimits | None = None) -> str:
    """ "read", or why not; that nothing else is raised is what the tests are about."""
    path.write_bytes(data)
    try:
        parts = load(path, name, limits).parts
    except LoadError as error:
        return error.key
    assert parts
    assert all(part.text.strip().encode() for part in parts)
    return "read"


def test_a_thousand_damaged_files_are_read_or_refused(tmp_path: Path, good: Path) -> None:
    files = enumerate(damage.damaged_files(1000, damage.whole_files(), seed=20))
    with ThreadPoolExecutor(2) as pool:
        found = Counter(
            pool.map(lambda one: outcome(tmp_path / str(one[0]), one[1][0], one[1][1]), files)
        )
    assert found.total() == 1000
    assert found["read"] > 300
    assert found["damaged"] > 200
    assert not found["too_long"] + found["too_much_memory"]
    assert load(good, "good.pdf").pages == 3


@pytest.mark.parametrize("name", damage.BOMBS)
def test_a_bomb_costs_its_own_file_alone(tmp_path: Path, good: Path, name: str) -> None:
    data = damage.BOMBS[name]()
    start = monotonic()
    found = outcome(tmp_path / "bomb", name, data)
    assert monotonic() - start < 20
    assert found in ([REFUSED[name]] if name in REFUSED else ["read", "empty"])
    assert load(good, "good.pdf").pages == 3


def test_too_slow_a_file_is_ended_at_the_limit(slow: Path, good: Path) -> None:
    start = monotonic()
    with pytest.raises(LoadError) as error:
        load(slow, "slow.docx", LoadLimits(seconds=1))
    assert (error.value.key, error.value.detail) == ("too_long", "1 s")
    assert monotonic() - start < 10
    assert load(good, "good.pdf").pages == 3


def test_memory_is_limited(slow: Path, good: Path) -> None:
    with pytest.raises(LoadError) as error:
        load(slow, "slow.docx", LoadLimits(memory=250 * MB))
    assert error.value.key == "too_much_memory"
    assert load(good, "good.pdf", LoadLimits(memory=250 * MB)).pages == 3


def test_a_worker_that_dies_costs_its_own_file_alone(
    slow: Path, good: Path, worker: psutil.Process
) -> None:
    raised: list[LoadError] = []

    def reading() -> None:
        try:
            load(slow, "slow.docx")
        except LoadError as error:
            raised.append(error)

    thread = Thread(target=reading)
    thread.start()
    while worker.cpu_percent(0.05) < 50:  # busy with the file
        pass
    worker.kill()
    thread.join()
    assert [error.key for error in raised] == ["damaged"]
    assert load(good, "good.pdf").pages == 3


@pytest.mark.parametrize("limits", [LoadLimits(characters=50), LoadLimits(file_bytes=1000)])
def test_a_file_of_which_nothing_is_small_enough_is_refused(good: Path, limits: LoadLimits) -> None:
    with pytest.raises(LoadError) as error:
        load(good, "good.pdf", limits)
    assert error.value.key == "too_large"


def test_a_document_cannot_take_in_another_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    path = tmp_path / "a.docx"
    path.write_bytes(damage.docx_asking_for(str(secret)))
    text = "".join(part.text for part in load(path, "a.docx").parts)
    assert "before" in text
    assert "canary" not in text


def test_one_worker_serves_many_files_and_loads_nothing_heavy(
    tmp_path: Path, worker: psutil.Process
) -> None:
    for name, data in damage.whole_files().items():
        assert outcome(tmp_path / name, name, data) in ("read", "scanned")
    assert workers() == [worker]
    mapped = " ".join(one.path for one in worker.memory_maps())
    assert "lxml" in mapped
    assert not [name for name in ("numpy", "torch", "faiss") if f"/{name}" in mapped]


def test_a_worker_knows_no_key_of_a_provider(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in workers():
        one.kill()
        one.wait()
    monkeypatch.setenv("GEMINI_API_KEY", "canary")
    load(good, "good.pdf")
    (worker,) = workers()
    assert "canary" not in worker.environ().values()


def test_the_time_grows_with_the_pages_and_no_faster(
    tmp_path: Path, worker: psutil.Process
) -> None:
    text = " ".join(documents.TURKISH) * 9

    def taken(pages: int) -> float:
        path = tmp_path / f"{pages}.pdf"
        path.write_bytes(documents.pdf([text] * pages))
        before = worker.cpu_times()
        loaded = load(path, path.name)
        after = worker.cpu_times()
        assert loaded.pages == pages
        assert sum(len(part.text) for part in loaded.parts) > 1_200 * pages
        return after.user + after.system - before.user - before.system

    taken(1)
    assert taken(32) < 8 * taken(8)
