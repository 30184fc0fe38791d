"""The groups of the chat list: pinned, today, yesterday, the week before, then months."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from storage.protocol import Group


def groups(pinned: int, moments: Sequence[float], zone: tzinfo, now: datetime) -> tuple[Group, ...]:
    """Group moments (seconds since 1970, latest first) by the days of the zone.

    `now` knows its own zone. What lies in the future counts as today.
    """
    today = now.astimezone(zone).date()
    starts = [("today", today), ("yesterday", today - timedelta(days=1))]
    starts.append(("week", today - timedelta(days=7)))
    found = [Group("pinned", pinned)]
    done = 0
    for key, start in starts:
        end = _count_from(moments, start, zone)
        found.append(Group(key, end - done))
        done = end
    while done < len(moments):
        start = datetime.fromtimestamp(moments[done], zone).date().replace(day=1)
        end = max(_count_from(moments, start, zone), done + 1)
        found.append(Group(f"{start:%Y-%m}", end - done))
        done = end
    return tuple(group for group in found if group.count)


def _count_from(moments: Sequence[float], start: date, zone: tzinfo) -> int:
    """How many moments lie on this day of the zone or after it."""
    begins = datetime.combine(start, time(), zone).timestamp()
    return bisect_right(moments, -begins, key=lambda moment: -moment)
