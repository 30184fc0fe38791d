"""A provider that answers with the bytes of a case, for pages that show how an answer ended.

The model's name is the case (`only-thoughts-then-length`), or `cut-off` for a text that reaches its
limit, or `late-tag` for text that turns out to be reasoning once `release` is called, and ends when
it is called again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.data import CASES


class CaseProvider:
    """The server; `url` is what a models.yaml entry needs as `base_url`."""

    def __init__(self) -> None:
        self._released = threading.Semaphore(0)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

            def do_GET(self) -> None:
                self.send_error(404)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                for part in provider._parts(body["model"]):
                    self.wfile.write(part)
                    self.wfile.flush()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def release(self) -> None:
        """Let an answer of `late-tag` go on."""
        self._released.release()

    def close(self) -> None:
        """End the server."""
        self._released.release(2)
        self._server.shutdown()
        self._server.server_close()

    def _parts(self, model: str) -> Iterator[bytes]:
        if model == "cut-off":
            yield _event("Bir varmış, bir yokmuş; evvel zaman içinde")
            yield _event("", "length")
        elif model == "late-tag":
            yield _event("Önce soruyu düşüneyim.\n")
            self._released.acquire()
            yield _event("</think>\n\nYanıt **budur**.")
            self._released.acquire()
            yield _event("", "stop")
        else:
            yield (CASES / f"{model}.sse").read_bytes()


def _event(text: str, reason: str | None = None) -> bytes:
    choice: dict[str, Any] = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return b"data: " + json.dumps({"model": "m", "choices": [choice]}).encode() + b"\n\n"
