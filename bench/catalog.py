"""The catalog that Divan gets to be measured with: one fake provider, one model a pace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import divan_app
from tests.support.divan_app import DivanApp

_HEAD = """
language: en
limits: {{running_answers: 200, message_characters: 200000}}
providers:
  bench: {{format: openai_compatible, kind: custom, base_url: "{url}"}}
models:
  - {{id: bench, provider: bench, name: {name}}}
"""


def catalog(provider: str, name: str) -> str:
    """The text of a `models.yaml` with one model, called `bench`, of this pace."""
    return _HEAD.format(url=provider, name=name)


def lanes_catalog(provider: str, ids: Sequence[str], names: Sequence[str]) -> str:
    """The text of a `models.yaml` with several models of the fake provider."""
    first, *rest = zip(ids, names, strict=True)
    rows = "".join(f"  - {{id: {one}, provider: bench, name: {name}}}\n" for one, name in rest)
    head = catalog(provider, first[1]).replace("id: bench,", f"id: {first[0]},")
    return head + rows


@contextmanager
def divan(provider: str, name: str, folder: Path | None = None) -> Iterator[DivanApp]:
    """The real program over the fake provider, in a folder of its own or in the one given."""
    with TemporaryDirectory(prefix="divan-bench-", ignore_cleanup_errors=True) as made:
        place = folder or Path(made)
        with divan_app.running(place, catalog(provider, name)) as app:
            yield app
