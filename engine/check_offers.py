"""Which names a provider offers, for an entry whose `name` it does not know."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Sequence

from core.catalog import Model
from core.errors import ErrorKind, ProviderError
from core.texts import translate
from engine.services import ModelRouter

UNKNOWN_NAME = frozenset({ErrorKind.NO_MODEL.value, ErrorKind.NOT_PULLED.value})
_MOST = 20


async def offers(models: Sequence[Model], router: ModelRouter, language: str) -> Sequence[str]:
    """A line for each model whose provider tells its names: those that resemble it first."""
    lists = await asyncio.gather(*(_names(model, router) for model in models))
    pairs = zip(models, lists, strict=True)
    return [_line(model, names, language) for model, names in pairs if names]


async def _names(model: Model, router: ModelRouter) -> Sequence[str]:
    try:
        return [offered.name for offered in await router.list_models(model)]
    except ProviderError:  # the row says already what is wrong with this entry
        return []


def _line(model: Model, names: Sequence[str], language: str) -> str:
    close = difflib.get_close_matches(model.name, names, n=_MOST, cutoff=0.4)
    shown = list(dict.fromkeys([*close, *sorted(names)]))
    left = len(shown) - _MOST
    return translate(
        language,
        "check.offered_more" if left > 0 else "check.offered",
        model=model.id,
        provider=model.provider_label,
        names=", ".join(shown[:_MOST]),
        count=str(left),
    )
