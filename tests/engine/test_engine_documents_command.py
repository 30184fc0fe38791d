"""`python app.py search` and `evaluate`: the numbers a person reads in the terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from core.catalog import DocumentRules
from engine.documents import Documents
from engine.documents_command import Wanted, run_documents
from tests.support.documents import scanned_pdf

TEA = "Çay, Rize'nin yağmurlu yamaçlarında yetişir."
DECIMAL = {"tr": r"\d,\d", "en": r"\d\.\d"}


async def printed(folder: Path, language: str, wanted: Wanted) -> str:
    """What a command prints about a library with one document."""
    documents = Documents(folder / "documents")
    await documents.take("", "cay.txt", TEA.encode(), "Belgeler")
    await documents.indexing.idle()
    out, errors = io.StringIO(), io.StringIO()
    assert await run_documents(documents, wanted, language, out, errors) == 0
    assert errors.getvalue() == ""
    return out.getvalue()


@pytest.mark.parametrize("language", ["tr", "en"])
async def test_search_prints_scores_as_the_language_writes_them(
    tmp_path: Path, language: str
) -> None:
    first, *_ = (
        await printed(tmp_path, language, Wanted("search", question="Çay nerede yetişir?"))
    ).splitlines()
    assert re.fullmatch(rf"1\. cay\.txt  \({DECIMAL[language]}\d\)", first)


@pytest.mark.parametrize("language", ["tr", "en"])
async def test_evaluate_prints_its_table_as_the_language_writes_numbers(
    tmp_path: Path, language: str
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "Çay nerede yetişir?", "expected": "cay.txt"}')
    table = await printed(tmp_path, language, Wanted("evaluate", files=(questions,)))
    _, _, *rows = table.splitlines()
    assert len(rows) == 3
    for row in rows:
        numbers = row.split()[-5:]
        assert len(numbers) == 5
        assert all(re.fullmatch(rf"\d*{DECIMAL[language]}\d*", one) for one in numbers)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("tr", "4 sayfanın 2 tanesi okunamadı: 2–3 (taranmış resim)"),
        ("en", "2 of 4 pages could not be read: 2–3 (scanned picture)"),
    ],
)
async def test_index_names_the_pages_that_were_not_read(
    tmp_path: Path, language: str, line: str
) -> None:
    path = tmp_path / "rapor.pdf"
    path.write_bytes(scanned_pdf([TEA, "", "", TEA]))
    out = io.StringIO()
    wanted = Wanted("index", files=(path,))
    library = Documents(tmp_path / "documents", DocumentRules(ocr=False))

    assert await run_documents(library, wanted, language, out, io.StringIO()) == 0

    assert out.getvalue().splitlines()[1].strip() == line
