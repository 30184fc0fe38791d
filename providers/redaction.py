"""Keeping keys out of everything a provider says back to us."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus, urlsplit

from core.catalog import Model
from core.keys import REDACTED
from providers.surrogates import mend

LONGEST_DETAIL = 300
_READ = 20_000
_SHORTEST_SECRET = 8
_SECRET_HEADERS = ("auth", "key", "token", "secret", "cookie")
_CREDENTIALS = re.compile(r"(?i)\b(bearer|basic)[ ]+[A-Za-z0-9._~+/=-]{8,4000}")
_IN_ADDRESS = re.compile(r"(?i)([?&](?:api[_-]?key|key|access_token|token)=)[^&\s\"'<>]{1,4000}")


class Redactor:
    """Removes the key of one call, in every form it may come back in."""

    def __init__(
        self, model: Model, api_key: str | None, known: Callable[[str], str] = str
    ) -> None:
        secrets = {api_key or "", *_secret_headers(model), _password(model.base_url)}
        forms = {form for secret in secrets for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)
        self._known = known

    def clean(self, text: str) -> str:
        """The text without keys; only its first 20,000 characters are kept."""
        text = self._known(mend(text[:_READ]))
        for form in self._forms:
            text = text.replace(form, REDACTED)
        text = _CREDENTIALS.sub(rf"\1 {REDACTED}", text)
        return _IN_ADDRESS.sub(rf"\1{REDACTED}", text)

    def detail(self, text: str) -> str:
        """The text as one short line for a card."""
        line = " ".join(self.clean(text).split())
        return line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"


def shown_address(url: str) -> str:
    """An address without what may be secret in it: user, password and query."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return url.partition("?")[0].rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/") if parts.scheme else url


def _secret_headers(model: Model) -> Iterator[str]:
    for name, value in model.headers.items():
        if any(word in name.lower() for word in _SECRET_HEADERS):
            yield value
            yield value.partition(" ")[2]


def _password(url: str | None) -> str:
    try:
        return (urlsplit(url or "").password) or ""
    except ValueError:
        return ""


def _forms(secret: str) -> Iterable[str]:
    if len(secret) < _SHORTEST_SECRET:
        return
    yield from (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1])
    for plain in (secret, f":{secret}", f"{secret}:"):
        yield base64.b64encode(plain.encode("utf-8", "replace")).decode().rstrip("=")
