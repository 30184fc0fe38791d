"""`python app.py index`, `search` and `evaluate`: the documents in a terminal."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from core.documents import ChosenDocument
from core.errors import RejectedInput, StorageError
from core.numbers import localized
from core.texts import translate
from engine.document_evaluation import Measured, measure, questions_of
from engine.documents import Documents
from engine.scope import Scope
from engine.shelf import DEFAULT_COLLECTION, Shelved, accept_collection, why
from engine.unread import unread_pages

if TYPE_CHECKING:
    from rag.evaluate import Question
    from rag.values import Hit

_LONGEST_TEXT = 300


@dataclass(frozen=True)
class Wanted:
    """The arguments of one of the commands. `user` is whose documents they are; `documents` is a
    folder to be evaluated in their place, `names` are single documents that are searched."""

    command: str
    files: tuple[Path, ...] = ()
    question: str = ""
    collections: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    count: int = 10
    as_json: bool = False
    documents: Path | None = None
    user: str = ""


class _Missing(Exception):
    """A file or folder that is not there or cannot be read."""


class _NotShelved(Exception):
    """A document or collection the library does not have."""


async def run_documents(
    documents: Documents, wanted: Wanted, language: str, out: TextIO, errors: TextIO
) -> int:
    """Do what is wanted and print it to `out`. The exit code is 0 where all went well, 1 where a
    file could not be indexed or there is nothing to search, 2 for arguments that cannot be."""
    terminal = _Terminal(language, out, errors)
    work = {"index": _index, "search": _search, "evaluate": _evaluate}[wanted.command]
    try:
        return await work(documents, wanted, terminal)
    except _Missing as error:
        terminal.complain("missing", path=str(error))
        return 2
    except _NotShelved as error:
        terminal.complain("not_shelved", name=str(error))
        return 2
    except (RejectedInput, StorageError) as error:
        card = error.card
        print(f"{card.message(language)} {card.hint(language)}", file=errors)
        return 2 if isinstance(error, RejectedInput) else 1
    finally:
        await documents.shut_down()


@dataclass(frozen=True)
class _Terminal:
    language: str
    out: TextIO
    errors: TextIO

    def say(self, key: str, **params: str) -> None:
        text = translate(self.language, f"documents_command.{key}", **params)
        print(text, file=self.out, flush=True)

    def count(self, key: str, count: int) -> str:
        """So many of something, in words."""
        suffix = "_one" if count == 1 else ""
        return translate(self.language, f"documents_command.{key}{suffix}", count=str(count))

    def complain(self, key: str, **params: str) -> None:
        print(translate(self.language, f"documents_command.{key}", **params), file=self.errors)


async def _index(documents: Documents, wanted: Wanted, terminal: _Terminal) -> int:
    collection = accept_collection(next(iter(wanted.collections), DEFAULT_COLLECTION))
    missing = await asyncio.to_thread(_not_there, wanted.files)
    for path in missing:
        terminal.complain("missing", path=str(path))
    if len(missing) == len(wanted.files):
        return 2
    files = await asyncio.to_thread(_files, [path for path in wanted.files if path not in missing])
    failed = await _take_all(documents, wanted.user, files, collection, terminal)
    return 1 if failed or missing else 0


async def _take_all(
    documents: Documents, owner: str, files: Sequence[Path], collection: str, terminal: _Terminal
) -> int:
    """Index files, each told once it is done; how many of them could not be."""
    waiting: dict[int, Shelved] = {}
    failed = 0
    for path in files:
        try:
            data = await asyncio.to_thread(path.read_bytes)
            taken = await documents.take(owner, str(path.absolute()), data, collection)
            waiting[taken.id] = taken
        except OSError:
            terminal.complain("missing", path=str(path))
            failed += 1
        except RejectedInput as error:
            card = error.card
            said = f"{card.message(terminal.language)} {card.hint(terminal.language)}"
            terminal.say("failed", name=path.name, why=said)
            failed += 1
    async for document in _ended(documents, owner, waiting):
        failed += document.state == "failed"
        _tell(document, terminal)
    return failed


async def _ended(
    documents: Documents, owner: str, waiting: dict[int, Shelved]
) -> AsyncIterator[Shelved]:
    """The documents as they are done, until none waits."""
    while waiting:
        version = documents.changed(owner).version
        for one in reversed(await documents.documents(owner)):
            if one.id in waiting and one.state in ("ready", "failed"):
                del waiting[one.id]
                yield one
        if waiting:
            await documents.changed(owner).after(version)


def _tell(document: Shelved, terminal: _Terminal) -> None:
    if document.state != "ready":
        said = " ".join(why(document, terminal.language))
        terminal.say("failed", name=document.name, why=said)
        return
    pages = [terminal.count("pages", document.pages)] if document.pages else []
    counts = ", ".join([*pages, terminal.count("passages", document.chunks)])
    terminal.say("indexed", name=document.name, counts=counts)
    if document.unread:
        print(
            f"  {unread_pages(document, terminal.language, most=0)}", file=terminal.out, flush=True
        )


async def _search(documents: Documents, wanted: Wanted, terminal: _Terminal) -> int:
    if not wanted.question.strip():
        terminal.complain("no_question")
        return 2
    scope = await _scope(documents, wanted.user, wanted.collections, wanted.names)
    hits = await documents.search(wanted.user, wanted.question, scope, wanted.count)
    if wanted.as_json:
        rows = [_row(rank, hit) for rank, hit in enumerate(hits, 1)]
        print(json.dumps(rows, ensure_ascii=False, indent=2), file=terminal.out)
        return 0 if hits else 1
    if not hits:
        terminal.say("no_documents")
        return 1
    from rag.relevance import is_weak

    if is_weak(hits):
        terminal.say("weak_match")
    for rank, hit in enumerate(hits, 1):
        _show(rank, hit, terminal)
    return 0


async def _scope(
    documents: Documents, owner: str, collections: Sequence[str], names: Sequence[str] = ()
) -> Scope:
    """What collections and documents come to, by their names; all documents of a name are meant,
    in whatever folder they were. Raises _NotShelved."""
    from rag.names import composed, spellings

    places = list(collections)
    for name in names:
        shelved = await documents.documents(owner)
        asked = composed(name)
        singles = [
            ChosenDocument(one.id, one.name) for one in shelved if asked in spellings(one.name)
        ]
        if not singles:
            raise _NotShelved(name)
        places += [one.place for one in singles]
    scope = await documents.scope(owner, places)
    if scope.gone:
        raise _NotShelved(scope.gone[0])
    return scope


def _row(rank: int, hit: Hit) -> dict[str, object]:
    one = hit.passage
    return {
        "rank": rank,
        "file": one.name,
        "page": one.page,
        "heading": list(one.heading),
        "ocr": one.ocr,
        "score": round(hit.score, 3),
        "text": one.text,
        "sentence": hit.sentence,
    }


def _show(rank: int, hit: Hit, terminal: _Terminal) -> None:
    one = hit.passage
    page = translate(terminal.language, "documents_command.page", page=str(one.page))
    place = [one.name, *([page] if one.page is not None else []), *one.heading]
    text = " ".join(one.text.split())
    shown = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
    score = localized(f"{hit.score:.2f}", terminal.language)
    print(f"{rank}. {' › '.join(place)}  ({score})\n   {shown}", file=terminal.out)


async def _evaluate(documents: Documents, wanted: Wanted, terminal: _Terminal) -> int:
    text = await asyncio.to_thread(_read, wanted.files[0])
    questions = await asyncio.to_thread(questions_of, text)
    if wanted.documents is None:
        if not await documents.has_any(wanted.user):
            terminal.say("no_documents")
            return 1
        measured = await _measured(documents, wanted.user, wanted.collections, questions)
    else:
        measured = await _measured_folder(documents, wanted.documents, questions, terminal)
    if wanted.as_json:
        print(json.dumps(measured.told(), ensure_ascii=False, indent=2), file=terminal.out)
    else:
        _table(measured, terminal)
    if measured.missed:
        terminal.complain("missed", names=", ".join(f"“{one}”" for one in measured.missed))
    return 0


async def _measured_folder(
    documents: Documents, folder: Path, questions: Sequence[Question], terminal: _Terminal
) -> Measured:
    """The folder's files in a library that is thrown away. What becomes of each is told beside the
    table, not in it."""
    files = await asyncio.to_thread(_files, [folder])
    async with _temporary_folder() as place:
        temporary = await asyncio.to_thread(documents.elsewhere, place)
        try:
            beside = replace(terminal, out=terminal.errors)
            await _take_all(temporary, "", files, DEFAULT_COLLECTION, beside)
            return await _measured(temporary, "", (), questions)
        finally:
            await temporary.shut_down()


@asynccontextmanager
async def _temporary_folder() -> AsyncIterator[Path]:
    made = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="divan-")
    try:
        yield Path(made.name)
    finally:
        await asyncio.to_thread(made.cleanup)


async def _measured(
    documents: Documents, owner: str, collections: Sequence[str], questions: Sequence[Question]
) -> Measured:
    scope = await _scope(documents, owner, collections)
    return await documents.work(owner, lambda library: measure(library, questions, scope.documents))


def _table(measured: Measured, terminal: _Terminal) -> None:
    print(terminal.count("questions", len(measured.questions)), file=terminal.out)
    scores = measured.scores
    names = {
        name: translate(terminal.language, f"documents_command.setting.{name}") for name in scores
    }
    width = max(map(len, names.values()))
    columns = ("R@1", "R@5", "MRR@10", "nDCG@10", "ms")
    print(" " * width + "".join(f"{column:>9}" for column in columns), file=terminal.out)
    for name, one in scores.items():
        shares = (one.recall_1, one.recall_5, one.mrr_10, one.ndcg_10)
        cells = "".join(f"{share:9.3f}" for share in shares)
        numbers = localized(f"{cells}{one.ms:9.1f}", terminal.language)
        print(f"{names[name]:<{width}}{numbers}", file=terminal.out)


def _not_there(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if not path.exists()]


def _files(paths: Sequence[Path]) -> list[Path]:
    """The files, and those in folders and below, hidden ones aside. Raises _Missing."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file())
            found += (one for one in inside if not _is_hidden(one.relative_to(path)))
        elif path.is_file():
            found.append(path)
        else:
            raise _Missing(str(path))
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise _Missing(str(path)) from None
