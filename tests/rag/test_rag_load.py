"""Every format gives its text with the page and heading it stands under."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.load import Loaded, LoadError, LoadLimits, load
from rag.values import Part
from tests.support import documents

Open = Callable[..., Loaded]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def opened(name: str, data: bytes | str, limits: LoadLimits | None = None) -> Loaded:
        path = tmp_path / "file"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return load(path, name, limits)

    return opened


def of(loaded: Loaded, text: str) -> Part:
    """The one part that says this."""
    (found,) = [part for part in loaded.parts if text in part.text]
    return found


def test_a_turkish_pdf_keeps_its_letters_and_pages(opened: Open) -> None:
    loaded = opened("a.pdf", documents.pdf(documents.TURKISH))
    assert [(part.text, part.page) for part in loaded.parts] == [
        (text, page) for page, text in enumerate(documents.TURKISH, start=1)
    ]
    assert loaded.pages == 3


def test_the_outline_of_a_pdf_gives_headings(opened: Open) -> None:
    made = documents.pdf(documents.TURKISH, ["Giriş", "Boğaz"])
    loaded = opened("a.pdf", made)
    assert of(loaded, "Ağrı'da").heading == ("Giriş",)
    assert of(loaded, "Boğazı'nın").heading == ("Boğaz",)
    assert of(loaded, "Çiftçiler").heading == ("Boğaz",)


def test_a_word_broken_at_the_end_of_a_line_is_whole_again(opened: Open) -> None:
    loaded = opened("a.pdf", documents.pdf(["Bu bir dene-\nmedir, Ankara-\nİzmir yolu gibi."]))
    assert loaded.parts[0].text == "Bu bir denemedir, Ankara-\nİzmir yolu gibi."


def test_a_docx_has_headings_pages_and_tables(opened: Open) -> None:
    loaded = opened("a.docx", documents.docx())
    cause, damage = of(loaded, "from the south"), of(loaded, "Forty trees")
    assert (cause.heading, cause.page) == (("Storm report", "Cause"), 1)
    assert (damage.heading, damage.page) == (("Storm report", "Damage"), 2)
    assert of(loaded, "Ayvalık") == Part(
        "Town | Loss\nAyvalık | 12", 2, ("Storm report", "Damage"), "table"
    )
    assert loaded.pages == 2


def test_the_pages_word_saw_count(opened: Open) -> None:
    loaded = opened("a.docx", documents.docx_as_word_saves_it())
    assert of(loaded, "first page ends").page == 1
    assert of(loaded, "the second begins").page == 2
    assert of(loaded, "outer").text.split() == ["outer", "|", "inner"]


def test_long_text_without_marks_has_no_made_up_pages(opened: Open) -> None:
    made = documents.docx_of("word " * 3000, "\f", "the end")
    assert {part.page for part in opened("a.docx", made).parts} == {None}


def test_notes_of_a_docx_stand_at_the_end_of_their_page_or_section(opened: Open) -> None:
    loaded = opened("a.docx", documents.docx_with_notes())
    assert [(part.text, part.page, part.heading) for part in loaded.parts] == [
        ("Yield\n\nTea was picked twice.", 1, ("Yield",)),
        ("Rain fell.", 1, ("Yield",)),
        ("The year ended.", 1, ("Yield",)),
        ("Not in Hopa, where it was picked once.", 1, ("Yield",)),
        ("As the Rize station saw it.", 1, ("Yield",)),
        ("Prices", 1, ("Prices",)),
        ("Without tax.", 2, ("Prices",)),
    ]


def test_slides_are_pages_with_their_notes_and_tables(opened: Open) -> None:
    loaded = opened("a.pptx", documents.pptx())
    first, table = of(loaded, "güneyden"), of(loaded, "Ayvalık")
    assert (first.page, first.heading) == (1, ("Giriş",))
    assert "Burada durakla." in first.text
    assert (table.page, table.heading, table.kind) == (2, ("Sonuç",), "table")
    assert loaded.pages == 2


def test_sheets_are_pages(opened: Open) -> None:
    loaded = opened("a.xlsx", documents.xlsx())
    assert loaded.parts[0] == Part(
        "Ad | Nüfus | Tarih\nİzmir | 4400000,5 | 2020-01-02", 1, ("Kentler",), "table"
    )
    assert loaded.parts[1] == Part("ışık | 7 | =1+1 [değer kayıtlı değil]", 2, ("Öbür",), "table")


def test_html_gives_what_a_reader_sees(opened: Open) -> None:
    loaded = opened(
        "a.html",
        "<title>Sayfa</title><style>p{}</style><nav>menü</nav><p>Önce <b>kalın</b> söz"
        "<h1>Rüzgâr</h1><p>Güneyden<br>eser.<script>kötü()</script><h2>Hasar</h2>"
        "<table><tr><th>Kent<th>Kayıp<tr><td>Ayvalık<td><p>12</table><pre>a\n  b</pre>",
    )
    assert loaded.parts == (
        Part("Önce kalın söz", None, ("Sayfa",)),
        Part("Rüzgâr\n\nGüneyden\neser.", None, ("Rüzgâr",)),
        Part("Hasar\n\nKent | Kayıp\nAyvalık | 12", None, ("Rüzgâr", "Hasar"), "table"),
        Part("a\n  b", None, ("Rüzgâr", "Hasar"), "code"),
    )


def test_html_may_name_its_own_encoding(opened: Open) -> None:
    page = '<meta charset="iso-8859-9"><p>Şişli ığdır'.encode("iso-8859-9")
    assert opened("a.html", page).parts[0].text == "Şişli ığdır"


def test_markdown_has_headings_and_code(opened: Open) -> None:
    text = "# Bir\nsöz\n## İki #\n```py\n# yorum\n```\nson\n\nÜç\n===\nbitti"
    assert opened("a.md", text).parts == (
        Part("Bir\n\nsöz", None, ("Bir",)),
        Part("İki\n\n```py\n# yorum\n```", None, ("Bir", "İki"), "code"),
        Part("son", None, ("Bir", "İki")),
        Part("Üç\n\nbitti", None, ("Üç",)),
    )


def test_a_notebook_gives_its_cells_without_what_they_printed(opened: Open) -> None:
    text = json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "source": ["# Ölçüm\n", "Rüzgâr hızı."]},
                {"cell_type": "code", "source": "x = 1", "outputs": [{"text": "printed"}]},
            ]
        }
    )
    assert opened("a.ipynb", text).parts == (
        Part("Ölçüm\n\nRüzgâr hızı.", None, ("Ölçüm",)),
        Part("x = 1", None, ("Ölçüm",), "code"),
    )


def test_pictures_written_as_letters_are_left_out(opened: Open) -> None:
    text = f"önce ![a](data:image/png;base64,{'QUJD' * 1000}) sonra"
    assert opened("a.md", text).parts[0].text == "önce ![a]() sonra"


def test_code_keeps_its_indentation(opened: Open) -> None:
    text = "def f():\n    return 1"
    assert opened("a.py", text).parts == (Part(text, kind="code"),)


def test_a_table_of_values_says_its_columns_in_every_block(opened: Open) -> None:
    rows = [f'Kişi {n};"a;b";{n}' for n in range(200)]
    (part,) = opened("a.csv", "\r\n".join(["Ad;Harf;Sayı", *rows])).parts
    blocks = part.text.split("\n\n")
    assert part.kind == "table"
    assert len(blocks) > 3
    assert all(block.startswith("Ad | Harf | Sayı\n") for block in blocks)
    assert "Kişi 199 | a;b | 199" in blocks[-1]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1254"]
)
def test_turkish_text_in_any_encoding(opened: Open, encoding: str) -> None:
    text = "\n".join(documents.TURKISH)
    assert opened("a.txt", text.encode(encoding)).parts[0].text == text


def test_a_text_cut_in_the_middle_of_a_letter_stays_what_it_was(opened: Open) -> None:
    cut = "Ağrı dağı, İstanbul, ş".encode()[:-1]
    assert opened("a.txt", cut).parts[0].text.startswith("Ağrı dağı, İstanbul,")


@pytest.mark.parametrize("made", [documents.docx, documents.pptx, documents.xlsx])
def test_content_counts_more_than_the_extension(opened: Open, made: Callable[[], bytes]) -> None:
    assert opened("not-what-it-says.txt", made()).pages == 2


def test_a_pdf_may_begin_late_but_a_text_about_pdf_is_a_text(opened: Open) -> None:
    assert opened("a.pdf", b"\r\n\r\n" + documents.pdf(documents.TURKISH)).pages == 3
    assert opened("a.md", "A PDF begins with %PDF-1.4").pages == 0


def test_what_no_text_needs_is_gone(opened: Open) -> None:
    (part,) = opened("a.txt", "g\u0306u\u0308n\u00ad\u200beş\r\nbir\u00a0iki\0").parts
    assert part.text == "ğüneş\nbir iki"


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.pdf", documents.scanned_pdf(), "scanned"),
        ("a.pdf", documents.locked_pdf("parola"), "encrypted"),
        ("a.pdf", documents.pdf([""]), "empty"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.txt", bytes(range(256)) * 20, "encoding"),
        ("a.docx", b"PK\x03\x04 and no more", "damaged"),
        ("a.pdf", bytes(range(256)), "damaged"),
        ("a.bin", bytes(range(256)), "unsupported"),
        ("a.png", bytes(range(256)), "damaged"),
        ("a.zip", documents.zipped({"a.txt": b"text"}), "unsupported"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
    ],
)
def test_a_file_without_text_says_why(opened: Open, name: str, data: bytes, key: str) -> None:
    with pytest.raises(LoadError) as error:
        opened(name, data)
    assert error.value.key == key


def test_a_pdf_that_only_restricts_printing_is_read(opened: Open) -> None:
    assert opened("a.pdf", documents.locked_pdf("")).parts[0].text == documents.TURKISH[0]


def test_links_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "link.txt").symlink_to(tmp_path / "secret.txt")
    for path in (tmp_path / "link.txt", tmp_path):
        with pytest.raises(LoadError) as error:
            load(path, "a.txt")
        assert error.value.key == "unsupported"


def test_a_missing_file_is_an_error_of_that_file(tmp_path: Path) -> None:
    with pytest.raises(LoadError) as error:
        load(tmp_path / "gone.txt", "gone.txt")
    assert error.value.key == "damaged"
