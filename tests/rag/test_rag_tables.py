"""Rows of a table stand under the row that names their columns."""

from __future__ import annotations

from rag.loaders.tables import blocks, cells_of, table


def test_a_name_above_the_table_is_not_its_head() -> None:
    rows = [["Acme A.Ş."], ["Fiyat listesi 2026"], ["Ürün", "Adet", "Fiyat"]]
    rows += [[f"Kalem {n}", str(n), "1,5"] for n in range(100)]
    found = table(rows).split("\n\n")
    assert found[0].startswith("Acme A.Ş.\nFiyat listesi 2026\nÜrün | Adet | Fiyat\nKalem 0 ")
    assert len(found) > 2
    assert all(one.startswith("Ürün | Adet | Fiyat\nKalem ") for one in found[1:])


def test_a_row_with_a_remark_beside_it_is_not_the_head() -> None:
    rows = [["Ad", "Yaş"], ["Ali", "5"], ["Ece", "7", "taşındı"]]
    rows += [[f"Kişi {n}", str(n)] for n in range(200)]
    assert table(rows).split("\n\n")[-1].startswith("Ad | Yaş\n")


def test_years_may_name_columns() -> None:
    rows = [["Gelir tablosu", ""], ["Kalem", "2024", "2025"], ["Satış", "10", "12"]]
    rows += [[f"Kalem {n}", str(n), "3"] for n in range(200)]
    assert table(rows).split("\n\n")[-1].startswith("Kalem | 2024 | 2025\n")


def test_tables_between_empty_rows_have_heads_and_titles_of_their_own() -> None:
    rows = [["Gelen"], ["Ürün", "Adet"], ["Çay", "5"], [], ["Giden"], ["Kent", "Koli"]]
    rows += [["Rize", "7"], [], ["Hopa", "8"]]
    found = list(blocks(map(cells_of, rows)))
    assert [(one.title, one.text) for one in found] == [
        ("Gelen", "Gelen\nÜrün | Adet\nÇay | 5"),
        ("Giden", "Giden\nKent | Koli\nRize | 7"),
        ("Giden", "Kent | Koli\nHopa | 8"),
    ]


def test_where_columns_cannot_be_counted_every_cell_says_its_column() -> None:
    head = [f"Ölçüm {n} (mm)" for n in range(40)]
    rows = [head, [str(100 + n) for n in range(40)]]
    assert "Ölçüm 17 (mm): 117 | Ölçüm 18 (mm): 118" in table(rows)
    far = table([["Ad", "B", "C", "D", "E", "F", "G", "Puan"], ["Ali", *[""] * 6, "9"]])
    assert far.endswith("Ad: Ali | Puan: 9")
