"""RTF is read in its code page, with its tables."""

from __future__ import annotations

from pathlib import Path

from rag.load import load
from rag.values import Part

HEAD = rb"{\rtf1\ansi\ansicpg1254\deff0{\fonttbl{\f0\fcharset162 Calibri;}}{\*\generator x}"


def parts(path: Path, body: bytes) -> tuple[Part, ...]:
    path.write_bytes(HEAD + body + b"}")
    return load(path, "a.doc").parts


def test_turkish_letters_numbers_and_results_of_fields(tmp_path: Path) -> None:
    body = (
        rb"\'dd\'fe yeri \u304?zmir, da\'f0\par {\listtext 1.\tab}\pard Kira\par TS\_825 \u-10179?"
        rb"\u-8704?\par {\field{\*\fldinst{PAGEREF x}}{\fldrslt{yedi}}}"
    )
    (part,) = parts(tmp_path / "a", body)
    assert part.text == "İş yeri İzmir, dağ\n1.\tKira\nTS-825 😀\nyedi"


def test_tables_are_tables(tmp_path: Path) -> None:
    row = rb"\trowd\intbl %s\cell %s\cell\row "
    body = rb"Liste\par " + row % (b"Kent", b"Say\\'fd") + row % (b"Bolu", b"12") + rb"\pard son"
    found = parts(tmp_path / "a", body)
    assert Part("Kent | Sayı\nBolu | 12", kind="table") in found


def test_heads_and_feet_are_read_once(tmp_path: Path) -> None:
    head = rb"{\header \pard Evrak No: {\b 2025}/11\'fd\par}"
    found = parts(tmp_path / "a", head + rb"{\headerf \pard Ilk\par}" + head + rb"\pard Metin\par")
    assert [one.text for one in found] == ["Evrak No: 2025/11ı", "Ilk", "Metin"]


def test_a_head_without_an_end_does_not_cost_the_text(tmp_path: Path) -> None:
    found = parts(tmp_path / "a", rb"\pard Metin\par {{\header yar\'fdm")
    assert "Metin" in [one.text for one in found]


def test_many_fields_in_one_line_take_no_time(tmp_path: Path) -> None:
    (part,) = parts(tmp_path / "a", rb"{\field{\*\fldinst{REF x}}{\fldrslt a}}" * 20_000)
    assert part.text == "a" * 20_000
