"""Which messages of a path a page shows."""

from __future__ import annotations

import pytest

from core.conversation import Message
from ui.paths import shown_end

PATH = [Message(f"m{n}", None, "user", "", "") for n in range(10)]


@pytest.mark.parametrize(
    ("first", "length", "begins"),
    [
        (None, 10, "m4"),
        ("m4", 10, "m4"),
        ("m4", 8, "m4"),
        ("m4", 7, "m4"),
        ("m4", 6, "m0"),
        ("m2", 10, "m4"),
        ("gone", 10, "m4"),
    ],
)
def test_a_page_goes_on_beginning_where_it_begins_while_enough_is_shown(
    first: str | None, length: int, begins: str
) -> None:
    assert shown_end(PATH[:length], 6, first)[0].id == begins
