"""A small library of two languages: one weak word is no match for the passage that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.embedders import Embedder
from rag.library import Library
from rag.values import Chunk

NOTES = {
    "bahçe": "Bahçedeki ağaçların budanması mart ayında.",
    "neden": "The storm report. The wind came from the south and lasted the whole night.",
    "hasar": "Forty plane trees fell in one night. The roofs of twelve houses were torn off.",
    "kira": "Aylık kira 18.500 TL'dir, her ayın beşine kadar ödenir.",
    "çay": "Çay, Rize'nin yağmurlu yamaçlarında yetişir. Hasat mayısta başlar.",
    "zeytin": "Zeytin Ayvalık'ta yetişir; hasat kasımda başlar.",
    "köprü": "The bridge over the Bosphorus was opened in 1973. Tolls are paid by card.",
    "çorba": "Mercimek çorbası: bir bardak mercimek, iki havuç. Yirmi dakika pişirin.",
    "toplantı": "The board agreed to move the office to Ankara in May.",
}


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Fırtınada kaç ağaç devrildi?", "hasar"),
        ("Mercimek kaç dakika pişer?", "çorba"),
        ("How many trees fell in the storm?", "hasar"),
    ],
)
def test_a_shared_stem_alone_does_not_outweigh_what_is_meant(
    question: str, best: str, tmp_path: Path, embedder: Embedder
) -> None:
    library = Library(tmp_path, lambda: embedder)
    for name, text in NOTES.items():
        document = library.take(name, name.encode(), "c")
        library.index(document.id, [Chunk(text)])
    found = library.search(question)[0].passage.name
    library.close()

    assert found == best
