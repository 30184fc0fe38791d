"""A server that embeds as Ollama does: texts with the same letters lie near each other."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LETTERS = "abcdefghijklmnopqrstuvwxyzçğıöşü"


class EmbeddingServer:
    """Listens at `url` until it is closed; `port` 0 is any free one."""

    def __init__(self, port: int = 0) -> None:
        self._held = ""
        self.held = threading.Event()
        """Set once texts wait for `release`."""
        self._released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                server._wait(body["input"])
                made = [[float(text.count(one)) + 1 for one in _LETTERS] for text in body["input"]]
                data = json.dumps({"embeddings": made}).encode()
                with contextlib.suppress(OSError):  # who asked may be gone
                    self.send_response(200)
                    self.send_header("content-length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def hold(self, word: str) -> None:
        """Have texts with this word wait for `release` from now on."""
        self.held.clear()
        self._released.clear()
        self._held = word

    def release(self) -> None:
        """Embed what waits, and everything from now on."""
        self._held = ""
        self._released.set()

    def close(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def _wait(self, texts: Sequence[str]) -> None:
        if self._held and any(self._held in text for text in texts):
            self.held.set()
            self._released.wait()
