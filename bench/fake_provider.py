"""A fast server for the OpenAI wire format whose answers a benchmark can find and time.

python -m bench.fake_provider    prints its address

The model's name says what is answered, in any order, all parts optional:
  n2000   tokens in the answer (100)
  r50     tokens a second (0: as fast as they are taken)
  d200    milliseconds before the first token (0)
  j9000   so many tokens at once, in chunks of 100, before the rate begins (0)
  c4000   characters a token (about 5)
  stamp   every token is the moment it was sent, in seconds, so that a reader can tell its age

`mark=abc` in the question makes the answer begin with FIRSTabc and end with LASTabc;
GET /times/abc then says when the question came and when these two were sent (Unix time), and
/times/abc-NAME the same of one model.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

_SAID = (
    "a playground keeps every chat in a file and shows each word as soon as the model has said it "
    "so that nobody waits longer than needed and nothing that was written is ever lost"
)
_SENTENCE: tuple[str, ...] = tuple(re.findall(r"\w+", _SAID))
_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)
_JUMP_CHUNK = 100
_FULL_SPEED_BATCH = 40


@dataclass(frozen=True)
class Pace:
    """What a model's name asks for. Rate in tokens a second, delay in seconds."""

    tokens: int = 100
    rate: float = 0
    delay: float = 0
    jump: int = 0
    characters: int = 0
    stamp: bool = False

    @classmethod
    def of(cls, model: str) -> Pace:
        """Read a name such as `bench-n2000-r100-j500`."""
        found = {key: int(n) for key, n in re.findall(r"\b([nrdjc])(\d+)\b", model)}
        return cls(
            tokens=max(2, found.get("n", 100)),
            rate=found.get("r", 0),
            delay=found.get("d", 0) / 1000,
            jump=found.get("j", 0),
            characters=found.get("c", 0),
            stamp="stamp" in model,
        )


@dataclass
class Times:
    """When an answer was asked for and sent, in Unix time."""

    asked: float
    first: float = 0
    paced: float = 0
    last: float = 0
    messages: int = 0


@cache
def _tokens(count: int, characters: int) -> tuple[str, ...]:
    if characters:
        return tuple("word " * (characters // 5) for _ in range(count))
    return tuple(_token(number) for number in range(count))


def _token(number: int) -> str:
    """Paragraphs, with a heading, a list, a table and a block of code every 500 tokens."""
    place = number % 500
    if place == 120:
        return "\n\n## A heading\n\n"
    if 200 <= place < 210:
        return f"\n- **item** {place - 199} of `ten`"
    if place == 300:
        return "\n\n```python\ndef add(a, b):\n    return a + b\n```\n\n"
    if place == 400:
        return "\n\n| name | number |\n|---|---|\n| one | 1 |\n| two | 2 |\n\n"
    if place == 210 or place % 60 == 59:
        return ".\n\n"
    return _SENTENCE[number % len(_SENTENCE)] + " "


def _pieces(pace: Pace, mark: str) -> list[str]:
    """The answer's deltas: the jump in large ones, then token by token."""
    tokens = list(_tokens(pace.tokens, pace.characters))
    tokens[0], tokens[-1] = f"FIRST{mark} ", f" LAST{mark}"
    jump = min(pace.jump, pace.tokens - 1)
    large = ["".join(tokens[at : at + _JUMP_CHUNK]) for at in range(0, jump, _JUMP_CHUNK)]
    return [*large, *tokens[len(large) * _JUMP_CHUNK :]]


class Provider:
    """Answers chat completions, and remembers when."""

    def __init__(self) -> None:
        self._times: dict[str, Times] = {}

    async def serve(self) -> None:
        """Print the address and serve until the process ends."""
        server = await asyncio.start_server(self._client, "127.0.0.1", 0, backlog=1024)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
        await server.serve_forever()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                method, path, body = await _request(reader)
                await self._answer(writer, method, path, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answer(
        self, writer: asyncio.StreamWriter, method: str, path: str, body: Any
    ) -> None:
        if method == "POST":
            await self._chat(writer, body)
        elif path.startswith("/times/"):
            times = self._times.get(path.rpartition("/")[2])
            await _json(writer, asdict(times) if times else {})
        else:
            await _json(writer, {"object": "list", "data": []})

    async def _chat(self, writer: asyncio.StreamWriter, body: Any) -> None:
        pace, mark = Pace.of(body["model"]), _mark(body["messages"])
        times = Times(time.time(), messages=len(body["messages"]))
        self._times[mark] = self._times[f"{mark}-{body['model']}"] = times
        writer.write(_STREAM_HEAD)
        await writer.drain()
        await asyncio.sleep(pace.delay)
        await _send(writer, pace, body["model"], mark, times)
        usage = {"prompt_tokens": 10, "completion_tokens": pace.tokens, "total_tokens": 10}
        last = _event(body["model"], {}, "stop") + _data({**_HEAD, "choices": [], "usage": usage})
        writer.write(last + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()


async def _send(
    writer: asyncio.StreamWriter, pace: Pace, model: str, mark: str, times: Times
) -> None:
    pieces = _pieces(pace, mark)
    times.first = time.time()
    for batch in _batches(pieces, pace):
        if batch.due:
            times.paced = times.paced or time.time()
            pause = times.paced + batch.due - time.time()
            await asyncio.sleep(max(0, pause))
        now = f"{time.time():.4f} "
        texts = [now] if pace.stamp else batch.texts
        writer.write(b"".join(_event(model, {"content": text}) for text in texts))
        await writer.drain()
    times.last = time.time()


@dataclass(frozen=True)
class _Batch:
    texts: list[str]
    due: float
    """Seconds after the pace began; 0 is now."""


def _batches(pieces: list[str], pace: Pace) -> Iterator[_Batch]:
    """What is written together, and when: the first token always alone."""
    yield _Batch(pieces[:1], 0)
    at = max(1, -(-min(pace.jump, pace.tokens - 1) // _JUMP_CHUNK))
    for piece in pieces[1:at]:
        yield _Batch([piece], 0)
    if pace.rate:
        for number, piece in enumerate(pieces[at:], 1):
            yield _Batch([piece], number / pace.rate)
        return
    size = 1 if pace.characters else _FULL_SPEED_BATCH
    for start in range(at, len(pieces), size):
        yield _Batch(pieces[start : start + size], 0)


_HEAD = {"id": "bench", "object": "chat.completion.chunk", "created": 1}


def _event(model: str, delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _data({**_HEAD, "model": model, "choices": [choice]})


def _data(value: object) -> bytes:
    return _chunk(b"data: " + json.dumps(value).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _mark(messages: list[dict[str, Any]]) -> str:
    found: list[str] = re.findall(r"mark=(\w+)", json.dumps(messages[-1]))
    return found[-1] if found else ""


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, path, _ = head.split(" ", 2)
    length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    return method, path, json.loads(body) if body else None


async def _json(writer: asyncio.StreamWriter, value: object) -> None:
    body = json.dumps(value).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    writer.write(head.encode() + b"\r\n" + body)
    await writer.drain()


if __name__ == "__main__":
    asyncio.run(Provider().serve())
