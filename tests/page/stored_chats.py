"""Chats written as files, for tests that are not about how they came to be: asking a question on
the page takes ten times as long as writing it."""

from __future__ import annotations

from itertools import count

from playwright.sync_api import expect

from core.conversation import Answer, Branch, Conversation, Message, Outcome
from engine.identity import now
from storage import codec
from tests.page.divan_page import Divan
from tests.support.divan_app import DivanApp

_WHEN = "2026-11-20T09:00:00.000Z"
_numbers = count(1)


def two_questions(divan: Divan, app: DivanApp) -> None:
    """Show a chat of the questions “Birinci soru” and “İkinci soru”, answered by “Kelimeler”."""
    first = _asked("Birinci soru", None)
    _show(divan, app, (*first, *_asked("İkinci soru", first[-1])))


def two_ways(divan: Divan, app: DivanApp) -> None:
    """Show a chat of one question and two ways on from its answer: “Eski yol”, and the branch
    “Deneme” with “Yeni yol”, which is shown."""
    common = _asked("Ortak soru", None)
    old, new = (_asked(question, common[-1]) for question in ("Eski yol", "Yeni yol"))
    _show(divan, app, (*common, *old, *new), Branch("Deneme", new[-1].id, _WHEN))
    expect(divan.page.locator("#branches .count")).to_have_text("2")


def _asked(question: str, parent: Message | None) -> tuple[Message, Message]:
    number = next(_numbers)
    answer = Answer("words", "paced", _WHEN, Outcome.COMPLETE)
    words = " ".join(f"kelime{one}" for one in range(1, 21))
    asked = Message(f"q{number}", parent.id if parent else None, "user", question, _WHEN)
    return asked, Message(f"a{number}", asked.id, "assistant", words, _WHEN, answer=answer)


def _show(divan: Divan, app: DivanApp, messages: tuple[Message, ...], *branches: Branch) -> None:
    name = f"yazili-{next(_numbers)}"
    chat = Conversation(
        name,
        title=name,
        created=_WHEN,
        updated=now(),  # among the first of the list
        model="words",
        branches=branches,
        branch=branches[0].name if branches else "",
        leaf=messages[-1].id,
        messages=messages,
    )
    app.chats.mkdir(exist_ok=True)
    whole = app.folder / f"{chat.id}.whole"  # the program must not find half a file
    whole.write_bytes(codec.encode(chat))
    whole.replace(app.chats / f"{chat.id}.json")
    expect(divan.rows.filter(has_text=name)).to_be_visible()
    divan.show(chat.title)
    divan.settled()
