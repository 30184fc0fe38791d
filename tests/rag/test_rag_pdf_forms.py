"""A filled form is read as one reads it: each label once, with what was filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.load import load
from tests.support import pdfs


def field(name: str, value: str, x: int, y: int) -> str:
    return (
        f"<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/V({value})/F 4/P 3 0 R"
        f"/Rect[{x} {y - 4} {x + 150} {y + 12}]>>"
    )


def text_of(tmp_path: Path, labels: str, *fields: str) -> str:
    path = tmp_path / "form.pdf"
    path.write_bytes(pdfs.by_hand(labels, fields))
    return "\n".join(part.text for part in load(path, "form.pdf").parts)


def label(text: str, x: int, y: int) -> str:
    return f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET "


@pytest.mark.parametrize("printed", ["Full name:", "FULL  NAME", "Full name :"])
def test_a_label_that_is_the_name_of_its_field_is_said_once(tmp_path: Path, printed: str) -> None:
    labels = label(printed, 50, 700) + label("Phone:", 50, 670) + label("City:", 300, 670)
    fields = (
        field("Full name", "Ada Moss", 140, 700),
        field("Phone", "0532 14", 100, 670),
        field("City", "Van", 340, 670),
    )
    text = text_of(tmp_path, labels, *fields)
    assert text.split("\n") == ["Full name: Ada Moss", "Phone: 0532 14 City: Van"]


def test_what_a_label_says_beyond_the_name_stays(tmp_path: Path) -> None:
    labels = label("Name of your mother:", 50, 700) + label("Surname:", 50, 670)
    fields = (field("mother", "Ada", 180, 700), field("name", "Moss", 110, 670))
    text = text_of(tmp_path, labels, *fields)
    assert text.split("\n") == ["Name of your mother: Ada", "Surname: name: Moss"]


def test_a_label_above_its_field_is_said_once(tmp_path: Path) -> None:
    text = text_of(tmp_path, label("Address", 50, 700), field("address", "Moss Street 4", 52, 680))
    assert text == "address: Moss Street 4"
