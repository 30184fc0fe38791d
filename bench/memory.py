"""What Divan takes while nobody writes: memory after the page was opened once, and its start."""

from __future__ import annotations

import statistics
import time
import urllib.request

from playwright.sync_api import Browser

from bench.browser import Site, chromium, divan_site, opened, plain_site
from bench.catalog import divan
from bench.processes import fake_provider, memory_mb, started
from bench.table import Row, load

RUNS = 3
BARE = "bare Gradio page"
_SETTLE_S = 4


def measure(quick: bool) -> list[Row]:
    """All rows about idling."""
    runs = 1 if quick else RUNS
    with fake_provider() as provider, chromium() as browser:
        ours, bare = [], []
        for _ in range(runs):
            ours.append(_divan(browser, provider))
            bare.append(_bare(browser))
    columns = [tuple(map(statistics.median, zip(*each, strict=True))) for each in (ours, bare)]
    return _rows(*columns)


def _rows(ours: tuple[float, ...], bare: tuple[float, ...]) -> list[Row]:
    names = ("idle memory, resident", "idle memory, proportional share", "start until it answers")
    rows = []
    for name, unit, mine, other in zip(names, ("MB", "MB", "s"), ours, bare, strict=True):
        judged = mine / other if name.startswith("idle") else None
        limit, aim = (1.3, "≤ 1.3 times") if judged else (None, "")
        rows.append(Row(name, unit, mine, other, BARE, judged, limit, aim=aim, load=load()))
    return rows


def _divan(browser: Browser, provider: str) -> tuple[float, float, float]:
    began = time.perf_counter()
    with divan(provider, "bench") as app:
        _answers(f"{app.url}/api/health")
        took = time.perf_counter() - began
        return (*_idle(browser, divan_site(app.url, provider), app.process.pid), took)


def _bare(browser: Browser) -> tuple[float, float, float]:
    began = time.perf_counter()
    with started("bench.bare_page") as server:
        _answers(server.url)
        took = time.perf_counter() - began
        return (*_idle(browser, plain_site(server.url, ""), server.pid), took)


def _idle(browser: Browser, site: Site, pid: int) -> tuple[float, float]:
    with opened(browser, site):
        time.sleep(1)
    time.sleep(_SETTLE_S)
    return memory_mb(pid)


def _answers(url: str) -> None:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310
        answer.read()
