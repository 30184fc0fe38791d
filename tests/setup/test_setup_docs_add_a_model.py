"""docs/add-a-model.md, followed literally: what it shows must work as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from core.catalog import Catalog, ModelRow, ProviderRow
from core.catalog_file import load_catalog

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "add-a-model.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def followed(folder: Path) -> Catalog:
    """The shipped models.yaml with every block of the page put where the page says."""
    text = (PROJECT / "models.yaml").read_text(encoding="utf-8")
    for block in BLOCKS:
        section = "models:\n" if block.lstrip().startswith("- id:") else "providers:\n"
        text = text.replace(f"\n{section}", f"\n{section}{block}", 1)
    changed = folder / "models.yaml"
    changed.write_text(text, encoding="utf-8")
    loaded = load_catalog(changed)
    assert [problem.line("en") for problem in loaded.problems] == []
    return loaded.catalog


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.lstrip().startswith("- id:")])
def test_a_model_that_the_page_adds_is_there(tmp_path: Path, block: str) -> None:
    wanted = yaml.safe_load(block)[0]
    model = followed(tmp_path).model(wanted["id"])
    assert model is not None
    assert (model.provider, model.name) == (wanted["provider"], wanted["name"])


def test_the_first_example_is_three_lines_and_inherits_the_rest(tmp_path: Path) -> None:
    assert len(BLOCKS[0].strip().splitlines()) == 3
    catalog = followed(tmp_path)
    added, sibling = catalog.model("openrouter-gemma"), catalog.model("openrouter-llama")
    assert added is not None
    assert sibling is not None
    assert (added.base_url, added.api_key_env) == (sibling.base_url, sibling.api_key_env)


def test_the_server_of_ones_own_answers_at_its_address(tmp_path: Path) -> None:
    model = followed(tmp_path).model("my-model")
    assert model is not None
    assert (model.format, model.kind) == ("openai_compatible", "custom")
    assert model.base_url == "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("heading", "row"),
    [("## Every key of a model", ModelRow), ("## Every key of a pro", ProviderRow)],
)
def test_every_key_is_explained_and_no_other(
    heading: str, row: type[ModelRow] | type[ProviderRow]
) -> None:
    table = PAGE.split(heading)[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(row.model_fields)
