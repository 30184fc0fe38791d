"""The page's own files under /static, before Gradio's, which has the same address."""

from __future__ import annotations

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


class _Revalidated(StaticFiles):
    """A browser asks every time, and is told by ETag that nothing changed."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response
