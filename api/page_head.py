"""What the page's head begins with, before Gradio's scripts: its language, import map and scripts.

Gradio reads `navigator.language` once; the page a person gets has it overridden by their choice.
"""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import language_of

_LOCALES = {"tr": "tr-TR", "en": "en-US"}
_HTML_LANG = re.compile(rb"(<html\b[^>]*?)\slang=\"[^\"]*\"")


class PageHeadMiddleware:
    """Writes the language, by `default` this one, and `head` into HTML pages at `/`; it must sit
    inside anything that compresses."""

    def __init__(self, app: ASGIApp, default: str, head: str) -> None:
        self._app = app
        self._default = default
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "GET":
            send = _Rewriter(send, language_of(scope, self._default), self._head)
        await self._app(scope, receive, send)


class _Rewriter:
    """A `send` that holds an HTML page back until it is whole, then sends it with its head."""

    def __init__(self, send: Send, language: str, head: str) -> None:
        self._send = send
        self._language = language
        self._head = head
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        page = _with_head(b"".join(self._parts), self._language, self._head)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(page))
        headers["cache-control"] = "no-store"
        headers.add_vary_header("Cookie")
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": page})


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(raw=list(start.get("headers", [])))
    return "text/html" in headers.get("content-type", "") and "content-encoding" not in headers


def _with_head(page: bytes, language: str, head: str) -> bytes:
    """The page with `<html lang>` set, `navigator.language` overridden and `head` first thing."""
    locale = _LOCALES[language]
    script = (
        "<script>(function(){"
        f"var all=Object.freeze(['{locale}','{language}']);"
        "Object.defineProperty(navigator,'language',{configurable:true,get:function(){"
        f"return '{locale}'}}}});"
        "Object.defineProperty(navigator,'languages',{configurable:true,get:function(){"
        f"return all}}}});}})()</script>{head}"
    )
    page = _HTML_LANG.sub(lambda found: found[1] + f' lang="{language}"'.encode(), page, count=1)
    return page.replace(b"<head>", b"<head>" + script.encode(), 1)
