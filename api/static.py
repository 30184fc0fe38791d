"""The page's own files under /static, before Gradio's, which has the same address.

Scripts import each other from `/static-<version>/`, where a browser keeps them without asking: the
page's import map leads there.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import stat
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
}


class OwnStatic(Mount):
    """Matches only files that are there, so that Gradio still serves its own."""

    def __init__(self, directory: Path) -> None:
        for ending, kind in _TYPES.items():
            mimetypes.add_type(kind, ending)
        self._files = _Revalidated(directory=directory)
        super().__init__("/static", app=self._files, name="divan-static")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As Mount does, for files of ours."""
        match, child = super().matches(scope)
        ours = scope["type"] == "http" and self._is_there(scope["path"].removeprefix("/static/"))
        return (match, child) if match is not Match.NONE and ours else (Match.NONE, {})

    def _is_there(self, path: str) -> bool:
        try:
            _, found = self._files.lookup_path(path)
        except (OSError, ValueError):
            return False
        return found is not None and stat.S_ISREG(found.st_mode)


class VersionedStatic(Mount):
    """The same files at an address that changes with them."""

    def __init__(self, directory: Path) -> None:
        self._address = f"/static-{_version(directory)}"
        super().__init__(self._address, app=_Immutable(directory=directory), name="divan-versioned")

    @property
    def import_map(self) -> str:
        """The element for the page's head that leads imports of `/static/` here."""
        imports = json.dumps({"imports": {"/static/": f"{self._address}/"}})
        return f'<script type="importmap">{imports}</script>'


def _version(directory: Path) -> str:
    seen = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            seen.update(f"{path.relative_to(directory).as_posix()}\0".encode())
            seen.update(path.read_bytes())
    return seen.hexdigest()[:12]


class _Revalidated(StaticFiles):
    """A browser asks every time, and is told by ETag that nothing changed."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


class _Immutable(StaticFiles):
    """A browser never asks again."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
