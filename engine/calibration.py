"""How many tokens a text is, as each model's own tokenizer has counted so far, and windows that
providers turned out to have. Kept in a small file; losing it costs a few estimates."""

from __future__ import annotations

import json
import logging
import math
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core.catalog import Model
from core.counts import amount, count
from core.errors import StorageError
from engine.metrics import estimate_tokens
from storage.home import Home

log = logging.getLogger(__name__)

_LEAST_TOKENS = 100
"""A shorter prompt says more about the chat template than about the tokenizer."""
_PLAUSIBLE = (0.4, 6.0)
_NEWEST_WEIGHT = 0.5
_WORTH_SAVING = 0.01


@dataclass(frozen=True, slots=True)
class _Known:
    """`ratio`: counted by estimated tokens. `window` holds while the catalog's entry is `entry`."""

    ratio: float | None = None
    window: int | None = None
    entry: str = ""


class Calibration:
    """Estimates of tokens, corrected by what providers counted. `file` keeps them, written in the
    background, one state after the other."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._home = Home(file.parent) if file else None
        if self._home:
            self._home.look()
        self._models: dict[str, _Known] = _read(file) if file else {}
        self._writer = ThreadPoolExecutor(1, "calibration")

    def ratio(self, model_id: str) -> float:
        """What our rough count is to be multiplied with; 1 while nothing is known."""
        return self._known(model_id).ratio or 1.0

    def tokens(self, model_id: str, text: str) -> int:
        """The tokens of a text for a model, at our best knowledge."""
        return math.ceil(estimate_tokens(text) * self.ratio(model_id))

    def learn(self, model_id: str, estimated: int, counted: int) -> None:
        """Take note of what a provider counted where our rough count was `estimated`; what cannot
        be true is passed over."""
        if estimated < _LEAST_TOKENS or not is_plausible(estimated, counted):
            return
        known = self._known(model_id)
        newest = counted / estimated
        old = known.ratio or newest
        self._keep(model_id, replace(known, ratio=old + (newest - old) * _NEWEST_WEIGHT))

    def window(self, model: Model) -> int | None:
        """Tokens the model takes: the catalog's figure, or less where a provider refused that."""
        known = self._known(model.id)
        learned = known.window if known.entry == _entry(model) else None
        sizes = [size for size in (model.context_window, learned) if size]
        return min(sizes, default=None)

    def narrow(self, model: Model, window: int) -> None:
        """The provider takes no more than this, whatever the catalog says."""
        known = replace(self._known(model.id), window=window, entry=_entry(model))
        self._keep(model.id, known)

    def took(self, model: Model, tokens: int) -> None:
        """The provider took so many tokens: a narrower window was a mistake."""
        known = self._known(model.id)
        if known.window is not None and known.window < tokens:
            self._keep(model.id, replace(known, window=tokens))

    def wait(self) -> None:
        """Return when the file has all that was learned so far; blocks."""
        self._writer.submit(int).result()

    def _known(self, model_id: str) -> _Known:
        return self._models.get(model_id) or _Known()

    def _keep(self, model_id: str, known: _Known) -> None:
        old, self._models[model_id] = self._known(model_id), known
        moved = abs((known.ratio or 1) - (old.ratio or 1))
        if old.window != known.window or old.ratio is None or moved > _WORTH_SAVING:
            self._save()

    def _save(self) -> None:
        if self._file and self._home:
            with suppress(RuntimeError):  # the program ends, and threads begin no more
                self._writer.submit(_write, self._home, self._file, dict(self._models))


def is_plausible(estimated: int, counted: int) -> bool:
    """Whether a provider's count can be that of a text we counted so."""
    low, high = _PLAUSIBLE
    return low * estimated <= counted <= high * estimated


def _entry(model: Model) -> str:
    """What a learned window depends on: with another name, address or figure it is forgotten."""
    return f"{model.host} {model.name} {model.context_window}"


def _write(home: Home, file: Path, models: Mapping[str, _Known]) -> None:
    text = json.dumps({name: asdict(known) for name, known in models.items()}, indent=1)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        home.make()
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(file)
    except (OSError, StorageError) as error:
        log.warning("the calibration cannot be kept: %s", error)


def _read(file: Path) -> dict[str, _Known]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("the calibration cannot be read and begins anew: %s", error)
        return {}
    rows = found.items() if isinstance(found, dict) else ()
    return {str(name): _row(row) for name, row in rows if isinstance(row, dict)}


def _row(row: Mapping[str, Any]) -> _Known:
    """An entry of the file, without what cannot be true in it."""
    ratio = amount(row.get("ratio"))
    low, high = _PLAUSIBLE
    return _Known(
        ratio if ratio is not None and low <= ratio <= high else None,
        count(row.get("window")) or None,
        str(row.get("entry") or ""),
    )
