"""What happens at one page costs that page, and its number is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag.load import Loaded, LoadError, LoadLimits, Unread, load
from tests.support import documents, page_readers

MB = 1 << 20
Read = Callable[..., Loaded]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(lines: Sequence[str], limits: LoadLimits | None = None, **more: object) -> Loaded:
        path = tmp_path / "pages"
        path.write_text("\n".join(lines), encoding="utf-8")
        return load(path, "pages", limits, reader=page_readers.__name__, **more)  # type: ignore[arg-type]

    return read


def pages_of(loaded: Loaded) -> list[int | None]:
    return [part.page for part in loaded.parts]


@pytest.mark.parametrize(
    ("bad", "key"),
    [("hang", "too_long"), ("die", "damaged"), ("raise", "damaged"), ("grow", "too_much_memory")],
)
def test_a_bad_page_costs_itself_alone(read: Read, bad: str, key: str) -> None:
    loaded = read(["a", "b", bad, "d", "e", "f"], LoadLimits(seconds=2, memory=400 * MB))

    assert pages_of(loaded) == [1, 2, 4, 5, 6]
    assert loaded.pages == 6
    assert loaded.unread == (Unread(3, 3, key),)  # type: ignore[arg-type]


def test_a_long_file_has_its_seconds_for_each_page(read: Read) -> None:
    loaded = read(["slow"] * 6, LoadLimits(seconds=4 * page_readers.SLOW_S))

    assert pages_of(loaded) == [1, 2, 3, 4, 5, 6]


def test_a_page_that_comes_in_drops_is_ended(read: Read) -> None:
    loaded = read(["a", "drip", "c"], LoadLimits(seconds=2))

    assert {1, 3} <= set(pages_of(loaded))
    assert loaded.unread == (Unread(2, 2, "too_long"),)


def test_a_file_has_its_limit_whatever_its_pages_take(read: Read) -> None:
    loaded = read(["a", "hang", "c", "d"], LoadLimits(file_seconds=2))

    assert pages_of(loaded) == [1]
    assert loaded.unread == (Unread(2, 4, "too_long"),)


def test_a_file_that_kills_every_worker_is_left(read: Read) -> None:
    loaded = read(["a", *["die"] * 30])

    assert pages_of(loaded) == [1]
    assert loaded.unread == (Unread(2, 31, "damaged"),)


def test_pages_without_text_are_named_together(read: Read) -> None:
    loaded = read(["a", "scan", "scan", "die", "scan"])

    assert loaded.unread == (
        Unread(2, 3, "scanned"),
        Unread(4, 4, "damaged"),
        Unread(5, 5, "scanned"),
    )


@pytest.mark.parametrize(
    ("pages", "key"), [(["scan"] * 3, "scanned"), (["die"] * 3, "damaged"), ([" "], "empty")]
)
def test_a_file_of_which_nothing_is_read_says_why(
    read: Read, pages: Sequence[str], key: str
) -> None:
    with pytest.raises(LoadError) as error:
        read(pages)
    assert error.value.key == key


def test_some_pages_can_be_read_alone(read: Read) -> None:
    loaded = read(["a", "b", "die", "d", "e"], pages=(2, 3, 5))

    assert [part.text for part in loaded.parts] == ["b", "e"]
    assert loaded.unread == (Unread(3, 3, "damaged"),)


def test_the_text_of_all_workers_together_is_limited(read: Read) -> None:
    loaded = read(["a" * 40, "die", "b" * 40, "c" * 40], LoadLimits(characters=100))

    assert pages_of(loaded) == [1, 3]
    assert loaded.unread == (Unread(2, 2, "damaged"), Unread(4, 4, "too_large"))


def test_it_is_told_how_far_a_file_is_read(read: Read) -> None:
    shares: list[float] = []

    read(["a", "b", "die", "d"], report=shares.append)

    assert shares == [0.0, 0.25, 0.5, 0.75]


def test_reading_ends_where_the_report_raises(read: Read) -> None:
    def report(share: float) -> None:
        if share:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        read(["a", "b", "hang"], report=report)


def test_of_ten_thousand_pages_the_first_are_read(read: Read) -> None:
    loaded = read([f"Sayfa {n}" for n in range(1, 10_001)])

    assert pages_of(loaded) == list(range(1, 2_001))
    assert (loaded.pages, loaded.unread) == (10_000, (Unread(2_001, 10_000, "too_large"),))


def test_a_pdf_gives_its_first_pages_and_names_the_others(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(documents.pdf([f"Sayfa {n}, çay ve rüzgâr" for n in range(1, 6)]))

    loaded = load(path, path.name, LoadLimits(pages=3))

    assert pages_of(loaded) == [1, 2, 3]
    assert (loaded.pages, loaded.unread) == (5, (Unread(4, 5, "too_large"),))
