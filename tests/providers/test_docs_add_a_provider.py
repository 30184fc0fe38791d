"""docs/add-a-provider.md, followed literally in a copy of the project."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.providers.wire_server import Reply, WireServer

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "add-a-provider.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:python|yaml)\n(.*?)```", DOC, re.DOTALL)
ASK = """
import asyncio, sys
from pathlib import Path
from core.catalog_file import load_catalog
from core.events import TextDelta
from core.keys import Keys
from core.request import ChatRequest, PromptMessage
from providers import FORMATS
from providers.router import Router

async def main():
    loaded = load_catalog(Path("models.yaml"), FORMATS)
    assert not loaded.problems, loaded.problems
    model = loaded.catalog.model("my-llama")
    router = Router(Keys(Path(".env"), {}))
    print((await router.check(model)).ready)
    request = ChatRequest(model, (PromptMessage("user", "Merhaba"),), system="Kisa")
    async for event in router.stream(request):
        print(event.text if isinstance(event, TextDelta) else event)

asyncio.run(main())
"""


@pytest.fixture
def project(tmp_path: Path, server: WireServer) -> Path:
    """A copy of the project with the page's three steps done."""
    for folder in ("core", "providers"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file, line, provider, model = BLOCKS
    (tmp_path / "providers" / "llamacpp.py").write_text(file, encoding="utf-8")
    formats = tmp_path / "providers" / "__init__.py"
    formats.write_text(_after_last_format(formats.read_text("utf-8"), line), encoding="utf-8")
    catalog = (ROOT / "models.yaml").read_text(encoding="utf-8")
    catalog = _under(_under(catalog, "providers:", provider), "models:", model)
    catalog = catalog.replace("http://127.0.0.1:8080\n", f"{server.url}\n", 1)
    (tmp_path / "models.yaml").write_text(catalog, encoding="utf-8")
    return tmp_path


def _after_last_format(text: str, line: str) -> str:
    start = text.index("FORMATS")
    end = text.index("\n}", start) + 1
    return text[:end] + line + text[end:]


def _under(text: str, heading: str, block: str) -> str:
    assert text.count(f"\n{heading}\n") == 1
    return text.replace(f"\n{heading}\n", f"\n{heading}\n{block}", 1)


async def test_the_page_followed_literally_gives_a_provider_that_streams(
    project: Path, server: WireServer
) -> None:
    parts = [
        {"content": "Mer", "stop": False},
        {"content": "haba!", "stop": True, "tokens_evaluated": 3, "tokens_predicted": 2},
    ]
    lines = [f"data: {json.dumps(part)}\n\n".encode() for part in parts]
    server.reply(Reply(content_type="application/json", parts=[b"{}"]), Reply(parts=lines))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASK, cwd=project,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    ready, *pieces, usage, finish = output.decode().splitlines()
    assert (ready, pieces) == ("True", ["Mer", "haba!"])
    assert usage.startswith("Usage(input_tokens=3, output_tokens=2")
    assert finish.startswith("Finish(reason=<FinishReason.STOP")
    assert [request.path for request in server.requests] == ["/health", "/completion"]
    assert server.requests[1].body["prompt"] == "Kisa\nuser: Merhaba\nassistant:"


def test_the_example_file_is_clean(project: Path) -> None:
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        pytest.skip("ruff is not installed")
    import subprocess

    file = str(project / "providers" / "llamacpp.py")
    config = str(ROOT / "pyproject.toml")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [ruff, *command, "--config", config, file], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
