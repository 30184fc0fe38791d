"""The embedded model: a language model in this process, with no key and no server.

The default one comes with the set-up; any other `name` is a Hugging Face id, downloaded when it
is first asked. Two answers are made side by side, a token each in turn; more wait in line.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from core.catalog import Model
from core.errors import ErrorKind, ProviderError
from core.events import Finish, Status, StreamEvent, TextDelta, Usage
from core.request import ChatRequest, OfferedModel, Readiness
from providers.weights import DEFAULT_NAME, INSTALL_COMMAND, Weights

if TYPE_CHECKING:
    from providers.local_model import Generation, LocalModel

log = logging.getLogger(__name__)

_AT_ONCE = 2
_DEFAULT_MOST_TOKENS = 512
_DEFAULT_PENALTY = 1.1
_LOOK_S = 0.1
_HEARTBEAT_S = 5.0

_Result = TypeVar("_Result")


class _Loading:
    """A model being loaded: what it is doing, how far it is, and in the end the model."""

    def __init__(self) -> None:
        self.stage = "loading"
        self.fraction: float | None = None
        self.result: Future[LocalModel] = Future()


class _Home:
    """Where the files lie, and the models that are loaded. One for the process."""

    def __init__(self) -> None:
        self.weights = Weights(Path("data") / "models")
        self.lock = threading.Lock()
        self.loads: dict[str, _Loading] = {}
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="embedded")
        self.places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
        self.places = WeakKeyDictionary()


_home = _Home()


def use_folder(models: Path) -> None:
    """Keep model files in this folder (`<data>/models`). Call it once, before the first answer;
    models loaded from another folder are forgotten."""
    with _home.lock:
        if models != _home.weights.folder:
            _home.weights = Weights(models)
            _home.loads = {}


async def check(model: Model, api_key: str | None) -> Readiness:
    """Whether the files are there. Imports nothing heavy."""
    if await asyncio.to_thread(_home.weights.present, model.name):
        return Readiness(True)
    command = await asyncio.to_thread(_home.weights.command, model.name)
    return Readiness(False, "no_weights", {"command": command})


async def list_models(model: Model, api_key: str | None) -> Sequence[OfferedModel]:
    """The models whose files are there."""
    names = dict.fromkeys((DEFAULT_NAME, model.name))
    there = await asyncio.to_thread(lambda: [n for n in names if _home.weights.present(n)])
    return [OfferedModel(name) for name in there]


async def stream(request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    """The answer as it is made. Closing the stream stops the model within a token.

    Raises ProviderError (NO_WEIGHTS, NO_PACKAGE, UNREACHABLE, NO_MODEL, FORBIDDEN).
    """
    loading = _load(request.model.name, request.api_key)
    async for status in _while_loading(loading, request.model):
        yield status
    local = loading.result.result()
    place = _places()
    async with aclosing(_while_waiting(place, request.model)) as waiting:
        async for status in waiting:
            yield status
    try:
        async with aclosing(_answer(local, request)) as answer:
            async for event in answer:
                yield event
    finally:
        place.release()


async def _answer(local: LocalModel, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
    generation, opening = await _in_thread(lambda: _begin(local, request))
    held = opening
    while generation.reason is None:
        held += await _in_thread(generation.step)
        request.heard()
        if generation.reading:
            yield Status("thinking", fraction=generation.read / generation.prompt_tokens)
        elif held and request.stream:
            yield TextDelta(held)
            held = ""
    if held:
        yield TextDelta(held)
    yield Usage(generation.prompt_tokens, len(generation.tokens))
    yield Finish(generation.reason, request.model.name)


def _begin(local: LocalModel, request: ChatRequest) -> tuple[Generation, str]:
    """The answer to be made, and the text its prompt has begun it with."""
    from providers import local_prompt
    from providers.local_model import Generation

    window = min(local.window, request.model.context_window or local.window)
    asked = request.options.max_output_tokens or request.model.max_output_tokens
    most = asked or _DEFAULT_MOST_TOKENS
    prompt = local_prompt.build(local.tokenizer, request, window - min(most, window // 2))
    room = max(1, window - len(prompt.ids))
    return Generation(local, prompt.ids, request.options, min(most, room)), prompt.opening


async def _in_thread(work: Callable[[], _Result]) -> _Result:
    return await asyncio.get_running_loop().run_in_executor(_home.thread, work)


def _places() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    return _home.places.setdefault(loop, asyncio.Semaphore(_AT_ONCE))


async def _while_waiting(place: asyncio.Semaphore, model: Model) -> AsyncGenerator[Status, None]:
    """Take a place in the order of asking; the caller gives it back."""
    if not place.locked():
        await place.acquire()
        return
    turn = asyncio.ensure_future(place.acquire())
    try:
        while not turn.done():
            yield Status("waiting", {"model": model.label})
            await asyncio.wait({turn}, timeout=_HEARTBEAT_S)
    except BaseException:
        if not turn.cancel():
            place.release()
        raise


async def _while_loading(loading: _Loading, model: Model) -> AsyncGenerator[Status, None]:
    """What is being done until the model is there, and a sign of life every few seconds."""
    shown: tuple[str, float | None] | None = None
    since = 0.0
    while not loading.result.done():
        now = (loading.stage, loading.fraction)
        if now != shown or since >= _HEARTBEAT_S:
            yield Status(now[0], {"model": model.label}, now[1])
            shown, since = now, 0.0
        await asyncio.sleep(_LOOK_S)
        since += _LOOK_S


def _load(name: str, token: str | None) -> _Loading:
    """The one loading of this model, started if nobody has; one that failed is started anew."""
    with _home.lock:
        known = _home.loads.get(name)
        if known and not (known.result.done() and known.result.exception()):
            return known
        loading = _home.loads[name] = _Loading()
        arguments = (loading, _home.weights, name, token)
        # A daemon: leaving the program does not wait for a download.
        threading.Thread(target=_fill, args=arguments, name=f"load {name}", daemon=True).start()
        return loading


def _fill(loading: _Loading, weights: Weights, name: str, token: str | None) -> None:
    try:
        loading.result.set_result(_prepare(loading, weights, name, token))
    except ImportError as error:
        lacking = ProviderError(
            ErrorKind.NO_PACKAGE, detail=error.name or "transformers", command=INSTALL_COMMAND
        )
        lacking.__cause__ = error
        loading.result.set_exception(lacking)
    except BaseException as error:
        loading.result.set_exception(error)


def _prepare(loading: _Loading, weights: Weights, name: str, token: str | None) -> LocalModel:
    folder = weights.ready_folder(name)
    if folder is not None:
        try:
            return _load_in_thread(folder, name)
        except ImportError:
            raise
        except Exception:
            log.warning("%s cannot be loaded and is made anew", folder, exc_info=True)
            weights.forget(name)
    folder = _bring(loading, weights, name, token)
    loading.stage, loading.fraction = "loading", None
    try:
        return _load_in_thread(folder, name)
    except ImportError:
        raise
    except Exception as error:
        weights.forget(name)
        raise weights.missing(name, str(error)[:200]) from error


def _bring(loading: _Loading, weights: Weights, name: str, token: str | None) -> Path:
    if name == DEFAULT_NAME:
        loading.stage = "converting"
        return weights.convert_default()

    def progress(fraction: float) -> None:
        loading.fraction = round(fraction, 2)

    loading.stage, loading.fraction = "downloading", 0.0
    return weights.fetch_from_hub(name, token, progress)


def _load_in_thread(folder: Path, name: str) -> LocalModel:
    """In the thread that computes: torch keeps its number of threads for each thread."""
    from providers.local_model import load

    penalty = _DEFAULT_PENALTY if name == DEFAULT_NAME else None
    return _home.thread.submit(load, folder, penalty).result()
