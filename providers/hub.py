"""Models of the Hugging Face hub, downloaded with progress and resumed where they were left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ErrorKind, ProviderError

if TYPE_CHECKING:
    from providers.weights import Progress


def download(
    name: str, cache: Path, patterns: Sequence[str], token: str | None, progress: Progress
) -> Path:
    """The folder of a complete snapshot. Raises ProviderError where the hub is out of reach, does
    not know the name, or wants a key.
    """
    from huggingface_hub import snapshot_download

    wanted: dict[str, Any] = {
        "repo_id": name, "cache_dir": str(cache), "allow_patterns": list(patterns), "token": token,
    }  # fmt: skip
    try:
        listed = snapshot_download(**wanted, dry_run=True)
        total = sum(file.file_size for file in listed if file.will_download)
        return Path(snapshot_download(**wanted, tqdm_class=_bar(total, progress)))
    except Exception as error:
        raise _explain(name, error) from error


def _bar(total: int, progress: Progress) -> type:
    """A tqdm class that draws nothing and reports the share of `total` bytes written so far."""
    from tqdm.std import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self._counts = str(kwargs.get("desc", "")).startswith("Reconstructing")
            super().__init__(*args, **kwargs)

        def update(self, n: float | None = 1) -> bool | None:
            shown: bool | None = super().update(n)
            if self._counts and total:
                progress(min(1.0, self.n / total))
            return shown

        def display(self, *_: Any, **__: Any) -> bool:
            return True

        def clear(self, *_: Any, **__: Any) -> None:
            return

        def close(self) -> None:
            self.leave = False
            super().close()

    return Bar


def _explain(name: str, error: Exception) -> ProviderError:
    from huggingface_hub import errors

    # A gated repository is also "not found" by class, so it is asked for first.
    if isinstance(error, errors.GatedRepoError):
        return ProviderError(ErrorKind.FORBIDDEN, provider="Hugging Face", model=name)
    known = (errors.RepositoryNotFoundError, errors.HFValidationError, errors.RevisionNotFoundError)
    if isinstance(error, known):
        return ProviderError(ErrorKind.NO_MODEL, provider="Hugging Face", model=name)
    if isinstance(error, OSError) and error.errno is not None:
        return ProviderError(
            ErrorKind.NO_WEIGHTS, model=name, detail=str(error.strerror), command="df -h"
        )
    return ProviderError(ErrorKind.UNREACHABLE, provider="Hugging Face", url=_endpoint())


def _endpoint() -> str:
    from huggingface_hub.constants import ENDPOINT

    return str(ENDPOINT)
