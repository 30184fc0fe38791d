"""Office files that are odd, hostile or locked: a sentence for each, and nothing is fetched."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from rag.load import Loaded, LoadError, load
from tests.support.documents import replaced
from tests.support.office import paragraph, rooted, shape, slides, word
from tests.support.opendocument import opendocument

Open = Callable[[str, bytes], Loaded]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def opened(name: str, data: bytes) -> Loaded:
        path = tmp_path / "file"
        path.write_bytes(data)
        return load(path, name)

    return opened


def added(archive: bytes, name: str, data: bytes) -> bytes:
    """The same archive with one more file, which may have the name of another."""
    out = io.BytesIO(archive)
    with warnings.catch_warnings(), ZipFile(out, "a") as made:
        warnings.simplefilter("ignore")  # the double name is meant
        made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "made"),
    [("a.docm", word(paragraph("Kira"))), ("a.pptm", slides(shape("Kira")))],
)
def test_a_file_with_macros_is_read_and_runs_nothing(opened: Open, name: str, made: bytes) -> None:
    folder = "word" if name == "a.docm" else "ppt"
    with_macros = added(made, f"{folder}/vbaProject.bin", b"Shell")
    assert [part.text for part in opened(name, with_macros).parts] == ["Kira"]


def test_two_files_of_one_name_in_an_archive_are_refused(opened: Open) -> None:
    made, name = word(paragraph("Kira")), "word/document.xml"
    other = rooted("w:document", f"<w:body>{paragraph('Satış')}</w:body>").encode()
    with pytest.raises(LoadError) as error:
        opened("a.docx", added(made, name, other))
    assert (error.value.key, error.value.detail) == ("damaged", f"two files are called {name}")


def test_the_same_file_twice_is_read(opened: Open) -> None:
    made = word(paragraph("Kira"), styles=rooted("w:styles", ""))
    again = added(made, "word/styles.xml", rooted("w:styles", "").encode())
    assert opened("a.docx", again).parts[0].text == "Kira"


def test_a_file_that_claims_more_than_it_holds_is_damaged(opened: Open) -> None:
    made = bytearray(word(paragraph("Kira")))
    size = made.index(b"PK\x01\x02") + 20
    made[size : size + 4] = (3_000_000_000).to_bytes(4, "little")
    with pytest.raises(LoadError) as error:
        opened("a.docx", bytes(made))
    assert (error.value.key, error.value.detail) == ("damaged", "larger inside than the file")


def test_what_lies_outside_the_file_is_never_read(opened: Open, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rooted("w:hdr", paragraph("canary")))
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    reference = '<w:sectPr><w:headerReference r:id="a"/><w:footerReference r:id="b"/></w:sectPr>'
    outside = (
        f'<Relationships xmlns="{space}"><Relationship Id="a" Type="{kinds}/header" '
        f'Target="file://{secret}" TargetMode="External"/><Relationship Id="b" '
        f'Type="{kinds}/footer" Target="../../../../..{secret}"/></Relationships>'
    )
    made = word(paragraph("Kira") + reference)
    loaded = opened("a.docx", replaced(made, "word/_rels/document.xml.rels", outside.encode()))
    assert [part.text for part in loaded.parts] == ["Kira"]


@pytest.mark.parametrize("made", ["docx", "odt"])
def test_deep_nesting_is_refused(opened: Open, made: str) -> None:
    nested = "<w:ins>" * 5_000 if made == "docx" else "<text:span>" * 5_000
    data = word(f"<w:p>{nested}") if made == "docx" else opendocument("text", nested)
    with pytest.raises(LoadError) as error:
        opened(f"a.{made}", data)
    assert error.value.key == "damaged"


def test_nesting_as_deep_as_the_parser_goes_is_read(opened: Open) -> None:
    cells = 60
    inside = "<w:tbl><w:tr><w:tc>" * cells + paragraph("dip") + "</w:tc></w:tr></w:tbl>" * cells
    assert opened("a.docx", word(inside)).parts[0].text == "dip"
    lists = 100
    body = "<text:list><text:list-item>" * lists + "<text:p>dip</text:p>"
    body += "</text:list-item></text:list>" * lists
    assert opened("a.odt", opendocument("text", body)).parts[0].text == "dip"
