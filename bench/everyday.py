"""Documents: which everyday questions are given the passage that answers them.

`everyday/` holds the documents of a person, half Turkish and half English, `everyday.jsonl` sixty
questions about them as people type them; articles of XQuAD stand beside as other documents. What is
given is what the chat's own search gives. `kind` of a question: alone, follow_up (behind the
`earlier` ones), across (asked in the other language), by_name (says which document), about
(documents as such), again (wants the answer before in another form), and without an answer in the
library near (a document is about its subject) and far. All `expected` phrases have to be given.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.table import Row, load
from bench.xquad import DATA
from core.documents import ChosenDocument
from engine.documents import Documents
from engine.retrieval import LookedUp

QUESTIONS = Path(__file__).with_name("everyday.jsonl")
DOCUMENTS = Path(__file__).with_name("everyday")
ARTICLES = 24
"""How many of XQuAD's stand beside, by turns in Turkish and in English."""
_KINDS = {
    "alone": "asked alone",
    "follow_up": "follow-ups",
    "across": "across languages",
    "by_name": "with a document's name",
    "about": "about the documents as such",
    "again": "about the answer before",
}
_AIM = 0.9
_HINT = "weak_match"


@dataclass(frozen=True)
class Answered:
    """A question with what it was given: whether all it needs is in it, how many letters it has,
    and whether the hint said that it hardly fits."""

    asked: dict[str, Any]
    met: bool
    letters: int
    hinted: bool


def measure(quick: bool) -> list[Row]:
    """All rows about everyday questions; nothing to shorten."""
    del quick
    answered = asyncio.run(_ask_all())
    answerable = [one for one in answered if "expected" in one.asked]
    rows = [_met(name, _of(answered, kind)) for kind, name in _KINDS.items()]
    rows.append(_met("all with an answer", answerable, _AIM))
    rows += [
        _hinted(f"no answer, subject {name}", _of(answered, kind))
        for kind, name in (("near", "known"), ("far", "unknown"))
    ]
    rows.append(_hinted("all with an answer", answerable))
    letters = statistics.median(one.letters for one in answered)
    rows.append(Row("everyday questions: given, median", "letters", letters, load=load()))
    for one in answerable:
        if not one.met:
            print(f"  not given: {one.asked['kind']}: {one.asked['question']}")
    return rows


def questions() -> list[dict[str, Any]]:
    """The sixty questions."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def files() -> list[tuple[str, bytes]]:
    """Names and contents of all documents."""
    own = [(path.name, path.read_bytes()) for path in sorted(DOCUMENTS.iterdir())]
    held = {
        language: json.loads((DATA / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
        for language in ("tr", "en")
    }
    for number in range(ARTICLES):
        article = held["en" if number % 2 else "tr"][number]
        text = "\n\n".join(str(one["context"]) for one in article["paragraphs"])
        own.append((f"{article['title']}.txt", text.encode()))
    return own


async def _ask_all() -> list[Answered]:
    with TemporaryDirectory(prefix="divan-bench-") as folder:
        documents = Documents(Path(folder) / "documents")
        for name, data in files():
            await documents.take("", name, data, "Belgeler")
        await documents.indexing.idle()
        answered = [await _ask(documents, one) for one in questions()]
        await documents.shut_down()
    return answered


async def _ask(documents: Documents, asked: dict[str, Any]) -> Answered:
    held = await documents.documents("")
    only = [ChosenDocument(d.id, d.name).place for d in held if d.name == asked.get("document")]
    found = await documents.look_up("", asked["question"], asked.get("earlier", ()), only)
    text = _given(found)
    met = all(one in text for one in asked.get("expected", ()))
    if asked["kind"] == "again":
        # Nothing more is needed for these: the answer before stands in the chat.
        met = met or not found.passages
    hinted = any(notice.key == _HINT for notice in found.notices())
    return Answered(asked, met, len(text), hinted)


def _given(found: LookedUp) -> str:
    from rag.context import context

    return context(found.context)


def _of(answered: Sequence[Answered], kind: str) -> list[Answered]:
    return [one for one in answered if one.asked["kind"] == kind]


def _met(name: str, some: Sequence[Answered], aim: float | None = None) -> Row:
    share = statistics.fmean(one.met for one in some)
    return Row(
        f"everyday questions, {name}: given their passage", "", share, judged=aim and share,
        limit=aim, at_least=True, aim=f"≥ {aim}" if aim else "",
        note=f"{sum(one.met for one in some)} of {len(some)}", load=load(),
    )  # fmt: skip


def _hinted(name: str, some: Sequence[Answered]) -> Row:
    share = statistics.fmean(one.hinted for one in some)
    return Row(
        f"everyday questions, {name}: the hint says that nothing fits well", "", share,
        note=f"{sum(one.hinted for one in some)} of {len(some)}", load=load(),
    )  # fmt: skip
