"""A provider for page tests that speaks the OpenAI wire format at a pace the test sets.

The model's name says what is answered: `words-20` is twenty numbered words at once,
`words-200-every-10` sends one every 10 ms, `elma-200-every-10` the word elma instead,
`uncounted-20` as `words-20` but without counting tokens, `hold` sends three words and then waits
for `release()`, `silent` waits before its first word, `echo` says the question again and waits
before its end, `rich` is a Markdown sample, `cites` names passages it was given and one it was not
and quotes what none holds, `quotes` does so among Markdown and formulas, `sourced` names pages of
the web beside its text, `fail-429` answers with that status. Whatever was asked is in `requests`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_REST: tuple[str, ...] = ("dört ", "beş")
RICH = """# Başlık

Bir **kalın** cümle, `kod` ve $a^2 + b^2$; fiyatı $5 ile $10 arası. <b>etiket değil</b>

```python
def topla(a, b):
    return a + b
```

| ad | sayı |
|---|---|
| İstanbul | 34 |

$$E = mc^2$$

مرحبا بالعالم
"""


CITES = """Belgeye göre **öyle** [1], başka bir yerde de geçer [1, 2]. Kodda kalır: `dizi[1]`.

Belge “bu cümle hiçbir belgede geçmez” der; olmayan bir kaynak da vardır [99].
"""

QUOTES = """Bir gecede kırk çınar devrildi [2]; rapor “forty **old** plane trees fell” [2] der.

Formül $a_{[1]} + x[1]$ kalır. Uydurma: “elli *çürük*
<b>çınar</b> devrildi” [1].

Two roofs were carried away, nobody was hurt [2].
"""

SOURCED = (
    "Köprü **1973** yılında açıldı [1], kule daha eski [2]. Kodda kalır: `dizi[1]`. Olmayan [9]."
)
WEB: dict[str, Any] = {
    "citations": ["https://ornek.example/kopru?a=1&b=2", "https://www.kule.example/tarih"],
    "search_results": [
        {"url": "https://ornek.example/kopru?a=1&b=2", "title": "Boğaziçi Köprüsü <b>1973</b>"},
        {"url": "https://www.kule.example/tarih", "title": "Galata Kulesi’nin uzun tarihi " * 4},
    ],
}

_TEXTS = {"rich": RICH, "cites": CITES, "quotes": QUOTES, "sourced": SOURCED}


class PacedProvider:
    """The server; `url` is what a models.yaml entry needs as `base_url`."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.closed_early = threading.Event()
        self._held = threading.Event()
        self._rest = _REST
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

            def do_GET(self) -> None:
                names = ["words-20", "words-200", "hold", "silent", "rich", "fail-500"]
                names += ["uncounted-200", "cites", "quotes", "sourced"]
                self._json(200, {"object": "list", "data": [_model(n) for n in names]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                provider.requests.append(body)
                failing = re.fullmatch(r"fail-(\d+)", body["model"])
                if failing:
                    self._json(int(failing[1]), {"error": {"message": "busy", "code": "busy"}})
                    return
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                try:
                    for piece in provider._pieces(body["model"], body["messages"]):
                        self._event(_delta(body["model"], piece))
                    end = _delta(body["model"], "", "stop")
                    self._event({**end, **WEB} if body["model"] == "sourced" else end)
                    if not body["model"].startswith("uncounted-"):
                        self._event(_usage(body["model"]))
                    self._chunk(b"data: [DONE]\n\n")
                    self.wfile.write(b"0\r\n\r\n")
                except OSError:
                    provider.closed_early.set()

            def _json(self, status: int, value: object) -> None:
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def _event(self, value: object) -> None:
                self._chunk(b"data: " + json.dumps(value).encode() + b"\n\n")

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.flush()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def release(self) -> None:
        """Let every held answer go on to its end."""
        self._held.set()

    def hold(self, rest: tuple[str, ...] = _REST) -> None:
        """Answers of the model `hold` stop after three words from now on, and then say the rest."""
        self._rest = rest
        self._held.clear()

    def close(self) -> None:
        self._held.set()
        self._server.shutdown()
        self._server.server_close()

    def _pieces(self, model: str, messages: list[dict[str, Any]]) -> Iterator[str]:
        if model == "echo":
            yield from re.findall(r".{1,7}", messages[-1]["content"], flags=re.DOTALL)
            while not self._held.wait(0.2):
                yield ""
            return
        if model in _TEXTS:
            text = _TEXTS[model]
            yield from re.findall(r".{1,7}", text, flags=re.DOTALL)
            return
        if model in ("hold", "silent"):
            yield from ("bir ", "iki ", "üç ") if model == "hold" else ()
            while not self._held.wait(0.2):
                yield ""
            yield from self._rest
            return
        found = re.fullmatch(r"([a-z]+)-(\d+)(?:-every-(\d+))?", model)
        count, pause = (int(found[2]), int(found[3] or 0)) if found else (3, 0)
        word = found[1] if found and found[1] not in ("words", "uncounted") else "kelime"
        for number in range(1, count + 1):
            yield f"{word}{number} "
            if pause:
                time.sleep(pause / 1000)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1, "owned_by": "tests"}


def _delta(model: str, text: str, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": [choice],
    }


def _usage(model: str) -> dict[str, Any]:
    usage: dict[str, Any] = {"prompt_tokens": 11, "completion_tokens": 22, "total_tokens": 33}
    if model == "sourced":
        usage["prompt_tokens_details"] = {"cached_tokens": 9}
    return {**_delta(model, ""), "choices": [], "usage": usage}
