"""Names of documents: as people type them, and with the folder where two files share one."""

from __future__ import annotations

import io
import json
import sqlite3
import unicodedata
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.documents import Documents
from engine.documents_command import Wanted, run_documents

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir."
TYPED = "çay öğüdü.txt"
MAC = unicodedata.normalize("NFD", TYPED)


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    made = Documents(tmp_path / "documents")
    yield made
    await made.shut_down()


async def searched(documents: Documents, name: str) -> list[str]:
    """The names of what is found in the documents of a name."""
    out = io.StringIO()
    wanted = Wanted("search", question="Çay nerede yetişir?", names=(name,), as_json=True)
    assert await run_documents(documents, wanted, "tr", out, out) == 0
    return [row["file"] for row in json.loads(out.getvalue())]


async def test_a_name_as_a_mac_writes_it_is_found_as_it_is_typed(documents: Documents) -> None:
    taken = await documents.take("", MAC, TEA.encode(), "Belgeler")
    again = await documents.take("", TYPED, TEA.encode(), "Belgeler")
    await documents.indexing.idle()

    assert (taken.name, again.id) == (TYPED, taken.id)
    assert await searched(documents, TYPED) == [TYPED]
    assert await searched(documents, MAC) == [TYPED]


async def test_a_name_that_an_earlier_version_kept_is_found(
    documents: Documents, tmp_path: Path
) -> None:
    await documents.take("", "cay.txt", TEA.encode(), "Belgeler")
    await documents.indexing.idle()
    await documents.shut_down()
    (path,) = tmp_path.glob("documents/*/library.sqlite")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE documents SET name = ?", (MAC,))
        database.commit()

    assert await searched(documents, TYPED) == [TYPED]


async def test_files_of_one_name_are_told_apart_by_their_folders(
    documents: Documents, tmp_path: Path
) -> None:
    for year in ("2024", "2025"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "fatura.txt").write_text(f"{year} yılında çay Rize'den alındı.")
    files = (tmp_path / "2024" / "fatura.txt", tmp_path / "2025" / "fatura.txt")
    out = io.StringIO()
    assert await run_documents(documents, Wanted("index", files=files), "tr", out, out) == 0

    names = {one.name for one in await documents.documents("")}
    given = await documents.look_up("", "2025 yılında çay nereden alındı?")

    assert names == {"2024/fatura.txt", "2025/fatura.txt"}
    assert {one.name: one.text[:4] for one in given.passages} == {
        "2024/fatura.txt": "2024", "2025/fatura.txt": "2025",
    }  # fmt: skip
    assert set(await searched(documents, "fatura.txt")) == names
    assert await searched(documents, "2024/fatura.txt") == ["2024/fatura.txt"]
