"""python -m bench.pdf_speed FOLDER: processor time of the PDF loader and of pypdf over a folder.

Each reads all files in a process of its own, its start included, `ROUNDS` times in turn; the best
of each counts, since other programs only ever make a time longer.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from bench.table import Row, machine, show
from rag.loaders.values import LoadLimits, Source

ROUNDS = 3
AT_MOST = 1 / 3


def main() -> None:
    """Measure a folder, or be one of the two readers."""
    if sys.argv[1] in _READERS:
        print(sum(_READERS[sys.argv[1]](path) for path in _files(Path(sys.argv[2]))))
        return
    print(f"{machine()}\n\n{show(measure(Path(sys.argv[1])))}")


def measure(folder: Path) -> list[Row]:
    """Seconds of both, and how many pages were read."""
    runs = [(name, *_seconds(name, folder)) for _ in range(ROUNDS) for name in _READERS]
    ours, pypdf = (min(seconds for name, seconds, _ in runs if name == one) for one in _READERS)
    pages = runs[0][2]
    row = Row(
        f"reading {pages} PDF pages", "CPU s", ours, pypdf, "pypdf",
        ours / pypdf, AT_MOST, aim="at most a third",
    )  # fmt: skip
    return [row]


def _seconds(reader: str, folder: Path) -> tuple[float, int]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "bench.pdf_speed", reader, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stdout.split()[-1])


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.pdf")))


def _by_loader(path: Path) -> int:
    from rag.loaders.collect import collected
    from rag.loaders.pdf import parts
    from rag.loaders.values import Began

    source = Source(path, path.name, LoadLimits())
    return sum(isinstance(piece, Began) for piece in collected(parts(source), source))


def _by_pypdf(path: Path) -> int:
    from rag.loaders.pdf.second import Pypdf

    pages = 0
    with suppress(Exception), closing(Pypdf(path)) as document:
        document.outline()
        for index in range(document.pages):
            pages += 1
            with suppress(Exception):
                document.content(index)
    return pages


_READERS: dict[str, Callable[[Path], int]] = {"loader": _by_loader, "pypdf": _by_pypdf}

if __name__ == "__main__":
    main()
