"""Who may import whom: the table in docs/architecture.md, kept true."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SDKS = {
    "accelerate", "gguf", "google", "httpx", "httpx2", "huggingface_hub", "numpy", "ollama",
    "openai", "safetensors", "tokenizers", "torch", "tqdm", "transformers",
}  # fmt: skip


def table() -> dict[str, set[str]]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| ([^|]+) \|$", text, flags=re.MULTILINE)
    return {
        folder: set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", allowed)))
        for folder, allowed in rows
        if (ROOT / folder).is_dir()
    }


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("folder", sorted(table()))
def test_a_folder_imports_only_what_its_row_allows(folder: str) -> None:
    allowed = table()[folder] | {folder} | set(sys.stdlib_module_names)
    if "SDKs" in allowed:
        allowed |= SDKS
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path)
        if name not in allowed
    ]
    assert wrong == []


def test_the_table_names_every_folder_of_code() -> None:
    folders = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert folders <= set(table())
