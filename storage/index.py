"""What the list, its outline and the search answer from: rows and words of all chats of an owner.

Disposable: the files are the truth, and `storage.scan` brings the index up to them.
"""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.conversation import SCHEMA, Conversation
from core.errors import StorageError
from storage import hits, words
from storage.database import Database
from storage.disk import Signature
from storage.protocol import ChatPage, ChatRow
from storage.shape import plain_text
from storage.versions import Version

_log = logging.getLogger(__name__)
_ROW = "id, title, updated, pinned, model, messages, read_only"
_ORDER = "pinned DESC, updated DESC, id"
_SAVE_ROW = f"""
INSERT INTO chats ({_ROW}, mtime_ns, size, inode, stale) VALUES (?,?,?,?,?,?,?,?,?,?,1)
ON CONFLICT (id) DO UPDATE SET
  stale=chats.stale OR (chats.mtime_ns, chats.size, chats.inode) IS NOT (?,?,?),
  title=excluded.title, updated=excluded.updated, pinned=excluded.pinned, model=excluded.model,
  messages=excluded.messages, read_only=excluded.read_only, mtime_ns=excluded.mtime_ns,
  size=excluded.size, inode=excluded.inode
RETURNING doc
"""  # noqa: S608
_HITS = """
SELECT c.id, c.title, c.updated, c.pinned, c.model, c.messages, c.read_only, c.doc
FROM words JOIN chats c ON c.doc = words.rowid WHERE words MATCH :all
ORDER BY words.rowid IN (SELECT rowid FROM words WHERE words MATCH :title) DESC,
  c.updated DESC, c.id LIMIT :limit OFFSET :offset
"""
_NONE = (None, None, None)
Current = Callable[[str], Signature | None]
"""Gives the signature a chat's file has now."""


@dataclass(frozen=True)
class Entry:
    """A version of a chat made ready for the index, so that the database is held only briefly."""

    row: tuple[Any, ...]
    signature: Signature
    title: str
    body: bytes
    tokens: tuple[str, str]

    @property
    def id(self) -> str:
        """The chat's id."""
        return str(self.row[0])


