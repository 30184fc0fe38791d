"""Tables in text form keep the columns of their file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.loaders.csv import csv_parts, delimiter_of
from rag.loaders.formats import parts
from rag.loaders.values import LoadLimits, Source
from rag.values import Part


def lines(text: str) -> list[str]:
    return "\n".join(part.text for part in csv_parts(text)).splitlines()


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Ürün;Açıklama;Fiyat\nA;mavi, kırmızı, sarı;1,5\nB;mavi, gri, ak;2,5\n", ";"),
        ("Ad\tAçıklama\nk0\tbir, iki; üç\nk1\tbir, iki; üç\n", "\t"),
        ("Ölçüm\n1,5\n2,5\n3,5\n", ""),
        ("Ad,Yaş\n1,5\n2,7\n", ","),
        ("Ad;Fiyat\nÇay;1,5\nSu;2,5\n", ";"),
        ("Rapor, 2026\n\nAd;Yaş\nAli;5\nEce;7\n", ";"),
        ('Ad,Not\nAli,"a;b;c"\nEce,"d;e\nf"\n', ","),
        ("a|b\n1|2\n", "|"),
        ("yalnız bir söz\n", ""),
    ],
)
def test_the_delimiter_gives_every_row_the_same_number_of_cells(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_the_line_that_names_the_delimiter_is_obeyed_and_not_shown() -> None:
    assert lines("sep=;\r\nŞehir;Yağış (mm)\r\nIğdır;254,2\r\n") == [
        "Şehir | Yağış (mm)",
        "Iğdır | 254,2",
    ]
    assert lines("SEP=^\na,b^c\n") == ["a,b | c"]


def test_a_name_above_the_table_is_no_head() -> None:
    rows = "".join(f"Kişi {n};{n}\n" for n in range(200))
    found = "\n".join(part.text for part in csv_parts(f"Acme;\n\nAd;Sıra\n{rows}"))
    assert found.split("\n\n")[-1].startswith("Ad | Sıra\n")


def test_line_breaks_in_quotes_belong_to_their_cell() -> None:
    assert lines('Ad;Adres\nAli;"Rize\nMerkez"\nEce;"Of ""üst"""\n') == [
        "Ad | Adres",
        "Ali | Rize Merkez",
        'Ece | Of "üst"',
    ]


def test_an_old_encoding_and_many_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "Şehir;Yağış\r\n" + "".join(f"Iğdır {n};{n},5\r\n" for n in range(50_000))
    path.write_bytes(text.encode("windows-1254"))
    found = list(parts(Source(path, "a.csv", LoadLimits())))
    assert all(isinstance(one, Part) and len(one.text) < 110_000 for one in found)
    assert isinstance(found[-1], Part)
    assert found[-1].text.endswith("Iğdır 49999 | 49999,5")
