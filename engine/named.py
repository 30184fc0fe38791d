"""Which documents a question names: "kira.txt dosyasını özetle", "kira sözleşmesinde ne yazıyor?".

A file's name is often an ordinary word. So a word of it counts only beside a word for a document,
together with all other words of the name, or where the question has no subject but it. Only the
whole file name, or the last of these, is `certain`: otherwise what the whole library says to the
question is to be heard, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from engine.about_documents import (
    asks_of_text,
    is_any_document,
    is_common,
    is_kind,
    subject,
    wants_overview,
)

if TYPE_CHECKING:
    from rag.records import DocumentRecord

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_SEAM = re.compile(
    r"_|(?<=[^\W\d_A-ZÇĞİÖŞÜ])(?=[A-ZÇĞİÖŞÜ])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)"
)
_CUT = 5
_SHORT = 3
_MOST_ALIKE = 3
"""More documents of the same words in their names are not told apart by these."""


@dataclass(frozen=True, slots=True)
class Named:
    """The documents a question names, and whether it can mean nothing else; `rest` are the words of
    the question that name a subject beside them."""

    documents: tuple[DocumentRecord, ...] = ()
    certain: bool = False
    rest: tuple[str, ...] = ()


def named(question: str, documents: Sequence[DocumentRecord]) -> Named:
    """The documents a question names; none where it would fit too many."""
    from rag.words import fold, words

    folded = fold(question)
    whole = [one for one in documents if _has_file_name(folded, fold(one.name))]
    if whole:
        for one in whole:
            folded = folded.replace(fold(one.name), " ")
        return Named(tuple(whole), True, tuple(subject(words(folded))))
    return _by_words(words(_SEAM.sub(" ", question)), documents)


def _has_file_name(question: str, name: str) -> bool:
    return bool(_ENDING.search(name)) and bool(re.search(rf"(?<!\w){re.escape(name)}", question))


def _by_words(asked: Sequence[str], documents: Sequence[DocumentRecord]) -> Named:
    telling = [word for word in asked if is_kind(word) or subject([word])]
    only = wants_overview(asked)
    best = 0
    found: list[DocumentRecord] = []
    for one in documents:
        own = name_words(one.name)
        count = _named_by(telling, own, only)
        if count > best:
            best, found = count, []
        if count and count == best:
            found.append(one)
    if not 0 < len(found) <= _MOST_ALIKE:
        return Named()
    own = name_words(found[0].name)
    rest = tuple(word for word in subject(asked) if not _is_of(word, own))
    return Named(tuple(found), asks_of_text(asked) and not rest, rest)


@lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """The telling words of a file's name, folded, numbers and its ending aside."""
    from rag.words import words

    found = words(_SEAM.sub(" ", _ENDING.sub("", name)))
    return tuple(word for word in found if not is_common(word) and not word.isdecimal())


def _named_by(telling: Sequence[str], own: Sequence[str], only: bool) -> int:
    """How many words of a name a question says in a way that names it."""
    subjects = {word[:_CUT] for word in own if not is_kind(word)}
    if only and all(is_kind(word) or _is_of(word, own) for word in telling):
        said = {w[:_CUT] for w in telling if _is_of(w, own) and not is_any_document(w)}
        return len(said)
    return max((_count(run, own, subjects) for run in _runs(telling, own)), default=0)


def _count(run: Sequence[str], own: Sequence[str], subjects: set[str]) -> int:
    said = {name[:_CUT] for name in own for word in run if _is_of(word, [name])}
    telling = said & subjects
    whole = len(subjects) > 1 and telling == subjects
    return len(said) if telling and (whole or any(map(is_kind, run))) else 0


def _runs(telling: Sequence[str], own: Sequence[str]) -> Iterator[list[str]]:
    """What of a question follows each other and is either of the name or a word for a document."""
    fits: Callable[[str], bool] = lambda word: is_kind(word) or _is_of(word, own)  # noqa: E731
    return (list(run) for fitting, run in groupby(telling, fits) if fitting)


def _is_of(word: str, own: Sequence[str]) -> bool:
    """Whether a word is one of a name, endings aside."""
    return any(
        word == name or (len(name) >= _SHORT and (word[:_CUT] == name[:_CUT] or _ends(word, name)))
        for name in own
    )


def _ends(word: str, name: str) -> bool:
    return len(name) < _CUT and word.startswith(name)
