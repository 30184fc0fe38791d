"""The rows of `models.yaml`: providers, and the models that are completed from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.catalog import Limits, Model, ModelRow, ProviderRow, resolve
from core.catalog_problems import Problems, names, phrase
from core.key_text import is_key, is_made_up, names_secret

Part = TypeVar("Part", bound=BaseModel)
_MAY_BE_LEFT_OUT = frozenset(ProviderRow.model_fields) - {
    "format",
    "base_url",
    "api_key_env",
    "headers",
}
"""Keys of a provider without which questions still go to the same server with the same key."""


def checked(problems: Problems, name: str, raw: Any, kind: type[Part]) -> Part | None:
    """The entry as a value; None, with one line that names its first wrong key, where it is none
    or a key of an account stands in it."""
    if not isinstance(raw, dict):
        problems.add(name, "-", phrase("wrong.not_a_mapping"), names(kind.model_fields))
        return None
    exposed = next(_exposed(raw), None)
    if exposed is not None:
        problems.add(name, exposed, phrase("wrong.key"), phrase("allowed.no_key"))
        return None
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first, *more = error.errors(include_url=False)
        problems.explain(name, first, kind, len(more))
    except RecursionError:
        problems.add(name, "-", phrase("wrong.circular"), names(kind.model_fields))
    return None


def _exposed(raw: Mapping[Any, Any]) -> Iterator[str]:
    """Keys of an entry whose value, or whose own name, is the key of an account."""
    for key, value in raw.items():
        parts = value if isinstance(value, list) else (key, value)
        # What the page shows of every model is held to more than what a provider is sent.
        is_secret = is_made_up if key == "label" else is_key
        if key != "headers" and any(isinstance(part, str) and is_secret(part) for part in parts):
            yield str(key)


class Rows:
    """Reads the providers, then the models, of one file."""

    def __init__(self, problems: Problems, formats: tuple[str, ...]) -> None:
        self._problems = problems
        self._formats = formats
        self._providers = {name: ProviderRow() for name in formats}
        self._refused: set[str] = set()

    def read_providers(self, raw: Any) -> None:
        """Take the rows that can be used; the others, and their models, cost a line each."""
        if not isinstance(raw, dict):
            self._problems.add(
                "providers", "-", phrase("wrong.not_a_mapping"), phrase("allowed.rows")
            )
            return
        for name, entry in raw.items():
            row = self._provider(f"providers.{name}", {} if entry is None else entry)
            if row and self._has_known_format(str(name), row):
                self._providers[str(name)] = row
                self._report_keys(f"providers.{name}", row.headers)
            else:
                self._refused.add(str(name))

    def _provider(self, name: str, entry: Any) -> ProviderRow | None:
        """The row without those wrong keys that it can do without."""
        if not isinstance(entry, dict):
            return checked(self._problems, name, entry, ProviderRow)
        alone = {
            key: checked(self._problems, name, {key: entry[key]}, ProviderRow) for key in entry
        }
        wrong = {key for key, row in alone.items() if row is None}
        if wrong - _MAY_BE_LEFT_OUT:
            self._problems.add(name, "-", phrase("wrong.provider_out"), phrase("allowed.provider"))
            return None
        return ProviderRow.model_validate({k: v for k, v in entry.items() if k not in wrong})

    def _has_known_format(self, name: str, row: ProviderRow) -> bool:
        if (row.format or name) in self._formats:
            return True
        wrong = phrase("wrong.value", value=row.format or name)
        self._problems.add(f"providers.{name}", "format", wrong, names(self._formats))
        return False

    def models(self, raw: Any, limits: Limits) -> tuple[Model, ...]:
        """The models that can be used, completed from their providers."""
        if not isinstance(raw, list):
            self._problems.add("models", "-", phrase("wrong.not_a_list"), phrase("allowed.list"))
            return ()
        found: dict[str, Model] = {}
        for number, entry in enumerate(raw, start=1):
            name = _entry_name(number, entry)
            row = checked(self._problems, name, entry, ModelRow)
            if row and self._is_usable(name, row, found):
                provider = self._providers[row.provider]
                found[row.id] = resolve(self._with_room(name, row), provider, limits)
                self._report_keys(name, row.headers)
        return tuple(found.values())

    def _is_usable(self, name: str, row: ModelRow, found: Mapping[str, Model]) -> bool:
        if row.provider in self._refused:
            return False
        if row.id in found:
            self._problems.add(name, "id", phrase("wrong.twice"), phrase("allowed.unique"))
            return False
        if row.provider not in self._providers:
            wrong = phrase("wrong.value", value=row.provider)
            self._problems.add(name, "provider", wrong, names(self._providers))
            return False
        provider = self._providers[row.provider]
        if (provider.format or row.provider) != "openai_compatible":
            return True
        if row.base_url or provider.base_url:
            return True
        self._problems.add(name, "base_url", phrase("wrong.missing"), phrase("allowed.address"))
        return False

    def _with_room(self, name: str, row: ModelRow) -> ModelRow:
        """The row, without a limit on answers that is beyond the window of the model."""
        longest, window = row.max_output_tokens, row.context_window
        if longest is None or window is None or longest <= window:
            return row
        wrong = phrase("wrong.value", value=str(longest))
        permitted = phrase("allowed.within_window", window=str(window))
        self._problems.add(name, "max_output_tokens", wrong, permitted)
        return row.model_copy(update={"max_output_tokens": None})

    def _report_keys(self, name: str, headers: Mapping[str, str]) -> None:
        """A key in a header works, but everyone who reads the file has it."""
        for header, value in headers.items():
            if names_secret(header) or is_key(value):
                self._problems.add(
                    name, f"headers.{header}", phrase("wrong.key"), phrase("allowed.no_key")
                )


def _entry_name(number: int, entry: Any) -> str:
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"models[{number}]" + (f" {name}" if isinstance(name, str) else "")
