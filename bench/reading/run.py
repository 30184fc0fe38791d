"""`python -m bench reading`: how many questions find their passage, by format, and why not."""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from bench.reading.questions import Question, answers
from bench.table import Row, load
from rag.chunk import chunks
from rag.embedders import open_embedder
from rag.library import Library
from rag.values import Chunk, Passage, titled

FORMATS = (
    "pdf", "scans", "word", "excel", "powerpoint", "csvs", "html", "epub", "mail", "odt", "rtf",
    "text",
)  # fmt: skip
"""Modules of this folder, each with `write(folder)` and QUESTIONS."""
TOP = 8
AIM = 0.95


@dataclass(frozen=True)
class Read:
    """What became of a file: its chunks, and an error or what was not read."""

    chunks: tuple[Chunk, ...]
    trouble: str = ""


@dataclass(frozen=True)
class Asked:
    """A question and why its passage was not found; "" where it was."""

    format: str
    question: Question
    miss: str


def measure(quick: bool) -> list[Row]:
    """The share found of all questions and of each format's; prints what was missed."""
    del quick
    with TemporaryDirectory(prefix="divan-bench-") as folder:
        asked, seconds = ask_all(Path(folder))
    for one in asked:
        if one.miss:
            print(f"  miss {one.format}: {one.question.text} ({one.question.file}): {one.miss}")
    found = Counter(one.format for one in asked if not one.miss)
    total = Counter(one.format for one in asked)
    share = found.total() / len(asked)
    note = f"{found.total()} of {len(asked)}"
    return [
        Row("questions that find their passage", "", share, judged=share, limit=AIM, at_least=True,
            aim=f"≥ {AIM}", note=note, load=load()),
        *(Row(f"of these, {name}", "", found[name] / total[name],
              note=f"{found[name]} of {total[name]}") for name in FORMATS),
        Row("reading and indexing these files", "s", seconds, load=load()),
    ]  # fmt: skip


def ask_all(folder: Path) -> tuple[list[Asked], float]:
    """Every question over all files in one library, and the seconds until they were indexed."""
    files, home = folder / "files", folder / "library"
    files.mkdir()
    questions = [(name, one) for name in FORMATS for one in _written(name, files)]
    embedder = open_embedder("use")
    library = Library(home, lambda: embedder)
    began = time.perf_counter()
    read = {_name(path): _take(library, path) for path in sorted(files.iterdir())}
    seconds = time.perf_counter() - began
    asked = [Asked(name, one, _miss(library, one, read)) for name, one in questions]
    library.close()
    return asked, seconds


def _written(name: str, folder: Path) -> Sequence[Question]:
    module = import_module(f"bench.reading.{name}")
    module.write(folder)
    return cast(Sequence[Question], module.QUESTIONS)


def _take(library: Library, path: Path) -> Read:
    read = read_file(path)
    if read.chunks:
        document = library.take(path.name, path.read_bytes(), "bench")
        library.index(document.id, read.chunks)
    return read


def _name(path: Path) -> str:
    return unicodedata.normalize("NFC", path.name)


def read_file(path: Path) -> Read:
    """A file as the program reads it."""
    from rag.load import LoadError
    from rag.read import read

    try:
        loaded = read(path, path.name, ocr=True)
    except LoadError as error:
        return Read((), str(error))
    unread = ", ".join(f"{one.first}-{one.last} {one.key}" for one in loaded.unread)
    return Read(tuple(chunks(loaded.parts)), unread)


def _miss(library: Library, question: Question, read: dict[str, Read]) -> str:
    if any(_is_right(hit.passage, question) for hit in library.search(question.text, TOP)):
        return ""
    hits = library.search(question.text, 200)
    for rank, hit in enumerate(hits, 1):
        if _is_right(hit.passage, question):
            return f"in the text, but its passage is number {rank}"
    one = read[question.file]
    if any(answers(question, titled(chunk.heading, chunk.text)) for chunk in one.chunks):
        return "in the text, but its passage is not found"
    return f"not in the text ({one.trouble})" if one.trouble else "not in the text"


def _is_right(passage: Passage, question: Question) -> bool:
    name = unicodedata.normalize("NFC", passage.name)
    return name == question.file and answers(question, titled(passage.heading, passage.text))
