"""Reading `models.yaml`: one bad entry costs that entry and one line, never the start."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from core.catalog import (
    EMBEDDERS_WITH_MODELS,
    WIRE_FORMATS,
    Catalog,
    DocumentRules,
    Limits,
    Model,
    ModelRow,
    ProviderRow,
    SummaryRule,
    Titles,
    resolve,
)
from core.catalog_allowed import allowed
from core.texts import DEFAULT_LANGUAGE, FAST_LOADER, LANGUAGES, translate

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


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the file: which entry, which key, and a line about it in each language
    that says what is wrong and what is allowed."""

    entry: str
    key: str
    lines: Mapping[str, str]

    def line(self, language: str) -> str:
        """The problem as one line for the page and the terminal."""
        return self.lines.get(language) or self.lines[DEFAULT_LANGUAGE]


@dataclass(frozen=True)
class Loaded:
    """What could be used, and what could not."""

    catalog: Catalog
    problems: tuple[Problem, ...] = ()


def load_catalog(path: Path, formats: Collection[str] = WIRE_FORMATS) -> Loaded:
    """Read the file; `formats` are the wire formats there are. Never raises: a file that cannot be
    read gives an empty catalog and one problem."""
    raw, unreadable = _parse(path)
    readings = {
        language: _Reader(raw, tuple(formats), language).read(unreadable) for language in LANGUAGES
    }
    catalog, found = readings[DEFAULT_LANGUAGE]
    problems = [
        Problem(
            one.entry,
            one.key,
            {lang: said[number].line(lang) for lang, (_, said) in readings.items()},
        )
        for number, one in enumerate(found)
    ]
    return Loaded(catalog, tuple(problems))


def catalog_language(path: Path) -> Literal["tr", "en"]:
    """The language that `load_catalog` would give; quickly, since nothing else is looked at."""
    raw, _ = _parse(path, FAST_LOADER)
    return _language(raw)


def _language(raw: Mapping[Any, Any]) -> Literal["tr", "en"]:
    return "en" if raw.get("language") == "en" else "tr"


