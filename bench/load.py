"""Many answers at once, and pages that do not read what they asked for."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.load_worker import RATE
from bench.processes import fake_provider
from bench.slow_reader import READERS, TEXT_MB, grown
from bench.table import Row, load
from tests.support.divan_app import ROOT

STREAMS = 100
SECONDS, QUICK_SECONDS = 20, 8
RUNS, QUICK_RUNS = 3, 1
SDK = "openai SDK alone"
_LIMIT_S = 180


def measure(quick: bool) -> list[Row]:
    """All rows about load."""
    with fake_provider() as provider:
        runs = [
            (_worker("engine", provider, quick), _worker("sdk", provider, quick))
            for _ in range(QUICK_RUNS if quick else RUNS)
        ]
    ours, alone = (
        {key: statistics.median(run[key] for run in side) for key in side[0]}
        for side in zip(*runs, strict=True)
    )
    return [*_stream_rows(ours, alone), _slow_row()]


def _worker(kind: str, provider: str, quick: bool) -> dict[str, float]:
    seconds = QUICK_SECONDS if quick else SECONDS
    with TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as folder:
        place = str(Path(folder) / "divan")
        command = [sys.executable, "-m", "bench.load_worker", kind, provider, place]
        command += [str(STREAMS), str(seconds)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_LIMIT_S)
    if done.returncode:
        raise RuntimeError(f"the load worker failed: {done.stderr[-2000:]}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _stream_rows(ours: dict[str, float], alone: dict[str, float]) -> list[Row]:
    what = f"{STREAMS} streams x {RATE} tokens/s"
    mine, other = ((side["most"] - side["before"]) / STREAMS for side in (ours, alone))
    added = ours["p95"] - alone["p95"]
    return [
        Row(
            f"{what}: age of a token when seen, median", "ms", ours["p50"], alone["p50"], SDK,
            load=load(),
        ),
        Row(
            f"{what}: age of a token when seen, p95", "ms", ours["p95"], alone["p95"], SDK, added,
            50, aim="< 50 ms added", note=f"{added:+.1f} ms", load=load(),
        ),
        Row(
            f"{what}: memory a stream", "MB", mine, other, SDK, mine, 2, aim="< 2 MB", load=load(),
        ),
        Row(f"{what}: processor time", "s", ours["cpu"], alone["cpu"], SDK, load=load()),
    ]  # fmt: skip


def _slow_row() -> Row:
    slow, quick = grown(reading=False), grown(reading=True)
    return Row(
        f"memory during a {TEXT_MB} MB answer, {READERS} pages that never read", "MB", slow, quick,
        "pages that read", slow / quick, 1.3, aim="≤ 1.3 times", load=load(),
    )  # fmt: skip
