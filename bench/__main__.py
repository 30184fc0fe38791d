"""python -m bench [PART ...] [--quick]: measure, print, save. `--help` names the parts.

--quick takes fewer and shorter runs, and leaves `storage` out unless it is named.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module

from bench.table import Row, machine, save, show

MEASURED = (
    "streaming", "memory", "idle", "history", "load", "summary", "lanes", "branches",
    "branches_page", "retrieval", "reading", "follow_ups", "everyday", "while_indexing",
)  # fmt: skip
PARTS = (*MEASURED, "storage")


def main() -> int:
    """Run the parts that were asked for."""
    flags = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    flags.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    flags.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    args = flags.parse_args()
    wrong = set(args.parts) - set(PARTS)
    if wrong:
        flags.error(f"no such part: {', '.join(sorted(wrong))}")
    asked = args.parts or (MEASURED if args.quick else PARTS)
    rows = [row for part in asked if part in MEASURED for row in _run(part, args.quick)]
    if rows:
        print(f"\n{machine()}\n\n{show(rows)}\n\nsaved in {save(rows)}")
    if "storage" in asked:
        from bench import storage_bench

        storage_bench.main()
    return 0


def _run(part: str, quick: bool) -> list[Row]:
    print(f"{part} ... ({machine()})", flush=True)
    began = time.perf_counter()
    rows: list[Row] = import_module(f"bench.{part}").measure(quick)
    print(f"{show(rows)}\n{time.perf_counter() - began:.0f} s", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
