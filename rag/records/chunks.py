"""The chunks of the documents, and the passages they are shown as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from rag.loaders.values import Unread
from rag.records.database import Database, pieces
from rag.values import Chunk, Language, Passage, titled


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """What the indexes know of a chunk."""

    id: int
    document: int
    language: Language


@dataclass(frozen=True, slots=True)
class ChunkText:
    """A chunk's text under its headings, with the name of its document and the hash of what is
    embedded."""

    id: int
    name: str
    text: str
    hash: bytes


class ChunkTable(Database):
    """Chunks by their ids, which grow in the order they come."""

    def put_chunks(
        self,
        document: int,
        chunks: Sequence[tuple[Chunk, bytes, Language]],
        pages: int,
        unread: Sequence[Unread] = (),
    ) -> list[int]:
        """Give a document its chunks in place of any it had, and make it ready: all or nothing.
        `unread` are the pages without text. The ids of the chunks; none where the document was
        deleted meanwhile."""
        with self._change() as db:
            if not db.execute("SELECT 1 FROM documents WHERE id = ?", (document,)).fetchone():
                return []
            db.execute("DELETE FROM chunks WHERE document = ?", (document,))
            ids = [
                int(
                    db.execute(
                        "INSERT INTO chunks(document, text, page, heading, ocr, language, hash)"
                        " VALUES(?, ?, ?, ?, ?, ?, ?)",
                        (document, one.text, one.page, _heading(one), one.ocr, language, hash_),
                    ).lastrowid
                    or 0
                )
                for one, hash_, language in chunks
            ]
            characters = sum(len(one.text) for one, _, _ in chunks)
            db.execute(
                "UPDATE documents SET state = 'ready', error = '', detail = '', pages = ?,"
                " unread = ?, characters = ?, chunks = ? WHERE id = ?",
                (pages, json.dumps(list(map(astuple, unread))), characters, len(ids), document),
            )
            return ids

    def rows(self, after: int = 0) -> list[ChunkRow]:
        """All chunks with an id above `after`, in order."""
        found = self._ask(
            "SELECT id, document, language FROM chunks WHERE id > ? ORDER BY id", (after,)
        )
        return [ChunkRow(*row) for row in found]

    def texts(self, after: int = 0) -> Iterator[ChunkText]:
        """The texts of all chunks with an id above `after`, in order."""
        query = (
            "SELECT c.id, d.name, c.heading, c.text, c.hash FROM chunks c"
            " JOIN documents d ON d.id = c.document WHERE c.id > ? ORDER BY c.id LIMIT 1000"
        )
        while True:
            found = self._ask(query, (after,))
            if not found:
                return
            for one, name, path, text, key in found:
                yield ChunkText(one, name, titled(json.loads(path), text), key)
            after = int(found[-1][0])

    def chunk(self, document: int, chunk: int) -> Passage | None:
        """One chunk of a document, if it is there."""
        found = self.passages([chunk]).get(chunk)
        return found if found and found.document == str(document) else None

    def openings(self, documents: Sequence[int]) -> dict[int, Passage]:
        """The first passages of some documents, by the document's id."""
        marks = ",".join("?" * len(documents))
        query = f"SELECT MIN(id) FROM chunks WHERE document IN ({marks}) GROUP BY document"  # noqa: S608
        held = self.passages([int(row[0]) for row in self._ask(query, documents)])
        return {int(one.document): one for one in held.values()}

    def passages_of(self, document: int) -> list[Passage]:
        """All chunks of a document, in reading order."""
        found = self._ask("SELECT id FROM chunks WHERE document = ? ORDER BY id", (document,))
        held = self.passages([int(row[0]) for row in found])
        return [held[one] for one in sorted(held)]

    def passages(self, chunks: Sequence[int]) -> dict[int, Passage]:
        """The passages of some chunks, by the chunk's id."""
        found = {}
        for some in pieces(chunks):
            marks = ",".join("?" * len(some))
            query = (
                "SELECT c.id, c.document, d.name, c.text, c.page, c.heading, c.ocr FROM chunks c"  # noqa: S608
                f" JOIN documents d ON d.id = c.document WHERE c.id IN ({marks})"
            )
            for one, document, name, text, page, heading, ocr in self._ask(query, some):
                path = tuple(json.loads(str(heading)))
                found[one] = Passage(one, str(document), name, text, page, path, bool(ocr))
        return found


def _heading(chunk: Chunk) -> str:
    return json.dumps(chunk.heading, ensure_ascii=False)
