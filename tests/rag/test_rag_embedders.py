"""Embedders on a server: the wire formats of two of them."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import numpy as np
import pytest

from rag.embedders import open_embedder
from rag.embedders.remote import WrongAnswer


class Server:
    """Answers as Ollama and as Google do: a vector tells the length of its text."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        self.short = False
        served = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                served.asked.append((self.path, body, self.headers.get("x-goog-api-key", "")))
                if self.path.endswith("/api/embed"):
                    made: Any = [_vector(text) for text in body["input"]]
                else:
                    texts = [one["content"]["parts"][0]["text"] for one in body["requests"]]
                    made = [{"values": _vector(text)} for text in texts]
                data = json.dumps({"embeddings": made[1:] if served.short else made}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _vector(text: str) -> list[float]:
    return [float(len(text)), 3.0, 4.0]


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_ollama_is_asked_in_batches_and_its_vectors_are_one_long(server: Server) -> None:
    embedder = open_embedder("ollama", "bge-m3", base_url=server.url)

    vectors = embedder.passages([f"{n}" for n in range(70)])

    assert vectors.shape == (70, 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert [len(body["input"]) for _, body, _ in server.asked] == [32, 32, 6]
    assert embedder.dimension == 3


def test_google_hears_what_is_a_question_and_gets_the_key_as_a_header(server: Server) -> None:
    embedder = open_embedder("gemini", "", api_key="secret", base_url=server.url)

    embedder.questions(["Kim?"])
    embedder.passages(["Ayşe."])

    tasks = [body["requests"][0]["taskType"] for _, body, _ in server.asked]
    assert tasks == ["RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT"]
    assert {key for _, _, key in server.asked} == {"secret"}
    assert all("secret" not in path for path, _, _ in server.asked)


def test_too_few_vectors_are_refused(server: Server) -> None:
    server.short = True

    with pytest.raises(WrongAnswer):
        open_embedder("ollama", "bge-m3", base_url=server.url).passages(["a", "b"])


@pytest.mark.parametrize("headers", [b"", b"Content-Encoding: gzip\r\n"], ids=["plain", "packed"])
def test_an_answer_without_an_end_is_not_read(headers: bytes) -> None:
    accepted = 0
    hung_up = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def flood() -> None:
        nonlocal accepted
        connection, _ = listener.accept()
        with connection, contextlib.suppress(ConnectionError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n")
            while accepted < 1 << 28:
                connection.sendall(b"[" * 65536)
                accepted += 65536
        if accepted < 1 << 28:
            hung_up.set()

    threading.Thread(target=flood, daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(WrongAnswer):
        open_embedder("ollama", "bge-m3", base_url=url).passages(["a"])
    assert hung_up.wait(60)
    listener.close()


def test_a_server_that_is_not_there_is_an_http_error() -> None:
    with pytest.raises(httpx.HTTPError):
        open_embedder("ollama", "bge-m3", base_url="http://127.0.0.1:9").passages(["a"])
