"""A provider that counts the tokens of what it is sent, and refuses more than its window holds.

It speaks the OpenAI wire format. A token is `bytes_per_token` bytes of UTF-8, and every message
costs `overhead` more. `names_numbers` is how OpenAI refuses; without it the refusal holds no
number. `counts` says whether answers carry their usage. Whatever was asked is in `requests`, what
was refused in `refused`.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[Mapping[str, Any]], str]


def words(body: Mapping[str, Any]) -> str:
    """An answer of some forty words that names the question it answers."""
    asked = str(body["messages"][-1]["content"])[:24]
    return f"{asked}: " + "cevap kelimeleri burada sürüp gidiyor " * 8


@dataclass
class CountingProvider:
    """The server; `url` is what a models.yaml entry needs as `base_url`."""

    window: int = 4096
    bytes_per_token: float = 4.0
    overhead: int = 5
    names_numbers: bool = True
    counts: bool = True
    reply: Reply = words
    delay_s: float = 0.0
    status: int = 200
    requests: list[dict[str, Any]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def tokens(self, text: str) -> int:
        """What this server's tokenizer makes of a text."""
        return math.ceil(len(text.encode()) / self.bytes_per_token)

    def tokens_of(self, body: Mapping[str, Any]) -> int:
        """What a request costs, without its answer."""
        return sum(self.tokens(m["content"]) + self.overhead for m in body["messages"])

    def answer(self, body: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body for a request."""
        self.requests.append(body)
        time.sleep(self.delay_s)
        if self.status != 200:
            return self.status, json.dumps({"error": {"message": "down"}}).encode()
        prompt, most = self.tokens_of(body), int(body.get("max_tokens") or 0)
        if prompt + most > self.window:
            self.refused.append(prompt)
            return 400, json.dumps(self._refusal(prompt, most)).encode()
        text = self.reply(body)
        return 200, _stream(body["model"], text, prompt if self.counts else 0, self.tokens(text))

    def _refusal(self, prompt: int, most: int) -> Mapping[str, Any]:
        said = "The prompt is too long for the context window."
        if self.names_numbers:
            said = (
                f"This model's maximum context length is {self.window} tokens. However, you "
                f"requested {prompt + most} tokens ({prompt} in the messages, {most} in the "
                "completion). Please reduce the length of the messages or completion."
            )
        return {
            "error": {
                "message": said,
                "type": "invalid_request_error",
                "param": "messages",
                "code": "context_length_exceeded",
            }
        }


def _handler(provider: CountingProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            self._send(200, b'{"object": "list", "data": []}', "application/json")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = provider.answer(body)
            kind = "text/event-stream" if status == 200 else "application/json"
            self._send(status, answer, kind)

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _stream(model: str, text: str, prompt: int, completion: int) -> bytes:
    """A whole answer as the events of a stream."""
    chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model}
    half = len(text) // 2
    deltas = [({"content": text[:half]}, None), ({"content": text[half:]}, None), ({}, "stop")]
    events: list[dict[str, Any]] = [
        {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
        for delta, end in deltas
    ]
    if prompt:
        usage = {"prompt_tokens": prompt, "completion_tokens": completion}
        usage["total_tokens"] = prompt + completion
        events.append({**chunk, "choices": [], "usage": usage})
    lines = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
    return lines + b"data: [DONE]\n\n"
