"""Four models side by side at 100 tokens a second each, in a real Chromium."""

from __future__ import annotations

import itertools
import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from playwright.sync_api import Browser, CDPSession, Page
from playwright.sync_api import TimeoutError as TooLate

from bench.browser import chromium
from bench.catalog import lanes_catalog
from bench.processes import Server, fake_provider, started
from bench.stored import write_comparison
from bench.table import Row, load
from tests.support import divan_app

LANES = 4
RATE = 100
SECONDS, QUICK_SECONDS = 30, 12
STORED = 400
PLAIN = "four plain Chatbots"
_PROBE = Path(__file__).with_name("lanes_probe.js")
_OPEN_MS = 60_000
_LATEST_S = 30
_marks = (f"lanes{number:04d}x" for number in itertools.count())


@dataclass(frozen=True)
class Side:
    """A page with four lanes: where to write, and which models its lanes ask."""

    server: Server
    path: str
    box: str
    ready: str
    models: Sequence[str]


@dataclass(frozen=True)
class Shown:
    """One question to all lanes. `frames` are (time, length of each lane); `sent` and `ended` when
    each provider sent its first and last token, `last` when all were shown (None: given up).
    Processor seconds of server and page, from the question to the end."""

    frames: Sequence[Sequence[float]]
    sent: Sequence[float]
    ended: Sequence[float]
    last: float | None
    server_s: float
    page_s: float


def measure(quick: bool) -> list[Row]:
    """All rows about lanes."""
    seconds = QUICK_SECONDS if quick else SECONDS
    models = [f"bench-n{RATE * seconds}-r{RATE}-lane{n}" for n in range(1, LANES + 1)]
    with fake_provider() as provider, chromium() as browser:
        with _divan(provider, models) as (empty, stored):
            ours = _asked(browser, empty, provider, seconds)
            again = _asked(browser, stored, provider, seconds)
        with started("bench.plain_compare", provider, *models) as server:
            plain = Side(server, "/", "textarea", "document.querySelector('#lane-4')", models)
            other = _asked(browser, plain, provider, seconds)
    return _rows(ours, again, other, seconds)


@contextmanager
def _divan(provider: str, models: Sequence[str]) -> Iterator[tuple[Side, Side]]:
    """The real program, looked at with an empty comparison and with a long stored one."""
    ids = [f"lane{n}" for n in range(1, LANES + 1)]
    box = "#compare-prompt textarea"
    ready = "window.divan && document.body.dataset.ready && document.getElementById('lane-4')"
    with TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        write_comparison(folder / "chats", "stored-comparison", STORED, ids)
        with divan_app.running(folder, lanes_catalog(provider, ids, models)) as app:
            server = Server(app.url, app.process.pid)
            yield (
                Side(server, f"/?compare={','.join(ids)}", box, ready, models),
                Side(server, "/?chat=stored-comparison&tab=compare", box, ready, models),
            )


def _asked(browser: Browser, side: Side, provider: str, seconds: int) -> Shown:
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    context.add_init_script(path=_PROBE)
    try:
        page = context.new_page()
        page.goto(side.server.url + side.path)
        page.wait_for_function(f"() => Boolean({side.ready})", timeout=_OPEN_MS)
        page.locator(side.box).first.wait_for(timeout=_OPEN_MS)
        page.wait_for_timeout(1500)
        return _watched(page, context.new_cdp_session(page), side, provider, seconds)
    finally:
        context.close()


