"""How fast tokens come from the provider to the screen, in a real Chromium."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from bench.browser import Seen, Site, ask, chromium, divan_site, free, opened, plain_site
from bench.catalog import divan
from bench.processes import fake_provider, plain_chat
from bench.stored import write_chat
from bench.table import Row, load

TOKENS = 2000
STORED = 400
RUNS, QUICK_RUNS = 7, 5
LONG_PLAIN_RUNS = 3
FIRST_TOKENS = 10
PLAIN = "plain ChatInterface"
_LIMIT_S = 300.0


def measure(quick: bool) -> list[Row]:
    """All rows about streaming."""
    with fake_provider() as provider, chromium() as browser:
        rows = full_speed(browser, provider, quick)
        rows.append(first_token(browser, provider))
        return rows + frames(browser, provider, quick)


def full_speed(browser: Browser, provider: str, quick: bool) -> list[Row]:
    """2,000 tokens as fast as they are taken, into an empty chat and into a long one.

    The plain page needs minutes for the long one: `quick` leaves that out.
    """
    pace = f"bench-n{TOKENS}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="divan-bench-")))
        chats = [f"stored-{number}" for number in range(QUICK_RUNS if quick else RUNS)]
        for chat in chats:
            write_chat(folder / "chats", chat, STORED, "bench")
        ours = stack.enter_context(divan(provider, pace, folder))
        plain = plain_site(stack.enter_context(plain_chat(provider, pace)).url, provider)
        taken: dict[str, list[float]] = {"empty": [], "long": [], "plain": [], "long plain": []}
        for chat in chats:
            taken["empty"].append(_total(browser, divan_site(ours.url, provider)))
            taken["plain"].append(_total(browser, plain))
            taken["long"].append(_total(browser, divan_site(ours.url, provider, chat)))
        if not quick:
            server = stack.enter_context(plain_chat(provider, pace, STORED))
            site = plain_site(server.url, provider, stored=True)
            taken["long plain"] = [_total(browser, site) for _ in range(LONG_PLAIN_RUNS)]
    return _speed_rows({name: statistics.median(times) for name, times in taken.items() if times})


def _speed_rows(taken: Mapping[str, float]) -> list[Row]:
    empty, long, plain = taken["empty"], taken["long"], taken["plain"]
    long_plain = taken.get("long plain")
    what = f"Enter to last of {TOKENS:,} tokens"
    grown = long_plain / plain if long_plain else None
    return [
        Row(
            what, "s", empty, plain, PLAIN, empty / plain, 1 / 3, aim="≤ 1/3 of plain", load=load()
        ),
        Row(
            f"{what}, {STORED} stored messages", "s", long, long_plain,
            PLAIN if long_plain else "", load=load(),
        ),
        Row(
            f"{STORED} stored messages / empty chat", "x", long / empty, grown,
            PLAIN if grown else "", long / empty, 1.2, aim="≤ 1.2", load=load(),
        ),
    ]  # fmt: skip


def _total(browser: Browser, site: Site, limit_s: float = _LIMIT_S) -> float:
    with opened(browser, site) as page:
        return ask(page, site, limit_s).total_s or limit_s


def first_token(browser: Browser, provider: str) -> Row:
    """From the provider's first token to the screen; half of the runs each way, in turn."""
    pace = "bench-n40-d200"
    with divan(provider, pace) as app, plain_chat(provider, pace) as plain:
        sites = (divan_site(app.url, provider), plain_site(plain.url, provider))
        taken: dict[Site, list[float]] = {site: [] for site in sites}
        for site in (*sites, *sites):
            with opened(browser, site) as page:
                ask(page, site, _LIMIT_S)  # connections and lazy parts of the page
                for _ in range(FIRST_TOKENS // 2):
                    free(page)
                    seen = ask(page, site, _LIMIT_S)
                    taken[site].append((seen.first - seen.sent_first) * 1000)
    ours, other = (statistics.median(taken[site]) for site in sites)
    return Row(
        "first token: provider to screen", "ms", ours, other, PLAIN, ours, 40, aim="≤ 40 ms",
        note=f"median of {FIRST_TOKENS}", load=load(),
    )  # fmt: skip


def frames(browser: Browser, provider: str, quick: bool) -> list[Row]:
    """Frames a second in which the answer grew, at 100 tokens a second."""
    pace = "bench-n12000-r100" + ("-j9000" if quick else "")
    with divan(provider, pace) as app, plain_chat(provider, pace) as plain:
        limit = 36 if quick else 150
        ours = _sampled(browser, divan_site(app.url, provider), limit)
        other = _sampled(browser, plain_site(plain.url, provider), limit)
    rows = []
    if not quick:
        rows.append(_frames_row("whole answer", ours, other, _whole))
    rows.append(_frames_row("last quarter", ours, other, _last_quarter))
    return [*rows, _lag_row(ours, other)]


def _sampled(browser: Browser, site: Site, limit_s: float) -> Seen:
    with opened(browser, site) as page:
        return ask(page, site, limit_s, sample=True)


Window = Callable[[Seen], tuple[float, float]]


def _whole(seen: Seen) -> tuple[float, float]:
    return seen.sent_first, seen.sent_last


def _last_quarter(seen: Seen) -> tuple[float, float]:
    return seen.sent_last - 30, seen.sent_last


def visible_frames(seen: Seen, window: Window) -> float:
    """Frames a second, while the provider sent, that showed more of the answer than before."""
    start, end = window(seen)
    inside = [(at, length) for at, length in seen.frames if start <= at <= end]
    grown = sum(b[1] > a[1] for a, b in pairwise(inside))
    return grown / (end - start)


def drawn_frames(seen: Seen, window: Window) -> float:
    """Frames a second that the browser drew at all."""
    start, end = window(seen)
    return sum(start <= at <= end for at, _ in seen.frames) / (end - start)


def _frames_row(name: str, ours: Seen, other: Seen, window: Window) -> Row:
    shown = visible_frames(ours, window)
    return Row(
        f"visible frames at 100 tokens/s, 12,000 tokens, {name}", "/s", shown,
        visible_frames(other, window), PLAIN, shown, 50, at_least=True, aim="≥ 50",
        note=f"of {drawn_frames(ours, window):.0f} drawn", load=load(),
    )  # fmt: skip


def _lag_row(ours: Seen, other: Seen) -> Row:
    return Row(
        "last token of that answer: provider to screen", "ms", _lag_ms(ours), _lag_ms(other), PLAIN,
        note="" if other.last else "plain given up", load=load(),
    )  # fmt: skip


def _lag_ms(seen: Seen) -> float:
    end = seen.gave_up if seen.last is None else seen.last
    return (end - seen.sent_last) * 1000
