"""`python app.py search` and `evaluate`: the numbers a person reads in the terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from engine.documents import Documents
from engine.documents_command import Wanted, run_documents

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