def _watched(page: Page, session: CDPSession, side: Side, provider: str, seconds: int) -> Shown:
    mark = next(_marks)
    session.send("Performance.enable")
    page.locator(side.box).first.fill(f"A question mark={mark}")
    page.wait_for_timeout(500)
    server, drawn = _server_s(side.server), _page_s(session)
    page.evaluate("() => lanesProbe.start()")
    page.locator(side.box).first.press("Enter")
    last: float | None = None
    with suppress(TooLate):
        limit = (seconds + _LATEST_S) * 1000
        page.wait_for_function(
            "text => lanesProbe.holds(text)", arg=f"LAST{mark}", timeout=limit, polling=100
        )
        last = time.time()
    times = [_times(provider, f"{mark}-{model}") for model in side.models]
    return Shown(
        frames=[[f[0] / 1000, *f[1:]] for f in page.evaluate("() => lanesProbe.frames")],
        sent=[one["first"] for one in times],
        ended=[one["last"] or time.time() for one in times],
        last=last,
        server_s=_server_s(side.server) - server,
        page_s=_page_s(session) - drawn,
    )


def _times(provider: str, key: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{provider.removesuffix('/v1')}/times/{key}") as answer:  # noqa: S310
        found: dict[str, float] = json.loads(answer.read())
    return found


def _server_s(server: Server) -> float:
    times = psutil.Process(server.pid).cpu_times()
    return float(times.user + times.system)


def _page_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def slowest_rate(shown: Shown) -> float:
    """The slowest lane's displayed rate by its provider's, over the middle 80 % of its text."""
    return min(_rate(shown, lane) for lane in range(LANES))


def _rate(shown: Shown, lane: int) -> float:
    lengths = [(f[0], f[lane + 1]) for f in shown.frames]
    emptied = min(range(len(lengths)), key=lambda place: lengths[place][1])
    lengths = lengths[emptied:]  # from when the new answer has taken the place of the one before
    start = _reached(lengths, 0.1 * lengths[-1][1])
    end = _reached(lengths, 0.9 * lengths[-1][1])
    return 0.8 * (shown.ended[lane] - shown.sent[lane]) / (end - start)


def _reached(lengths: Sequence[tuple[float, float]], wanted: float) -> float:
    return next(at for at, length in lengths if length >= wanted)


def grown_frames(shown: Shown) -> float:
    """Frames a second, while all providers sent, in which a lane showed more than before: the lane
    with the fewest."""
    start, end = max(shown.sent), min(shown.ended)
    inside = [frame for frame in shown.frames if start <= frame[0] <= end]
    counts = [
        sum(b[lane] > a[lane] for a, b in itertools.pairwise(inside))
        for lane in range(1, LANES + 1)
    ]
    return min(counts) / (end - start)


def _rows(ours: Shown, stored: Shown, plain: Shown, seconds: int) -> list[Row]:
    what = f"{LANES} lanes at {RATE} tokens/s, {seconds} s"
    tokens = LANES * RATE * seconds / 1000
    rate, late = slowest_rate(ours), slowest_rate(stored)
    frames, grown = grown_frames(ours), grown_frames(stored)
    page = stored.page_s / ours.page_s
    server = stored.server_s / ours.server_s
    return [
        Row(f"{what}: slowest lane's shown rate by its provider's", "x", rate,
            slowest_rate(plain), PLAIN, rate, 0.95, True, "≥ 0.95", load=load()),
        Row(f"the same, {STORED} stored messages", "x", late, None, "", late, 0.95, True,
            "≥ 0.95", load=load()),
        Row(f"{what}: visible frames of the slowest lane", "/s", frames, grown_frames(plain),
            PLAIN, frames, 45, True, "≥ 45", load=load()),
        Row(f"the same, {STORED} stored messages", "/s", grown, None, "", grown, 45, True,
            "≥ 45", load=load()),
        Row("page's processor time for 1,000 tokens", "s", ours.page_s / tokens,
            plain.page_s / tokens, PLAIN, load=load()),
        Row(f"the same with {STORED} stored messages / without", "x", page, None, "", page, 1.2,
            aim="≤ 1.2", load=load()),
        Row("server's processor time for 1,000 tokens", "s", ours.server_s / tokens,
            plain.server_s / tokens, PLAIN, load=load()),
        Row(f"the same with {STORED} stored messages / without", "x", server, None, "", server,
            1.2, aim="≤ 1.2", load=load()),
    ]  # fmt: skip
