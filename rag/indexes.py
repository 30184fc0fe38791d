"""The two indexes of a library in memory, row by row the same chunks, and their snapshot."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedders import Embedder
from rag.lexical import Lexicon, Segment, merge
from rag.records import ChunkRow, ChunkText, Records
from rag.values import Language
from rag.vectors import VectorIndex

log = logging.getLogger(__name__)

VERSION = 2
_SAMPLE = 400
_BATCH = 2000
_SEAM = re.compile(r"(?<=[a-zçğıöşü])(?=[A-ZÇĞİÖŞÜ])")


class Indexes:
    """Rows are given in the order chunks come; a deleted chunk keeps its row and is never found."""

    def __init__(self, folder: Path, embedder: str, vectors: VectorIndex, lexicon: Lexicon) -> None:
        self._folder = folder
        self._embedder = embedder
        self.vectors = vectors
        self.lexicon = lexicon
        self.ids = np.zeros(0, np.int64)
        self.documents = np.zeros(0, np.int64)
        self.languages = np.zeros(0, "U2")
        self._live = np.zeros(0, bool)
        self._saved = 0

    @classmethod
    def open(cls, folder: Path, records: Records, embedder: Embedder) -> Indexes:
        """From the newest snapshot, and what the database has beyond it; without a usable snapshot
        from the database alone."""
        indexes = cls._snapshot(folder, embedder) or cls(
            folder, embedder.name, VectorIndex(embedder.dimension), Lexicon()
        )
        indexes.reread(records)
        indexes.catch_up(records, embedder)
        return indexes

    @property
    def unsaved(self) -> int:
        """How many chunks no snapshot has."""
        return len(self.ids) - self._saved

    def drop(self, document: int) -> None:
        """Find the chunks of a document no more."""
        self._live &= self.documents != document

    def allowed(self, documents: Collection[int] | None) -> NDArray[np.bool_]:
        """Which rows may be found."""
        if documents is None:
            return self._live
        chosen = np.isin(self.documents, np.array(sorted(documents), np.int64))
        found: NDArray[np.bool_] = self._live & chosen
        return found

    def sample(self, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Some rows spread evenly over the allowed ones."""
        rows = np.flatnonzero(allowed)
        step = max(1, len(rows) // _SAMPLE)
        return rows[::step].astype(np.int64)

    def save(self) -> None:
        """Write a snapshot beside the old one, then point to it. Nothing new, nothing written."""
        if self._saved == len(self.ids):
            return
        name = f"{len(self.ids)}-{os.urandom(4).hex()}"
        target = self._folder / name
        self._folder.mkdir(exist_ok=True)
        target.mkdir()
        self.vectors.save(target / "vectors.faiss")
        self.lexicon.segments = [merge(self.lexicon.segments)]
        self.lexicon.segments[0].save(target)
        np.save(target / "ids.npy", self.ids, allow_pickle=False)
        about = {"version": VERSION, "embedder": self._embedder, "chunks": len(self.ids)}
        (target / "about.json").write_text(json.dumps(about), encoding="utf-8")
        pointer = self._folder / "current.part"
        pointer.write_text(name, encoding="utf-8")
        pointer.replace(self._folder / "current")
        self._saved = len(self.ids)
        for old in self._folder.iterdir():
            if old.is_dir() and old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    @classmethod
    def _snapshot(cls, folder: Path, embedder: Embedder) -> Indexes | None:
        try:
            place = folder / (folder / "current").read_text(encoding="utf-8").strip()
            about = json.loads((place / "about.json").read_text(encoding="utf-8"))
            if about["version"] != VERSION or about["embedder"] != embedder.name:
                return None
            vectors = VectorIndex.load(place / "vectors.faiss")
            segment = Segment.load(place)
            ids = np.load(place / "ids.npy", allow_pickle=False)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, RuntimeError):
            log.warning("the snapshot of an index is damaged and is built anew", exc_info=True)
            return None
        if not vectors.size == segment.size == len(ids) == about["chunks"]:
            return None
        found = cls(folder, embedder.name, vectors, Lexicon([segment]))
        found.ids = ids
        found._saved = len(ids)
        return found

    def catch_up(self, records: Records, embedder: Embedder) -> None:
        """Add the chunks the database has beyond the last one here."""
        last = int(self.ids[-1]) if len(self.ids) else 0
        rows = {row.id: row for row in records.rows(last)}
        if not rows:
            return
        batch: list[ChunkText] = []
        for one in records.texts(last):
            batch.append(one)
            if len(batch) == _BATCH:
                self._take(batch, rows, records, embedder)
                batch = []
        self._take(batch, rows, records, embedder)

    def reread(self, records: Records) -> None:
        """Learn what has become of the chunks here: another process may have deleted some."""
        rows = {row.id: row for row in records.rows()}
        known = [rows.get(int(one)) for one in self.ids]
        self.documents = np.array([row.document if row else 0 for row in known], np.int64)
        self.languages = np.array([row.language if row else "" for row in known], "U2")
        self._live = np.array([row is not None for row in known], bool)

    def _take(
        self,
        batch: Sequence[ChunkText],
        rows: Mapping[int, ChunkRow],
        records: Records,
        embedder: Embedder,
    ) -> None:
        known = [one for one in batch if one.id in rows]
        hashes = [one.hash for one in known]
        self.vectors.add(records.passage_vectors(embedder.name, hashes, embedder.dimension))
        self.lexicon.add([f"{_spaced(one.name)}\n{one.text}" for one in known])
        found = [rows[one.id] for one in known]
        self._note(
            [one.id for one in known],
            [row.document for row in found],
            [row.language for row in found],
        )

    def _note(
        self, ids: Sequence[int], documents: Sequence[int], languages: Sequence[Language]
    ) -> None:
        self.ids = np.concatenate([self.ids, np.array(ids, np.int64)])
        self.documents = np.concatenate([self.documents, np.array(documents, np.int64)])
        self.languages = np.concatenate([self.languages, np.array(languages, "U2")])
        self._live = np.concatenate([self._live, np.ones(len(ids), bool)])


def _spaced(name: str) -> str:
    """A file's name with its words apart: KiraSozlesmesi.pdf has two."""
    return _SEAM.sub(" ", name)