class Index:
    """Safe to use from several threads. Raises StorageError where even a rebuild cannot help."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saved(
        self, conversation: Conversation, signature: Signature, same_words: Signature | None = None
    ) -> None:
        """Take a save up in the list at once; its words follow with `read_up`, unless they are
        those of the version `same_words`."""
        row = _row(conversation, signature)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_SAVE_ROW, (*row, *signature, *(same_words or _NONE))).fetchall()
            _grow(connection)

        self._quietly(work)

    def removed(self, chat_id: str) -> None:
        """Forget a chat."""
        self._quietly(lambda connection: _remove(connection, [chat_id]))

    def forget(self, chat_ids: Iterable[str]) -> None:
        """Forget chats whose files are gone."""
        gone = list(chat_ids)
        if gone:
            self._database.run(lambda connection: _remove(connection, gone))

    def take_up(self, entries: list[Entry], current: Current) -> None:
        """Take rows and words of some chats up, in one transaction; outdated ones are left."""

        def work(connection: sqlite3.Connection) -> None:
            for entry in entries:
                if current(entry.id) == entry.signature:
                    _take_up(connection, entry)
            _grow(connection)

        if entries:
            self._database.run(work)

    def known(self) -> dict[str, Signature]:
        """The version of each chat that the list shows."""
        query = "SELECT id, mtime_ns, size, inode FROM chats"
        rows = self._database.run(lambda connection: connection.execute(query).fetchall())
        return {row[0]: Signature(*row[1:]) for row in rows}

    def stale(self) -> list[str]:
        """Chats whose words are older than their rows."""
        query = "SELECT id FROM chats WHERE stale = 1"
        rows = self._database.run(lambda connection: connection.execute(query).fetchall())
        return [row[0] for row in rows]

    def version(self) -> int:
        """Grows with every change."""
        query = "SELECT version FROM state"
        rows = self._database.read(lambda connection: connection.execute(query).fetchone())
        return int(rows[0])

    def page(self, offset: int, limit: int) -> ChatPage:
        """Rows of the list: pinned first, then the latest changed."""
        query = f"SELECT {_ROW} FROM chats ORDER BY {_ORDER} LIMIT ? OFFSET ?"  # noqa: S608

        def work(connection: sqlite3.Connection) -> tuple[list[Any], int]:
            rows = connection.execute(query, (max(limit, 0), max(offset, 0))).fetchall()
            return rows, connection.execute("SELECT count(*) FROM chats").fetchone()[0]

        rows, total = self._database.read(work)
        return ChatPage(tuple(_chat_row(row) for row in rows), total)

    def moments(self) -> tuple[int, list[float]]:
        """How many chats are pinned, and when the others were changed, latest first."""
        query = "SELECT updated FROM chats WHERE pinned = 0 ORDER BY updated DESC"

        def work(connection: sqlite3.Connection) -> tuple[int, list[float]]:
            counted = connection.execute("SELECT count(*) FROM chats WHERE pinned = 1").fetchone()
            return counted[0], [row[0] for row in connection.execute(query)]

        return self._database.read(work)

    def search(self, text: str, offset: int, limit: int) -> ChatPage:
        """Chats that hold all the words: those with all in the title first, then the newest."""
        wanted = words.query_words(text)
        if not wanted:
            return ChatPage((), 0)
        everywhere = words.match_expression(wanted)
        asked = {"all": everywhere, "title": f"title : ({everywhere})"}
        bounds = {"limit": max(limit, 0), "offset": max(offset, 0)}

        def work(connection: sqlite3.Connection) -> tuple[list[Any], int]:
            rows = connection.execute(_HITS, asked | bounds).fetchall()
            count = "SELECT count(*) FROM words WHERE words MATCH :all"
            total = connection.execute(count, asked).fetchone()[0]
            return [(row[:-1], _body(connection, row[-1])) for row in rows], total

        rows, total = self._database.read(work)
        return ChatPage(tuple(_hit(row, body, wanted) for row, body in rows), total)

    def _quietly(self, work: Any) -> None:
        """The chat itself is safe on disk by now: a scan repairs what the index misses."""
        try:
            self._database.run(work)
        except StorageError as error:
            _log.warning("the chat index missed a change: %s", error)


def entry(version: Version) -> Entry:
    """A version of a chat made ready for `take_up`."""
    conversation = version.conversation
    row = _row(conversation, version.signature)
    body = plain_text("\n\n".join(message.content for message in conversation.messages))
    tokens = (words.indexed(row[1]), words.indexed(body))
    return Entry(row, version.signature, row[1], zlib.compress(body.encode(), 1), tokens)


def _row(conversation: Conversation, signature: Signature) -> tuple[Any, ...]:
    return (
        conversation.id,
        plain_text(conversation.title),
        _moment(conversation.updated, signature),
        conversation.pinned,
        plain_text(conversation.model),
        len(conversation.messages),
        conversation.schema > SCHEMA,
    )


def _moment(updated: str, signature: Signature) -> float:
    """Seconds since 1970; a chat that does not say counts as changed when its file was."""
    try:
        found = datetime.fromisoformat(updated)
        return found.replace(tzinfo=found.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return signature.mtime_ns / 1e9


def _chat_row(row: tuple[Any, ...]) -> ChatRow:
    chat_id, title, updated, pinned, model, messages, read_only = row
    moment = datetime.fromtimestamp(updated, UTC).isoformat()
    return ChatRow(chat_id, title, moment, bool(pinned), model, messages, bool(read_only))


def _body(connection: sqlite3.Connection, doc: int) -> bytes:
    found = connection.execute("SELECT text FROM bodies WHERE doc = ?", (doc,)).fetchone()
    return bytes(found[0])


def _hit(row: tuple[Any, ...], body: bytes, wanted: tuple[str, ...]) -> ChatRow:
    text = hits.snippet(zlib.decompress(body).decode(), wanted)
    return replace(_chat_row(row), snippet=text)


def _take_up(connection: sqlite3.Connection, taken: Entry) -> None:
    given = (*taken.row, *taken.signature, *_NONE)
    doc = connection.execute(_SAVE_ROW, given).fetchall()[0][0]
    _drop_words(connection, doc)
    connection.execute("INSERT INTO bodies VALUES (?, ?, ?)", (doc, taken.title, taken.body))
    add = "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)"
    connection.execute(add, (doc, *taken.tokens))
    connection.execute("UPDATE chats SET stale = 0 WHERE doc = ?", (doc,))


def _drop_words(connection: sqlite3.Connection, doc: int) -> None:
    """The words table keeps no text: to forget a chat it has to be told again what it held."""
    held = connection.execute("SELECT title, text FROM bodies WHERE doc = ?", (doc,)).fetchone()
    if held is None:
        return
    tokens = words.indexed(held[0]), words.indexed(zlib.decompress(held[1]).decode())
    drop = "INSERT INTO words (words, rowid, title, body) VALUES ('delete', ?, ?, ?)"
    connection.execute(drop, (doc, *tokens))
    connection.execute("DELETE FROM bodies WHERE doc = ?", (doc,))


def _remove(connection: sqlite3.Connection, chat_ids: list[str]) -> None:
    for chat_id in chat_ids:
        query = "DELETE FROM chats WHERE id = ? RETURNING doc"
        for (doc,) in connection.execute(query, (chat_id,)).fetchall():
            _drop_words(connection, doc)
    _grow(connection)


def _grow(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE state SET version = version + 1")
