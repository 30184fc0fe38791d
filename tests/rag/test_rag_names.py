"""What documents are called, so that anyone finds the one they mean."""

from __future__ import annotations

import pytest

from rag.names import spellings, told_apart


@pytest.mark.parametrize(
    ("folders", "names"),
    [
        (["2024", "2025"], ["2024/fatura.txt", "2025/fatura.txt"]),
        (["/ev/2024/mart", "/ev/2025/mart"], ["2024/mart/fatura.txt", "2025/mart/fatura.txt"]),
        (["ev", "iş/ev"], ["ev/fatura.txt", "iş/ev/fatura.txt"]),
        (["2024", ""], ["2024/fatura.txt", "fatura.txt"]),
        (["2024", "2024"], ["fatura.txt", "fatura.txt"]),
        (["2024"], ["fatura.txt"]),
    ],
)
def test_files_of_one_name_are_called_by_the_fewest_folders(
    folders: list[str], names: list[str]
) -> None:
    assert told_apart("fatura.txt", folders) == names


def test_a_document_is_meant_with_and_without_its_folders() -> None:
    assert spellings("2024/mart/fatura.txt") == [
        "2024/mart/fatura.txt", "mart/fatura.txt", "fatura.txt",
    ]  # fmt: skip