def _parse(
    path: Path, loader: Any = yaml.SafeLoader
) -> tuple[dict[Any, Any], tuple[str, str] | None]:
    """What the file holds, and if that is nothing usable: what is wrong with it, and where. The
    loader of Python names the place more exactly than the fast one."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8-sig"), loader) or {}  # noqa: S506 - both are safe
    except FileNotFoundError:
        return {}, ("missing", "-")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return {}, ("syntax", f"{mark.line + 1}:{mark.column + 1}" if mark else "-")
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        return {}, ("unreadable", "-")
    return (raw, None) if isinstance(raw, dict) else ({}, ("not_a_mapping", "-"))


@dataclass(frozen=True)
class _Found:
    """A problem in the language of one reading."""

    entry: str
    key: str
    wrong: str
    allowed: str

    def line(self, language: str) -> str:
        parts = {"wrong": self.wrong, "allowed": self.allowed}
        return translate(language, "catalog.problem", entry=self.entry, key=self.key, **parts)


class _Reader:
    """One pass over a parsed file, collecting problems in one language as it goes."""

    def __init__(self, raw: dict[Any, Any], formats: tuple[str, ...], language: str) -> None:
        self._raw = raw
        self._formats = formats
        self._language = language
        self._problems: list[_Found] = []

    def read(self, unreadable: tuple[str, str] | None) -> tuple[Catalog, list[_Found]]:
        if unreadable:
            what, where = unreadable
            self._say(
                "models.yaml", where, self._text(f"wrong.{what}"), self._text(f"allowed.{what}")
            )
        self._unknown_top_keys()
        limits = self._section("limits", Limits)
        providers = self._providers()
        models = self._models(providers, limits)
        self._check_language()
        catalog = Catalog(
            language=_language(self._raw),
            default_model=self._known("models.yaml", "default_model", self._raw, models),
            limits=limits,
            titles=self._with_known_model("titles", Titles, models),
            summary=self._with_known_model("summary", SummaryRule, models),
            documents=self._documents(),
            models=models,
        )
        return catalog, self._problems

    def _say(self, entry: str, key: str, wrong: str, allowed: str) -> None:
        self._problems.append(_Found(_short(entry), _short(key), _short(wrong), allowed))

    def _text(self, key: str, **params: str) -> str:
        return translate(self._language, f"catalog.{key}", **params)

    def _unknown_top_keys(self) -> None:
        for key in self._raw:
            if key not in _TOP_KEYS:
                self._say(
                    "models.yaml",
                    str(key),
                    self._unknown(str(key), _TOP_KEYS),
                    ", ".join(_TOP_KEYS),
                )

    def _unknown(self, key: str, known: Collection[str]) -> str:
        close = difflib.get_close_matches(key, list(known), n=1)
        if close:
            return self._text("wrong.unknown_key_close", close=close[0])
        return self._text("wrong.unknown_key")

    def _check_language(self) -> None:
        value = self._raw.get("language", "tr")
        if value not in LANGUAGES:
            wrong = self._text("wrong.value", value=str(value))
            self._say("models.yaml", "language", wrong, ", ".join(LANGUAGES))

    def _known(
        self, entry: str, key: str, raw: Mapping[Any, Any], models: tuple[Model, ...]
    ) -> str:
        """The id of a model the entry names under `key`; "" where it names none there is."""
        value = str(raw.get(key) or "")
        if value and value not in {m.id for m in models}:
            wrong = self._text("wrong.value", value=value)
            self._say(entry, key, wrong, ", ".join(m.id for m in models))
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
        self._say(
            "documents", "model", self._text("wrong.missing"), self._text("allowed.embedder_model")
        )
        return DocumentRules()

    def _section(self, name: str, kind: type[Part]) -> Part:
        raw = self._raw.get(name) or {}
        return self._entry(name, raw, kind) or kind()

    def _providers(self) -> Mapping[str, ProviderRow]:
        rows = {name: ProviderRow() for name in self._formats}
        raw = self._raw.get("providers") or {}
        if not isinstance(raw, dict):
            self._say(
                "providers", "-", self._text("wrong.not_a_mapping"), self._text("allowed.rows")
            )
            return rows
        for name, entry in raw.items():
            row = self._entry(f"providers.{name}", entry or {}, ProviderRow)
            if row and self._known_format(str(name), row):
                rows[str(name)] = row
            else:
                rows.pop(str(name), None)
        return rows

    def _known_format(self, name: str, row: ProviderRow) -> bool:
        if (row.format or name) in self._formats:
            return True
        wrong = self._text("wrong.value", value=str(row.format or name))
        self._say(f"providers.{name}", "format", wrong, ", ".join(self._formats))
        return False

    def _models(self, providers: Mapping[str, ProviderRow], limits: Limits) -> tuple[Model, ...]:
        raw = self._raw.get("models") or []
        if not isinstance(raw, list):
            self._say("models", "-", self._text("wrong.not_a_list"), self._text("allowed.list"))
            return ()
        found: dict[str, Model] = {}
        for number, entry in enumerate(raw, start=1):
            name = _entry_name(number, entry)
            row = self._entry(name, entry, ModelRow)
            if row and self._usable(name, row, providers, found):
                found[row.id] = resolve(row, providers[row.provider], limits)
        return tuple(found.values())

    def _usable(
        self,
        name: str,
        row: ModelRow,
        providers: Mapping[str, ProviderRow],
        found: Mapping[str, Model],
    ) -> bool:
        if row.id in found:
            self._say(name, "id", self._text("wrong.twice"), self._text("allowed.unique"))
            return False
        if row.provider not in providers:
            wrong = self._text("wrong.value", value=row.provider)
            self._say(name, "provider", wrong, ", ".join(providers))
            return False
        if providers[row.provider].format == "openai_compatible" or (
            row.provider == "openai_compatible"
        ):
            return self._has_address(name, row, providers[row.provider])
        return True

    def _has_address(self, name: str, row: ModelRow, provider: ProviderRow) -> bool:
        if row.base_url or provider.base_url:
            return True
        self._say(name, "base_url", self._text("wrong.missing"), "http://…, https://…")
        return False

    def _entry(self, name: str, raw: Any, kind: type[Part]) -> Part | None:
        if not isinstance(raw, dict):
            self._say(name, "-", self._text("wrong.not_a_mapping"), ", ".join(kind.model_fields))
            return None
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            self._explain(name, error, kind)
        except RecursionError:
            self._say(name, "-", self._text("wrong.circular"), ", ".join(kind.model_fields))
        return None

    def _explain(self, name: str, error: ValidationError, kind: type[BaseModel]) -> None:
        """One line for the entry: its first problem names the key, more are counted."""
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"] if not _is_branch(part)) or "-"
        wrong = self._wrong(first, key, kind)
        more = error.error_count() - 1
        if more:
            wrong += " " + self._text("wrong.more", count=str(more))
        self._say(name, key, wrong, allowed(first, kind, self._text))

    def _wrong(self, problem: Any, key: str, kind: type[BaseModel]) -> str:
        if problem["type"] == "missing":
            return self._text("wrong.missing")
        if problem["type"] == "extra_forbidden":
            return self._unknown(key, kind.model_fields)
        return self._text("wrong.value", value=str(problem["input"]))


def _entry_name(number: int, entry: Any) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"models[{number}]" + (f" {name}" if isinstance(name, str) else "")


def _is_branch(part: int | str) -> bool:
    """pydantic adds the tried type of a union to the path; a person does not need it."""
    return isinstance(part, str) and ("[" in part or part in ("bool", "str", "literal"))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"
