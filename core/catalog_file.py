"""Reading `models.yaml`: one bad entry costs that entry and one line, never the start."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel

from core.catalog import (
    EMBEDDERS_WITH_MODELS,
    WIRE_FORMATS,
    Catalog,
    DocumentRules,
    Limits,
    Model,
    SummaryRule,
    Titles,
)
from core.catalog_problems import FILE, Problem, Problems, names, phrase, unknown
from core.catalog_rows import Rows, checked
from core.catalog_yaml import Parsed, parse
from core.key_text import is_key, names_secret
from core.texts import LANGUAGES

__all__ = ["Loaded", "Problem", "catalog_language", "load_catalog"]

Part = TypeVar("Part", bound=BaseModel)
_TOP_KEYS = (
    "language",
    "default_model",
    "limits",
    "titles",
    "summary",
    "documents",
    "providers",
    "models",
)
_TOGETHER: Mapping[type[BaseModel], tuple[str, ...]] = {
    DocumentRules: ("embedder", "model", "base_url", "api_key_env")
}
"""Keys that decide together where texts are sent: where one is wrong, the section is not used."""


@dataclass(frozen=True)
class Loaded:
    """What could be used, and what could not. `secrets` are keys and passwords that stand in the
    file all the same; `is_readable` is false for a file that is no catalog at all."""

    catalog: Catalog
    problems: tuple[Problem, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    is_readable: bool = True


def load_catalog(path: Path, formats: Collection[str] = WIRE_FORMATS) -> Loaded:
    """Read the file; `formats` are the wire formats there are. Never raises: a file that cannot be
    read gives an empty catalog and one problem."""
    parsed = parse(path)
    reader = _Reader(parsed, tuple(formats))
    catalog = reader.read()
    secrets = frozenset(_secrets(catalog))
    return Loaded(catalog, reader.problems.found(), secrets, not parsed.fault)


def catalog_language(path: Path) -> Literal["tr", "en"]:
    """The language that `load_catalog` would give; quickly, since nothing else is looked at."""
    return _language(parse(path).raw)


def _language(raw: Mapping[Any, Any]) -> Literal["tr", "en"]:
    return "en" if raw.get("language") == "en" else "tr"


def _secrets(catalog: Catalog) -> Iterator[str]:
    """Keys in headers and addresses, and passwords in addresses."""
    for address in (catalog.documents.base_url, *(m.base_url for m in catalog.models)):
        parts = urlsplit(address or "")
        yield parts.password or ""
        yield from (value for name, value in parse_qsl(parts.query) if names_secret(name))
    for model in catalog.models:
        for name, value in model.headers.items():
            if names_secret(name) or is_key(value):
                yield from (value, value.partition(" ")[2])


class _Reader:
    """One pass over a parsed file, collecting problems as it goes."""

    def __init__(self, parsed: Parsed, formats: tuple[str, ...]) -> None:
        self.problems = Problems()
        self._parsed = parsed
        self._raw = parsed.raw
        self._formats = formats

    def read(self) -> Catalog:
        """The catalog that the file describes."""
        fault = self._parsed.fault
        if fault:
            self.problems.add(
                FILE, self._parsed.place, phrase(f"wrong.{fault}"), phrase(f"allowed.{fault}")
            )
        self._duplicate_keys()
        self._unknown_top_keys()
        limits = self._section("limits", Limits)
        rows = Rows(self.problems, self._formats)
        rows.read_providers(self._raw.get("providers") or {})
        models = rows.models(self._raw.get("models") or [], limits)
        self._check_language()
        return Catalog(
            language=_language(self._raw),
            default_model=self._known(FILE, "default_model", self._raw, models),
            limits=limits,
            titles=self._with_known_model("titles", Titles, models),
            summary=self._with_known_model("summary", SummaryRule, models),
            documents=self._documents(),
            models=models,
        )

    def _duplicate_keys(self) -> None:
        for one in self._parsed.duplicates:
            first, second = str(one.line), str(one.second_line)
            wrong = phrase("wrong.duplicate", first=first, second=second)
            self.problems.add(*_place(one.path), wrong, phrase("allowed.once"))

    def _unknown_top_keys(self) -> None:
        for key in self._raw:
            if key not in _TOP_KEYS:
                self.problems.add(FILE, str(key), unknown(str(key), _TOP_KEYS), names(_TOP_KEYS))

    def _check_language(self) -> None:
        value = self._raw.get("language", "tr")
        if value not in LANGUAGES:
            wrong = phrase("wrong.value", value=str(value)[:200])
            self.problems.add(FILE, "language", wrong, names(LANGUAGES))

    def _known(
        self, entry: str, key: str, raw: Mapping[Any, Any], models: tuple[Model, ...]
    ) -> str:
        """The id of a model the entry names under `key`; "" where it names none there is."""
        value = str(raw.get(key) or "")[:200]
        ids = [model.id for model in models]
        if value and value not in ids:
            self.problems.add(entry, key, phrase("wrong.value", value=value), names(ids))
            return ""
        return value

    def _with_known_model(self, name: str, kind: type[Part], models: tuple[Model, ...]) -> Part:
        """A section whose `model` is dropped where the catalog has none of that id."""
        section = self._section(name, kind)
        model = self._known(name, "model", section.model_dump(), models) or None
        return section.model_copy(update={"model": model})

    def _documents(self) -> DocumentRules:
        """The rules of the documents; the default ones where the embedder lacks its model."""
        rules = self._section("documents", DocumentRules)
        if rules.model or rules.embedder not in EMBEDDERS_WITH_MODELS:
            return rules
        self.problems.add(
            "documents", "model", phrase("wrong.missing"), phrase("allowed.embedder_model")
        )
        return DocumentRules()

    def _section(self, name: str, kind: type[Part]) -> Part:
        """A section of the file. A wrong key is as if it were not there; where it decides with
        others, so is the section."""
        raw = self._raw.get(name) or {}
        if not isinstance(raw, dict):
            self.problems.add(name, "-", phrase("wrong.not_a_mapping"), names(kind.model_fields))
            return kind()
        wrong = {key for key in raw if self._is_wrong(name, {key: raw[key]}, kind)}
        if wrong & set(_TOGETHER.get(kind, ())):
            return kind()
        return kind.model_validate({key: raw[key] for key in raw if key not in wrong})

    def _is_wrong(self, name: str, alone: Mapping[Any, Any], kind: type[BaseModel]) -> bool:
        return checked(self.problems, name, alone, kind) is None


def _place(path: tuple[str | int, ...]) -> tuple[str, str]:
    """Entry and key of a path into the file, as other problems name them."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    depth = min({"models": 2, "providers": 2}.get(str(path[0]), 1), len(path) - 1)
    return "".join(steps[:depth]).removeprefix(".") or FILE, "".join(steps[depth:])[1:]
