"""Letters of a PDF become those a person types, and broken words whole."""

from __future__ import annotations

import pytest

from rag.loaders.collect import clean
from rag.loaders.pdf.text import joined


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["dene-", "medir"], "denemedir"),
        (["dene\u0002", "medir"], "denemedir"),
        (["çarşam\u00ad", "ba"], "çarşamba"),
        (["Ankara\u0002", "İzmir"], "Ankara-\nİzmir"),
        (["2020-", "2021"], "2020-\n2021"),
        (["ﬁyat", "oﬃs"], "fiyat\noffis"),
        (["Da˘gın s¸ehri ˙Istanbul"], "Dağın şehri İstanbul"),
    ],
)
def test_lines_are_joined_as_they_are_read(lines: list[str], text: str) -> None:
    assert clean(joined(lines)) == text
