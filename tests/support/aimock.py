"""A mock of many providers that others wrote: the npm package @copilotkit/aimock.

    with aimock.running([aimock.says("merhaba", "Merhaba!")]) as url:
        ...  # aimock.base_url("gemini", url) is what a models.yaml entry needs

It is installed once, into `data/test-tools` (ignored by git), and runs on a free port.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from filelock import FileLock

VERSION = "1.43.0"
_TOOLS = Path(__file__).resolve().parents[2] / "data" / "test-tools"
_SCRIPT = Path("node_modules/@copilotkit/aimock/dist/cli.js")
_PATHS = {
    "gemini": "",
    "huggingface": "/v1",
    "ollama": "",
    "openai": "/v1",
    "openrouter": "/api/v1",
    "together": "/v1",
}
_LISTENING = re.compile(r"listening on (http://\S+)")


def base_url(provider: str, url: str) -> str:
    """The `base_url` of a provider's entry for the mock at `url`."""
    return url + _PATHS[provider]


def says(question: str, text: str, **more: Any) -> dict[str, Any]:
    """A fixture: what is answered to a message that contains `question` (`reasoning` may be
    given). The first fixture that matches wins."""
    return {"match": {"userMessage": question}, "response": {"content": text, **more}}


def says_as(model: str, question: str, text: str) -> dict[str, Any]:
    """A fixture: what one model answers to a message that contains `question`."""
    return {"match": {"model": model, "userMessage": question}, "response": {"content": text}}


def received(url: str) -> list[tuple[str, list[str]]]:
    """What the mock at `url` was asked so far, oldest first: the model's name, and the texts of the
    messages it was sent."""
    with urllib.request.urlopen(f"{url}/__aimock/journal") as answer:  # noqa: S310
        bodies = [entry["body"] for entry in json.loads(answer.read()) if entry.get("body")]
    return [(body["model"], [_text(m) for m in body["messages"]]) for body in bodies]


def _text(message: Mapping[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def calls(question: str, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A fixture: the tool call made for a message that contains `question`."""
    call = {"name": name, "arguments": dict(arguments)}
    return {"match": {"userMessage": question}, "response": {"toolCalls": [call]}}


def refuses(question: str, status: int, message: str) -> dict[str, Any]:
    """A fixture: the error answered to a message that contains `question`."""
    response = {"error": {"message": message, "type": "error"}, "status": status}
    return {"match": {"userMessage": question}, "response": response}


@contextmanager
def running(fixtures: Sequence[Mapping[str, Any]], *, latency: int = 0) -> Iterator[str]:
    """The address of a mock that answers from the fixtures; stopped at the end.

    `latency` is in milliseconds between chunks of 5 characters. Skips the test where node or npm
    is missing, or the package cannot be fetched.
    """
    script = install()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fixtures.json"
        file.write_text(json.dumps({"fixtures": list(fixtures)}), encoding="utf-8")
        command = ["node", str(script), "-p", "0", "-f", str(file), "-l", str(latency), "-c", "5"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdout is not None
        with process.stdout:
            try:
                yield _address(process.stdout)
            finally:
                process.terminate()
                process.wait(10)


def _address(output: IO[str]) -> str:
    said = []
    for line in output:
        found = _LISTENING.search(line)
        if found:
            return found[1]
        said.append(line)
    raise RuntimeError("aimock did not start: " + "".join(said))


def install() -> Path:
    """The mock's script, fetched with npm the first time."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("aimock needs node and npm: install nodejs and npm")
    folder = _TOOLS / f"aimock-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(str(folder / "install.lock")):
        if not (folder / _SCRIPT).is_file():
            _fetch(folder)
    return folder / _SCRIPT


def _fetch(folder: Path) -> None:
    package = f"@copilotkit/aimock@{VERSION}"
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", package]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"aimock could not be installed: {error}")
