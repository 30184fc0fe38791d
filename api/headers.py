"""Headers: what every answer carries, and what is dropped from requests and answers."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
"""Gradio's page needs inline scripts and eval; everything that could carry text out of the page
(images, media, fonts, styles, forms, frames, connections) stays on this server."""

_SECURITY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
}
_FORWARDED = (b"x-forwarded-", b"x-real-", b"x-gradio-", b"x-original-", b"x-rewrite-")


def clean_request(scope: Scope, secure: bool) -> None:
    """Drop what a proxy would say (there is none to trust) and set the scheme we know."""
    scope["headers"] = [
        (name, value)
        for name, value in scope["headers"]
        if not name.lower().startswith(_FORWARDED) and name.lower() != b"forwarded"
    ]
    schemes = ("ws", "wss") if scope["type"] == "websocket" else ("http", "https")
    scope["scheme"] = schemes[secure]


def protect(message: Message) -> None:
    """Add the security headers to the start of an answer; no other site is let in by CORS. A policy
    of the answer's own stays beside ours: a browser obeys both."""
    headers = MutableHeaders(raw=list(message.get("headers", [])))
    own = headers.getlist("Content-Security-Policy")
    for name in [n for n in headers if n.lower().startswith("access-control-")]:
        del headers[name]
    for name, value in _SECURITY.items():
        headers[name] = value
    for policy in own:
        headers.append("Content-Security-Policy", policy)
    message["headers"] = headers.raw


def read_headers(scope: Scope) -> Headers:
    """The request's headers, looked up without regard to case."""
    return Headers(raw=scope["headers"])
