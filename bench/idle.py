"""Processor time without input: the program and its page, each at rest."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psutil
from playwright.sync_api import Browser

from bench.browser import Site, chromium, divan_site, opened, plain_site
from bench.catalog import divan
from bench.memory import BARE
from bench.processes import Server, fake_provider, started
from bench.table import Row, load

RUNS = 3
_LOOK_S = 10.0
_SETTLE_S = 4.0


def measure(quick: bool) -> list[Row]:
    """Two rows, in milliseconds of processor time for each second."""
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
    with fake_provider() as provider, chromium() as browser:
        for _ in range(1 if quick else RUNS):
            with divan(provider, "bench") as app:
                server = Server(app.url, app.process.pid)
                taken["ours"].append(_at_rest(browser, divan_site(app.url, provider), server))
            with started("bench.bare_page") as server:
                taken["bare"].append(_at_rest(browser, plain_site(server.url, ""), server))
    ours, bare = (
        [statistics.median(column) for column in zip(*taken[which], strict=True)]
        for which in ("ours", "bare")
    )
    return [
        Row(f"{part} at rest: processor time", "ms/s", mine, other, BARE, load=load())
        for part, mine, other in zip(("the program", "its page"), ours, bare, strict=True)
    ]


def _at_rest(browser: Browser, site: Site, server: Server) -> tuple[float, float]:
    """Of the server, and of the browser with its page open."""
    with opened(browser, site, probe=False):
        time.sleep(_SETTLE_S)
        with _spent([psutil.Process(server.pid)]) as of_server, _spent(_browser()) as of_page:
            time.sleep(_LOOK_S)
    return of_server[0], of_page[0]


def _browser() -> list[psutil.Process]:
    mine = psutil.Process().children(recursive=True)
    return [process for process in mine if "chrom" in process.name()]


@contextmanager
def _spent(processes: Iterable[psutil.Process]) -> Iterator[list[float]]:
    """A list that holds, after the block, the milliseconds spent in it for each second."""
    watched, spent = list(processes), list[float]()
    before = sum(_seconds(process) for process in watched)
    yield spent
    spent.append((sum(_seconds(process) for process in watched) - before) * 1000 / _LOOK_S)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
